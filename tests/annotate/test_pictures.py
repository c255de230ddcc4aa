import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from annotate.pictures import KEPT, THUMBNAIL_PX, Gallery, decode, fit, on_canvas
from curator.errors import InputError


def encoded(image, kind="PNG"):
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_large_pictures_are_scaled_down_in_their_shape(kind):
    pixels = decode(encoded(Image.new("RGB", (1600, 800), (200, 30, 30)), kind))
    assert pixels.shape == (THUMBNAIL_PX // 2, THUMBNAIL_PX, 3)
    assert np.abs(pixels.astype(int) - (200, 30, 30)).max() <= 3


def test_transparency_shows_white():
    assert (decode(encoded(Image.new("RGBA", (4, 4), (0, 0, 0, 0)))) == 255).all()
    assert decode(encoded(Image.new("LA", (4, 4), (0, 255)))).max() == 0


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40], ids=["empty", "text", "png"]
)
def test_what_is_no_picture_is_said_so(content):
    with pytest.raises(InputError, match="no picture"):
        decode(content)


@given(st.integers(1, 600), st.integers(1, 600), st.integers(1, 90), st.integers(1, 90))
def test_fitting_keeps_the_shape_and_touches_two_sides(columns, rows, width, height):
    fitted = fit(np.zeros((rows, columns, 3), dtype=np.uint8), width, height)
    assert fitted.shape[1] == width or fitted.shape[0] == height
    assert fitted.shape[1] <= width
    assert fitted.shape[0] <= height
    scale = min(width / columns, height / rows)
    assert abs(fitted.shape[1] - columns * scale) <= 1
    assert abs(fitted.shape[0] - rows * scale) <= 1


def test_the_canvas_surrounds_the_picture():
    canvas = on_canvas(np.full((2, 2, 3), 9, dtype=np.uint8), 6, 4, (1, 2, 3))
    assert (canvas[1:3, 2:4] == 9).all()
    assert (canvas[0] == (1, 2, 3)).all()


def test_a_gallery_reads_once_and_forgets_the_oldest(picture):
    read = []

    def content(blob):
        read.append(blob)
        return picture(int(blob))

    gallery = Gallery(content)
    for number in range(KEPT):
        gallery.thumbnail(str(number))
    gallery.thumbnail("0")
    assert len(read) == KEPT
    gallery.thumbnail(str(KEPT))
    assert gallery.ready("0") is not None, "it was asked for again"
    assert gallery.ready("1") is None
