import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from annotate.pictures.decoding import Box, bitmap, cut, decode, on_canvas, pack, scaled
from curator.errors import InputError

SIDE_PX = 512


def encoded(image, kind="PNG"):
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_large_pictures_are_scaled_down_in_their_shape(kind):
    pixels = decode(encoded(Image.new("RGB", (1600, 800), (200, 30, 30)), kind), SIDE_PX)
    assert pixels.shape == (SIDE_PX // 2, SIDE_PX, 3)
    assert np.abs(pixels.astype(int) - (200, 30, 30)).max() <= 3


def test_small_pictures_stay_as_they_are(picture):
    assert decode(picture(1), SIDE_PX).shape == (30, 40, 3)


def test_transparency_shows_white():
    assert (decode(encoded(Image.new("RGBA", (4, 4), (0, 0, 0, 0))), SIDE_PX) == 255).all()
    assert decode(encoded(Image.new("LA", (4, 4), (0, 255))), SIDE_PX).max() == 0
    assert np.asarray(bitmap(encoded(Image.new("RGBA", (4, 4), (0, 0, 0, 0))), 4, 4)[0]).min() == 255


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40], ids=["empty", "text", "png"]
)
def test_what_is_no_picture_is_said_so(content):
    with pytest.raises(InputError, match="no picture"):
        decode(content, SIDE_PX)
    with pytest.raises(InputError, match="no picture"):
        bitmap(content, 10, 10)


def test_jpeg_is_decoded_no_larger_than_it_must_be():
    content = encoded(Image.new("RGB", (1600, 800)), "JPEG")
    sizes = {wanted: bitmap(content, *wanted) for wanted in [(400, 200), (500, 100), (9000, 9000)]}
    assert {wanted: (image.size, full) for wanted, (image, full) in sizes.items()} == {
        (400, 200): ((400, 200), False),
        (500, 100): ((800, 400), False),
        (9000, 9000): ((1600, 800), True),
    }
    image, full = bitmap(encoded(Image.new("RGB", (1600, 800))), 400, 200)
    assert (image.size, full) == ((1600, 800), True), "PNG cannot be decoded in part"


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 10), st.integers(1, 10))
def test_a_part_at_its_own_size_is_the_part(left, top, width, height):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    box = Box(left / 40, top / 40, (left + width) / 40, (top + height) / 40)
    wanted = pixels[top : top + height, left : left + width]
    assert np.abs(cut(Image.fromarray(pixels), box, width, height).astype(int) - wanted).max() <= 1
    assert np.abs(scaled(pixels, width, height, box).astype(int) - wanted).max() <= 1


def test_a_part_is_the_same_whether_cut_before_or_after_scaling():
    soft = scaled(np.random.default_rng(1).integers(0, 256, (7, 9, 3), dtype=np.uint8), 900, 700)
    box = Box(0.3, 0.25, 0.55, 0.5)
    before = cut(Image.fromarray(soft), box, 50, 35)
    assert np.abs(before.astype(int) - scaled(soft, 50, 35, box)).max() <= 2


def test_packing_loses_nothing_that_is_seen(picture):
    pixels = decode(picture(3, size=(300, 200)), SIDE_PX)
    again = decode(pack(pixels), SIDE_PX)
    assert np.abs(again.astype(int) - pixels).mean() < 1.5
    assert again.shape == pixels.shape


def test_the_canvas_surrounds_the_picture():
    canvas = on_canvas(np.full((2, 2, 3), 9, dtype=np.uint8), 6, 4, (1, 2, 3))
    assert (canvas[1:3, 2:4] == 9).all()
    assert (canvas[0] == (1, 2, 3)).all()
