"""What examine keeps of good pictures, and how each conversion is recorded. The hostile ones are in test_hostile.py."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from curator.ingest.pictures import examine
from curator.ingest.verdict import Refused


@pytest.fixture
def corner():
    """A picture whose corners differ: red top left, green top right, blue bottom left, white bottom right."""
    image = Image.new("RGB", (24, 16), "white")
    image.paste("red", (0, 0, 12, 8))
    image.paste("lime", (12, 0, 24, 8))
    image.paste("blue", (0, 8, 12, 16))
    return image


def shown(kept):
    with Image.open(io.BytesIO(kept.content)) as image:
        assert (image.width, image.height, image.format) == (kept.width, kept.height, kept.format)
        assert image.mode in ("RGB", "L")
        assert not image.info.keys() & {"icc_profile", "exif", "transparency", "comment"} or kept.format != "PNG"
        return image.convert("RGB")


TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""Orientation → how an upright picture is stored under it."""


@pytest.mark.parametrize("turn", TURNED)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_every_orientation_comes_out_upright_as_png(make, corner, turn, suffix):
    stored = corner.transpose(TURNED[turn])
    if suffix == ".jpg":
        content = make.with_segments(make.encoded(stored, "JPEG", quality=95), make.exif_app1(orientation=turn))
    elif suffix == ".png":
        content = make.with_chunks(make.encoded(stored, "PNG"), make.chunk(b"eXIf", make.tiff(orientation=turn)))
    elif suffix == ".webp":
        exif = make.riff(b"EXIF", make.tiff(orientation=turn, order=">"))
        content = make.with_riff(make.encoded(stored, "WEBP", lossless=True), exif, flags=0x08)
    else:
        content = make.encoded(stored, "TIFF", tiffinfo={274: turn})
    kept = examine(content, suffix)
    assert kept.format == "PNG"
    assert "turned upright" in kept.changes
    difference = np.abs(np.asarray(shown(kept), dtype=int) - np.asarray(corner, dtype=int))
    assert np.median(difference) <= 2
    if suffix != ".jpg":
        assert difference.max() == 0


def test_turning_a_jpeg_loses_no_pixel(make, corner, pixels):
    plain = make.encoded(corner, "JPEG")
    kept = examine(make.with_segments(plain, make.exif_app1(orientation=6)), ".jpg")
    assert shown(kept).tobytes() == pixels(plain).transpose(Image.Transpose.ROTATE_270).tobytes()


def test_alpha_is_laid_over_white(make):
    image = Image.new("RGBA", (4, 1), (255, 0, 0, 255))
    image.putpixel((1, 0), (255, 0, 0, 0))
    image.putpixel((2, 0), (0, 0, 0, 128))
    kept = examine(make.encoded(image, "PNG"), ".png")
    assert kept.changes == ("alpha laid over white",)
    assert [shown(kept).getpixel((x, 0)) for x in range(3)] == [(255, 0, 0), (255, 255, 255), (127, 127, 127)]


@pytest.mark.parametrize(
    ("mode", "suffix", "options"),
    [
        ("LA", ".png", {}),
        ("P", ".png", {"transparency": 0}),
        ("P", ".gif", {"transparency": 0}),
        ("L", ".png", {"transparency": 0}),
        ("RGB", ".png", {"transparency": (0, 0, 0)}),
    ],
)
def test_every_kind_of_transparency_is_laid_over_white(make, mode, suffix, options):
    image = Image.new("RGB", (3, 3)).quantize(2) if mode == "P" else Image.new(mode, (3, 3))
    kept = examine(make.encoded(image, suffix[1:], **options), suffix)
    assert "alpha laid over white" in kept.changes
    assert shown(kept).getpixel((1, 1)) == (255, 255, 255)


def test_a_palette_becomes_rgb(make, corner):
    kept = examine(make.encoded(corner.quantize(8), "PNG"), ".png")
    assert kept.changes == ("palette to RGB",)
    assert shown(kept).tobytes() == corner.tobytes()


def test_sixteen_bits_become_eight(make):
    grey = Image.fromarray(np.array([[0, 255, 256, 65535, 32768]], dtype=np.uint16))
    kept = examine(make.encoded(grey, "PNG"), ".png")
    assert kept.changes == ("16-bit to 8-bit",)
    assert [shown(kept).getpixel((x, 0))[0] for x in range(5)] == [0, 0, 1, 255, 128]


