"""Picture files with something in them, made by hand; and a folder to ingest."""

import io
import os
import struct
import zlib
from types import SimpleNamespace

import pytest
from PIL import Image, ImageCms

from curator.ingest.job import ingest
from curator.ingest.request import Request
from curator.store import open_store

GPS_MARK = b"52.5200N13.4050E"
CAMERA_MARK = b"SerialNumber4711"


def tiff_structure(orientation=None, gps=True, order="<"):
    """What EXIF holds: a first directory with a camera, maybe an orientation, and the address of a GPS directory."""
    entries = [(0x010F, 2, len(CAMERA_MARK), None)]
    if orientation is not None:
        entries.append((0x0112, 3, 1, struct.pack(order + "HH", orientation, 0)))
    if gps:
        entries.append((0x8825, 4, 1, None))
    data_at = 8 + 2 + 12 * len(entries) + 4
    gps_at = data_at + len(CAMERA_MARK)
    body = struct.pack(order + "H", len(entries))
    for tag, kind, count, value in entries:
        value = value or struct.pack(order + "I", gps_at if tag == 0x8825 else data_at)
        body += struct.pack(order + "HHI", tag, kind, count) + value
    body += struct.pack(order + "I", 0) + CAMERA_MARK
    if gps:
        body += struct.pack(order + "HHHI", 1, 2, 2, len(GPS_MARK)) + struct.pack(order + "I", gps_at + 18)
        body += struct.pack(order + "I", 0) + GPS_MARK
    return {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", 8) + body


def segment(marker, payload):
    """A JPEG segment."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def with_segments(jpeg, *segments):
    """A JPEG with segments put behind its first one."""
    first = 4 + struct.unpack_from(">H", jpeg, 4)[0]
    return jpeg[:first] + b"".join(segments) + jpeg[first:]


def chunk(name, data):
    """A PNG chunk."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_chunks(png, *chunks):
    """A PNG with chunks put behind its header."""
    return png[:33] + b"".join(chunks) + png[33:]


def riff(name, data):
    """A chunk of a WebP's container."""
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def with_riff(webp, *chunks, flags=0):
    """A WebP in the extended form, with chunks behind the picture."""
    with Image.open(io.BytesIO(webp)) as image:
        width, height = image.size
    inner = webp[12:]
    if inner[:4] == b"VP8X":
        inner = inner[:8] + bytes([inner[8] | flags]) + inner[9:]
    else:
        size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
        inner = riff(b"VP8X", bytes([flags, 0, 0, 0]) + size) + inner
    body = b"WEBP" + inner + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def wide_gamut_profile():
    """An ICC profile whose red and green are exchanged: very much not sRGB. Made from littleCMS' own sRGB profile."""
    icc = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    table = {bytes(icc[at : at + 4]): at for at in range(132, 132 + 12 * struct.unpack_from(">I", icc, 128)[0], 12)}
    red, green = table[b"rXYZ"], table[b"gXYZ"]
    icc[red : red + 4], icc[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(icc)


def encoded(image, kind, **options):
    """An image as a file of that format."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def make():
    """The ways to make hostile and ordinary files."""
    return SimpleNamespace(
        tiff=tiff_structure,
        segment=segment,
        with_segments=with_segments,
        chunk=chunk,
        with_chunks=with_chunks,
        riff=riff,
        with_riff=with_riff,
        encoded=encoded,
        wide_gamut=wide_gamut_profile,
        srgb=lambda: ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        exif_app1=lambda **options: segment(0xE1, b"Exif\0\0" + tiff_structure(**options)),
        gps_mark=GPS_MARK,
        camera_mark=CAMERA_MARK,
    )


@pytest.fixture(scope="session")
def pixels():
    """The picture in some bytes, decoded to RGB."""

    def decode(content):
        with Image.open(io.BytesIO(content)) as image:
            return image.convert("RGB")

    return decode


@pytest.fixture
def folder(tmp_path):
    """`folder({"dog/00.jpg": bytes, "dog/00.txt": "text"})` writes files and gives their folder."""
    root = tmp_path / "found"
    root.mkdir()

    def fill(files):
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return fill


@pytest.fixture
def take(workspace, store):
    """`take(folder, author="ada")` ingests a folder into `store`."""

    def run(root, **said):
        return ingest(workspace, store, Request(root, **said))

    return run


@pytest.fixture
def contents():
    """Everything that an ingest leaves in a store, without times: what two ways to the same end must share."""

    def read(workspace):
        opened = open_store(workspace)
        try:
            revisions = [
                (each.image, each.author, each.slot, each.text, each.origin, each.state)
                for each in opened.captions.revisions()
            ]
            sources = [{**vars(each), "line": each.line is not None} for each in opened.pictures.sources()]
            members = [(each.name, each.role) for each in opened.team.members()]
            files = sorted(path.name for path in workspace.blobs.rglob("*") if path.is_file())
            return sorted(revisions), sources, opened.pictures.all(), members, files
        finally:
            opened.close()

    return read


@pytest.fixture
def rewrite():
    """Write a file anew, with a time that differs even where the clock is coarse."""

    def write(path, content):
        before = path.stat().st_mtime_ns
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, ns=(before + 1_000_000, before + 1_000_000))

    return write
