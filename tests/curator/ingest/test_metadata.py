"""Cutting metadata leaves every pixel as it was and nothing personal behind."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from curator.ingest import exif, jpeg, png, webp
from curator.ingest.pictures import examine

SEGMENTS = st.lists(
    st.tuples(st.sampled_from([0xE1, 0xE3, 0xEC, 0xED, 0xEF, 0xFE]), st.binary(max_size=60)), max_size=6
)
CHUNKS = st.lists(
    st.tuples(st.sampled_from([b"tEXt", b"zTXt", b"iTXt", b"tIME", b"prVt", b"eXIf"]), st.binary(max_size=60)),
    max_size=6,
)
PARTS = st.lists(st.tuples(st.sampled_from([b"EXIF", b"XMP ", b"JUNK"]), st.binary(max_size=60)), max_size=4)


@given(SEGMENTS, st.binary(max_size=40), st.booleans())
@settings(max_examples=60)
def test_jpeg_pixels_stay_whatever_is_cut(make, picture, pixels, segments, trailing, progressive):
    with Image.open(io.BytesIO(picture(3))) as image:
        plain = make.encoded(image, "JPEG", progressive=progressive)
    cut = jpeg.cut(make.with_segments(plain, *(make.segment(*each) for each in segments)) + trailing)
    assert cut.content == plain
    assert pixels(cut.content).tobytes() == pixels(plain).tobytes()
    assert bool(cut.words) == bool(segments or trailing)


@given(CHUNKS, st.binary(max_size=40))
@settings(max_examples=60)
def test_png_pixels_stay_whatever_is_cut(make, picture, pixels, chunks, trailing):
    plain = picture(3)
    cut = png.cut(make.with_chunks(plain, *(make.chunk(*each) for each in chunks)) + trailing)
    assert cut.content == plain
    assert bool(cut.words) == bool(chunks or trailing)


@given(PARTS, st.binary(max_size=40), st.booleans())
@settings(max_examples=60)
def test_webp_pixels_stay_whatever_is_cut(make, picture, pixels, parts, trailing, lossless):
    with Image.open(io.BytesIO(picture(3))) as image:
        plain = make.encoded(image, "WEBP", lossless=lossless)
    dirty = make.with_riff(plain, *(make.riff(*each) for each in parts), flags=0x0C) + trailing
    cut = webp.cut(dirty)
    assert pixels(cut.content).tobytes() == pixels(plain).tobytes()
    assert bool(cut.words) == bool(parts or trailing)
    if cut.words:
        assert len(cut.content) == 8 + struct.unpack_from("<I", cut.content, 4)[0] == len(plain) + 18
        assert cut.content[20] & 0x0C == 0


@pytest.fixture
def located(make, picture):
    """A picture of each format with the place where it was taken in every spot that can hold it."""
    xmp = b"<x:xmpmeta exif:GPSLatitude='" + make.gps_mark + b"'/>"
    app1 = make.exif_app1(orientation=1)
    return {
        ".jpg": make.with_segments(
            picture(1, "JPEG"),
            app1,
            make.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp),
            make.segment(0xED, b"Photoshop 3.0\0" + make.gps_mark),
            make.segment(0xFE, make.gps_mark),
            make.segment(0xE0, b"JFXX\0\x10" + make.gps_mark),
            make.segment(0xE4, make.camera_mark),
        )
        + make.gps_mark,
        ".png": make.with_chunks(
            picture(1),
            make.chunk(b"eXIf", make.tiff(orientation=1)),
            make.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp),
            make.chunk(b"tEXt", b"Location\0" + make.gps_mark),
            make.chunk(b"zTXt", b"Location\0\0" + zlib.compress(make.gps_mark, 0)),
            make.chunk(b"prVt", make.camera_mark),
        )
        + make.gps_mark,
        ".webp": make.with_riff(
            picture(1, "WEBP"),
            make.riff(b"EXIF", b"Exif\0\0" + make.tiff(orientation=1)),
            make.riff(b"XMP ", xmp),
            make.riff(b"priv", make.camera_mark),
            flags=0x0C,
        )
        + make.gps_mark,
    }


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_the_place_is_gone_from_the_bytes_and_the_picture_is_not(make, pixels, located, suffix):
    dirty = located[suffix]
    kept = examine(dirty, suffix)
    assert make.gps_mark in dirty
    assert make.camera_mark in dirty
    assert make.gps_mark not in kept.content
    assert make.camera_mark not in kept.content
    assert {"EXIF removed", "GPS position removed", "XMP removed"} <= set(kept.changes)
    assert pixels(kept.content).tobytes() == pixels(dirty).tobytes()
    with Image.open(io.BytesIO(kept.content)) as image:
        assert not image.getexif()
    assert examine(kept.content, suffix).changes == ()


def test_a_jfif_thumbnail_goes_and_its_segment_stays(picture, pixels, make):
    plain = picture(2, "JPEG")
    assert plain[6:11] == b"JFIF\0"
    rest = plain[4 + struct.unpack_from(">H", plain, 4)[0] :]
    dirty = plain[:2] + make.segment(0xE0, plain[6:18] + bytes([2, 1]) + b"THUMB!") + rest
    kept = examine(dirty, ".jpg")
    assert kept.content == plain
    assert kept.changes == ("thumbnail removed",)


def test_a_picture_without_metadata_keeps_its_bytes(picture):
    for suffix, kind in ((".jpg", "JPEG"), (".png", "PNG"), (".webp", "WEBP")):
        content = picture(2, kind)
        assert examine(content, suffix).content == content
        assert examine(content, suffix).changes == ()


def test_fill_bytes_before_a_marker_are_no_reason_to_touch_a_jpeg(picture):
    plain = picture(2, "JPEG")
    filled = plain[:2] + b"\xff\xff" + plain[2:]
    assert jpeg.cut(filled).content == filled


@pytest.mark.parametrize("order", ["<", ">"], ids=["intel", "motorola"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_orientation_is_read_in_both_byte_orders(make, order, turn):
    tags = exif.first_directory(make.tiff(orientation=turn, order=order))
    assert exif.orientation(tags) == turn
    assert exif.GPS in tags


@given(st.binary(max_size=80), st.sampled_from([b"", b"II*\0", b"MM\0*", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"]))
def test_any_bytes_are_read_as_exif_without_a_crash(content, start):
    assert 1 <= exif.orientation(exif.first_directory(start + content)) <= 8


@pytest.mark.parametrize("nonsense", [0, 9, 65535])
def test_nonsense_as_orientation_means_upright(make, nonsense):
    assert exif.orientation(exif.first_directory(make.tiff(orientation=nonsense))) == 1