def test_sixteen_bits_of_colour_become_eight(make):
    rows = b"".join(b"\0" + struct.pack(">3H", 0x12FF, 0x8000, 0xFFFF) for _ in range(2))
    header = struct.pack(">IIBBBBB", 1, 2, 16, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + make.chunk(b"IHDR", header)
    content += make.chunk(b"IDAT", zlib.compress(rows)) + make.chunk(b"IEND", b"")
    kept = examine(content, ".png")
    assert kept.changes == ("16-bit to 8-bit",)
    assert shown(kept).getpixel((0, 1)) == (0x12, 0x80, 0xFF)


def test_cmyk_becomes_srgb(make, corner):
    kept = examine(make.encoded(corner.convert("CMYK"), "JPEG", quality=100, subsampling=0), ".jpg")
    assert (kept.format, kept.changes) == ("PNG", ("CMYK to sRGB",))
    assert np.abs(np.asarray(shown(kept), dtype=int) - np.asarray(corner, dtype=int)).mean() < 4


@pytest.mark.parametrize(("suffix", "kind"), [(".jpg", "JPEG"), (".png", "PNG"), (".webp", "WEBP"), (".tif", "TIFF")])
def test_a_profile_that_is_not_srgb_is_carried_out(make, corner, suffix, kind):
    options = {"JPEG": {"quality": 100, "subsampling": 0}, "WEBP": {"lossless": True}}.get(kind, {})
    kept = examine(make.encoded(corner, kind, icc_profile=make.wide_gamut(), **options), suffix)
    assert kept.format == "PNG"
    assert any(change.startswith("RGB (") and change.endswith(") to sRGB") for change in kept.changes)
    red, green, blue = shown(kept).getpixel((2, 2))
    assert (red, green, blue) == pytest.approx((0, 255, 0), abs=8)  # red and green are exchanged in the profile


def test_an_srgb_profile_changes_nothing(make, corner):
    for suffix, kind in ((".jpg", "JPEG"), (".png", "PNG"), (".webp", "WEBP")):
        content = make.encoded(corner, kind, icc_profile=make.srgb())
        kept = examine(content, suffix)
        assert (kept.content, kept.changes) == (content, ())


def test_a_profile_under_transparency_is_carried_out_before_white_is_laid_below(make):
    image = Image.new("RGBA", (2, 1), (255, 0, 0, 255))
    image.putpixel((1, 0), (255, 0, 0, 0))
    kept = examine(make.encoded(image, "PNG", icc_profile=make.wide_gamut()), ".png")
    assert kept.changes[-1] == "alpha laid over white"
    assert shown(kept).getpixel((0, 0)) == pytest.approx((0, 255, 0), abs=8)
    assert shown(kept).getpixel((1, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("suffix", "kind", "mode"),
    [
        (".jpg", "JPEG", "RGB"),
        (".png", "PNG", "RGB"),
        (".webp", "WEBP", "RGB"),
        (".tif", "TIFF", "RGB"),
        (".jpg", "JPEG", "L"),
        (".png", "PNG", "L"),
        (".tif", "TIFF", "L"),
    ],
)
def test_a_profile_that_cannot_be_used_goes(make, corner, suffix, kind, mode):
    icc = b"no profile at all" if mode == "RGB" else make.srgb()  # a profile for RGB does not fit grey
    kept = examine(make.encoded(corner.convert(mode), kind, icc_profile=icc), suffix)
    assert "colour profile removed" in kept.changes
    with Image.open(io.BytesIO(kept.content)) as image:
        assert "icc_profile" not in image.info
    assert kept.format == ("PNG" if kind == "TIFF" else kind)


@pytest.mark.parametrize(("suffix", "kind"), [(".gif", "GIF"), (".webp", "WEBP"), (".png", "PNG"), (".tif", "TIFF")])
def test_the_first_frame_of_an_animation_stays(make, corner, suffix, kind):
    options = {"WEBP": {"lossless": True}}.get(kind, {})
    second = Image.new("RGB", corner.size, "black")
    content = make.encoded(corner, kind, save_all=True, append_images=[second], **options)
    kept = examine(content, suffix)
    assert "first of several frames" in kept.changes
    assert shown(kept).tobytes() == corner.tobytes()
    assert kept.format == "PNG"


def test_further_pictures_in_a_jpeg_are_cut_off(make, corner):
    content = make.encoded(corner, "MPO", save_all=True, append_images=[Image.new("RGB", corner.size)])
    assert content.count(b"\xff\xd8\xff") == 2
    kept = examine(content, ".jpg")
    assert (kept.format, kept.content.count(b"\xff\xd8\xff")) == ("JPEG", 1)
    assert "first of several frames" in kept.changes


@pytest.mark.parametrize(("suffix", "kind"), [(".bmp", "BMP"), (".tiff", "TIFF"), (".TIF", "TIFF")])
def test_other_formats_are_kept_as_png_pixel_by_pixel(make, corner, suffix, kind):
    kept = examine(make.encoded(corner, kind), suffix)
    assert (kept.format, kept.changes) == ("PNG", (f"{kind} to PNG",))
    assert shown(kept).tobytes() == corner.tobytes()


def test_personal_tags_of_a_tiff_and_the_comment_of_a_gif_are_named_and_gone(make, corner):
    kept = examine(make.encoded(corner, "TIFF", tiffinfo={315: "Ada Example", 305: "Paintbox"}), ".tif")
    assert {"artist removed", "software removed"} <= set(kept.changes)
    assert b"Ada Example" not in kept.content
    kept = examine(make.encoded(corner, "GIF", comment=b"taken by Ada"), ".gif")
    assert "comment removed" in kept.changes
    assert b"taken by Ada" not in kept.content


@pytest.mark.parametrize("mode", ["L", "1"])
def test_grey_stays_grey(make, mode):
    kept = examine(make.encoded(Image.new(mode, (3, 3), 1), "PNG"), ".png")
    assert kept.changes == (() if mode == "L" else ("1-bit to 8-bit",))
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.mode == "L"
        assert image.getpixel((0, 0)) == (1 if mode == "L" else 255)


@pytest.mark.parametrize("mode", ["I", "F"])
def test_samples_of_unknown_range_are_refused(make, mode):
    with pytest.raises(Refused, match="not accepted: 32-bit samples"):
        examine(make.encoded(Image.new(mode, (3, 3)), "TIFF"), ".tif")


@pytest.mark.parametrize("suffix", [".jpg", ".JPG", ".Jpeg", ".jfif"])
def test_every_spelling_of_an_extension_is_known(picture, suffix):
    assert examine(picture(1, "JPEG"), suffix).format == "JPEG"
