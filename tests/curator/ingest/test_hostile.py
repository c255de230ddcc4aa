"""A folder with everything that can be wrong with a file. Each has the verdict it must get; nothing may crash."""

import codecs
import io
import os
import random
import socket
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from curator.blobs import Blobs
from curator.ingest.pictures import examine
from curator.ingest.verdict import MAX_CAPTION_BYTES, Refused, kind

KEPT = "kept"
EITHER = "kept, or quarantined with a reason"
FLIPS = 20
"""Files with random bit flips per format."""
HTML = b"<!DOCTYPE html><html><script>alert(document.domain)</script></html>"
SVG = b'<?xml version="1.0"?><!-- x --><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'


def flipped(content, seed):
    """The bytes with one to eight bits turned round, the first twelve bytes left alone."""
    chance = random.Random(seed)
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        damaged[chance.randrange(12, len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def bombs(make):
    """Small files that would decode to gigabytes."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + make.chunk(b"IHDR", header)
    png += make.chunk(b"IDAT", zlib.compress(bytes(1 << 20))) + make.chunk(b"IEND", b"")
    gif = bytearray(make.encoded(Image.new("P", (1, 1)), "GIF"))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    bmp = bytearray(make.encoded(Image.new("RGB", (1, 1)), "BMP"))
    bmp[18:26] = struct.pack("<ii", 60_000, 60_000)
    jpeg = bytearray(make.encoded(Image.new("RGB", (8, 8)), "JPEG"))
    size = jpeg.index(b"\xff\xc0") + 5
    jpeg[size : size + 4] = struct.pack(">HH", 65_000, 65_000)
    scans = make.encoded(Image.new("RGB", (8, 8)), "JPEG")
    scan = scans[scans.index(b"\xff\xda") : -2]
    return {
        "bomb.png": png,
        "bomb.gif": bytes(gif),
        "bomb.bmp": bytes(bmp),
        "bomb.jpg": bytes(jpeg),
        "scans.jpg": scans[:-2] + scan * 500 + b"\xff\xd9",
    }


def swelling_text(make, picture):
    """PNG chunks that would swell to a gigabyte. They are cut unopened, so the picture is kept."""
    bomb = zlib.compress(bytes(64 << 20), 9)
    return {
        "ztxt.png": make.with_chunks(picture(1), make.chunk(b"zTXt", b"Comment\0\0" + bomb)),
        "itxt.png": make.with_chunks(picture(2), make.chunk(b"iTXt", b"Comment\0\1\0\0\0" + bomb)),
        "many.png": make.with_chunks(picture(3), *[make.chunk(b"tEXt", b"k\0" + b"v" * 1000)] * 2000),
    }


@pytest.fixture(scope="module")
def corpus(make, picture):
    """path → (bytes, verdict) of the files that are only bytes."""
    whole = {".jpg": picture(1, "JPEG"), ".png": picture(1), ".webp": picture(1, "WEBP"), ".gif": picture(1, "GIF")}
    whole |= {".bmp": picture(1, "BMP"), ".tif": picture(1, "TIFF")}
    files = {}
    for suffix, content in whole.items():
        name = suffix[1:]
        files[f"good/{name}{suffix.upper()}"] = (content, KEPT)
        files[f"empty/{name}{suffix}"] = (b"", "empty")
        files[f"zeros/{name}{suffix}"] = (bytes(5000), "not a picture")
        files[f"noise/{name}{suffix}"] = (random.Random(name).randbytes(5000), "not a picture")
        files[f"html/{name}{suffix}"] = (HTML, "not a picture")
        files[f"svg/{name}{suffix}"] = (SVG, "not a picture")
        files[f"signature/{name}{suffix}"] = (content[:12], {"truncated", "damaged"})
        for part in (3, 2):
            cut = {"truncated", "damaged"} if suffix != ".gif" else {"truncated", "damaged", KEPT}
            files[f"half/{name}{part}{suffix}"] = (content[: len(content) * (part - 1) // part], cut)
        files[f"polyglot/{name}{suffix}"] = (content + HTML, "polyglot")
        files[f"polysvg/{name}{suffix}"] = (content + SVG, "polyglot")
        other = ".png" if suffix == ".jpg" else ".jpg"
        files[f"disguise/{name}{other}"] = (content, "wrong type")
        if suffix in (".jpg", ".png", ".webp"):
            for seed in range(FLIPS):
                files[f"flips/{name}{seed:02d}{suffix}"] = (flipped(content, seed), EITHER)
    files |= {name: (content, "too large") for name, content in bombs(make).items()}
    files |= {name: (content, KEPT) for name, content in swelling_text(make, picture).items()}
    in_comment = make.with_segments(whole[".jpg"], make.segment(0xFE, b"<script>alert(1)</script>"))
    in_text = make.with_chunks(whole[".png"], make.chunk(b"tEXt", b"Comment\0<svg onload=alert(1)>" + b" " * 8))
    files |= {
        "polyglot/comment.jpg": (in_comment, "polyglot"),
        "polyglot/text.png": (in_text, "polyglot"),
        "not-accepted/drawing.svg": (SVG, "not accepted"),
        "not-accepted/phone.HEIC": (b"\0\0\0\x18ftypheic", "not accepted"),
        "not-accepted/float.tif": (make.encoded(Image.new("F", (3, 3)), "TIFF"), "not accepted"),
        "named/phone.jpg": (b"\0\0\0\x18ftypheic" + bytes(100), "not a picture"),
        "named/document.jpg": (b"%PDF-1.7\n" + bytes(100), "not a picture"),
        "named/archive.png": (b"PK\x03\x04" + bytes(100), "not a picture"),
        "named/program.gif": (b"\x7fELF" + bytes(100), "not a picture"),
        "named/text.jpg": (b"this was never a picture\n", "not a picture"),
        "named/pointer.jpg": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "not a picture"),
        "broken/checksum.png": (whole[".png"][:-13] + b"\0\0\0\0" + whole[".png"][-9:], {"damaged", "truncated"}),
        "broken/critical.png": (make.with_chunks(whole[".png"], make.chunk(b"EVIL", b"")), "damaged"),
        "broken/length.png": (whole[".png"][:33] + b"\xff\xff\xff\xff" + whole[".png"][37:], "truncated"),
        "broken/segment.jpg": (whole[".jpg"][:4] + b"\0\0" + whole[".jpg"][6:], "damaged"),
        "broken/zero.png": (
            b"\x89PNG\r\n\x1a\n"
            + make.chunk(b"IHDR", struct.pack(">IIBBBBB", 0, 0, 8, 2, 0, 0, 0))
            + make.chunk(b"IEND", b""),
            "damaged",
        ),
        "broken/no-data.png": (whole[".png"][:33] + make.chunk(b"IEND", b""), {"damaged", "truncated"}),
        "broken/end.jpg": (whole[".jpg"][:-2], "truncated"),
        "broken/riff.webp": (whole[".webp"][:4] + b"\xff\xff\xff\x7f" + whole[".webp"][8:], "truncated"),
        "broken/exif.jpg": (
            make.with_segments(whole[".jpg"], make.segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff")),
            KEPT,
        ),
        "broken/profile.jpg": (make.with_segments(whole[".jpg"], make.segment(0xE2, b"ICC_PROFILE\0\1\1junk")), KEPT),
        "broken/profile.png": (
            make.with_chunks(whole[".png"], make.chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(90 << 20)))),
            {"damaged", KEPT},
        ),
        "tail/archive.jpg": (whole[".jpg"] + b"PK\x03\x04" + bytes(100), KEPT),
        "names/new\nline.jpg": (whole[".jpg"], KEPT),
        "names/" + "ž" * 120 + ".jpg": (whole[".jpg"], KEPT),
        "names/\x1b[2J.jpg": (whole[".jpg"], KEPT),
        "names/$(touch pwned);'\".jpg": (whole[".jpg"], KEPT),
        "names/two.dots..jpg": (whole[".jpg"], KEPT),
    }
    return files


CAPTIONS = {
    "plain": (b"a dog", KEPT),
    "blank": (b"a dog ", KEPT),
    "empty": (b"", KEPT),
    "blanks": (b" \n\t ", KEPT),
    "mark": (codecs.BOM_UTF8 + b"a dog", KEPT),
    "utf16": ("a dog".encode("utf-16"), KEPT),
    "crlf": (b"a\r\ndog\r\n", KEPT),
    "escapes": (b"\x1b[2J\x1b[H\x1b]0;owned\x07a dog", KEPT),
    "markup": (b"<img src=x onerror=alert(1)>", KEPT),
    "formula": (b"=cmd|' /C calc'!A0", KEPT),
    "right-to-left": ("a \u202egod".encode(), KEPT),
    "sql": (b"'); DROP TABLE revision; --", KEPT),
    "template": (b"{{ 7*7 }} ${jndi:ldap://x}", KEPT),
    "emoji": ("👩‍👩‍👧‍👦 🐕".encode(), KEPT),
    "large": (b"word " * 100_000, KEPT),
    "latin1": ("énorme".encode("latin-1"), "not text"),
    "nul": (b"a\0dog", "not text"),
    "binary": (random.Random(0).randbytes(500), "not text"),
    "half16": (codecs.BOM_UTF16_LE + b"a", "not text"),
    "surrogate": (b"\xed\xa0\x80", "not text"),
    "huge": (b"x" * (MAX_CAPTION_BYTES + 1), "too large"),
    "picture": (b"\xff\xd8\xff\xe0 and more", "not text"),
}


@pytest.fixture
def hostile(folder, corpus, picture, tmp_path):
    """The corpus as a folder with links and pipes, and path → verdict."""
    whole = picture(9, "JPEG")
    root = folder({path: content for path, (content, _) in corpus.items()})
    folder({f"texts/{name}.txt": content for name, (content, _) in CAPTIONS.items()})
    folder({f"texts/{name}.png": picture(50 + number) for number, name in enumerate(CAPTIONS)})
    folder({"links/inside.jpg": whole})
    outside = tmp_path / "outside.jpg"
    outside.write_bytes(whole)
    links = root / "links"
    (links / "in.jpg").symlink_to("inside.jpg")
    (links / "out.jpg").symlink_to(outside)
    (links / "out.txt").symlink_to(outside)
    (links / "nowhere.jpg").symlink_to("nothing")
    (links / "loop.jpg").symlink_to("loop.jpg")
    (links / "away").symlink_to(tmp_path)
    (links / "up").symlink_to(root)
    (links / "device.jpg").symlink_to("/dev/zero")
    os.mkfifo(root / "pipe.jpg")
    os.mkfifo(root / "pipe.txt")
    here = os.getcwd()
    os.chdir(root)
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("socket.png")
    os.chdir(here)
    with open(os.fsencode(root) + b"/\xff\xfe.jpg", "wb") as file:
        file.write(whole)
    verdicts = {path: verdict for path, (_, verdict) in corpus.items()}
    verdicts |= {f"texts/{name}.txt": verdict for name, (_, verdict) in CAPTIONS.items()}
    verdicts |= {f"texts/{name}.png": KEPT for name in CAPTIONS}
    verdicts |= dict.fromkeys(["links/inside.jpg", "links/in.jpg", "\\xff\\xfe.jpg"], KEPT)
    outwards = [
        "links/out.jpg",
        "links/out.txt",
        "links/nowhere.jpg",
        "links/loop.jpg",
        "links/away",
        "links/device.jpg",
    ]
    verdicts |= dict.fromkeys(outwards, "link")
    verdicts |= dict.fromkeys(["pipe.jpg", "pipe.txt", "socket.png"], "not a file")
    return root, verdicts


def test_every_file_of_a_hostile_folder_gets_its_verdict(hostile, take, store, workspace):
    root, verdicts = hostile
    assert len(verdicts) >= 100
    summary = take(root)
    got = {path: kind(summary.quarantined[path]) if path in summary.quarantined else KEPT for path in verdicts}
    wrong = {path: (got[path], verdict) for path, verdict in verdicts.items() if not fits(got[path], verdict)}
    assert wrong == {}
    assert summary.quarantined.keys() <= verdicts.keys()
    assert all(": " in reason for reason in summary.quarantined.values())
    assert store.pictures.count() == summary.pictures == len(summary.new_images)
    blobs = Blobs(workspace.blobs)
    for image in store.pictures.all():
        with Image.open(io.BytesIO(blobs.read(image.blob))) as opened:
            opened.load()
            assert (opened.size, opened.format) == ((image.width, image.height), image.format)
            assert opened.mode in ("RGB", "L")


def fits(got, verdict):
    if verdict == EITHER:
        return got in (KEPT, "truncated", "damaged", "too large", "not accepted")
    return got in verdict if isinstance(verdict, set) else got == verdict


def test_hostile_captions_are_kept_to_the_letter(hostile, take, store):
    take(hostile[0])
    names = {source.image: source.path for source in store.pictures.sources() if source.path.endswith(".png")}
    texts = {names[each.image]: each.text for each in store.captions.revisions() if each.image in names}
    assert texts["texts/escapes.png"] == "\x1b[2J\x1b[H\x1b]0;owned\x07a dog"
    assert texts["texts/blank.png"] == "a dog "
    assert texts["texts/crlf.png"] == "a\ndog\n"
    assert texts["texts/utf16.png"] == "a dog"
    assert texts["texts/empty.png"] == ""
    assert texts["texts/sql.png"] == "'); DROP TABLE revision; --"
    assert len(texts) == sum(verdict == KEPT for _, verdict in CAPTIONS.values())


def test_a_hostile_folder_again_reads_nothing_and_changes_nothing(hostile, take, contents, workspace):
    first = take(hostile[0])
    before = contents(workspace)
    again = take(hostile[0])
    assert (again.read, again.changed) == (0, False)
    assert again.quarantined == first.quarantined
    assert contents(workspace) == before


def test_what_is_printed_of_a_hostile_folder_has_no_escape_and_one_line_a_file(hostile, workspace, run):
    told = run("curator", "ingest", hostile[0], cwd=workspace.path).stdout
    assert "\x1b" not in told
    assert "new\\nline" in told
    assert "quarantined: " in told


def outcome(content, suffix):
    try:
        return examine(content, suffix), None
    except Refused as refusal:
        return None, refusal.reason


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".gif", ".bmp", ".tif"])
@given(data=st.data())
@settings(max_examples=40)
def test_any_damage_gives_a_picture_or_a_reason(picture, suffix, data):
    format_ = {".jpg": "JPEG", ".tif": "TIFF"}.get(suffix, suffix[1:].upper())
    content = bytearray(picture(1, format_))
    at = data.draw(st.integers(0, len(content) - 1))
    patch = data.draw(st.binary(max_size=20))
    content[at : at + data.draw(st.integers(0, 40))] = patch
    kept, reason = outcome(bytes(content), suffix)
    if kept is None:
        assert ": " in reason
    else:
        with Image.open(io.BytesIO(kept.content)) as image:
            image.load()
            assert image.mode in ("RGB", "L")


@given(at=st.integers(8, 200), bit=st.integers(0, 7))
@settings(max_examples=60)
def test_a_single_flipped_bit_in_a_png_is_always_noticed(picture, at, bit):
    content = bytearray(picture(1))
    content[at] ^= 1 << bit
    with pytest.raises(Refused):
        examine(bytes(content), ".png")
