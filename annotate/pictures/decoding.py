"""From picture files to pixels of a wanted size, or of a wanted part. Knows Pillow and nothing of terminals."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from curator.errors import InputError

Pixels = npt.NDArray[np.uint8]
"""(height, width, 3), RGB, 0..255."""

SHELF_QUALITY = 95


@dataclass(frozen=True)
class Box:
    """A part of a picture, in fractions of its width and height: 0 ≤ left < right ≤ 1, 0 ≤ top < bottom ≤ 1."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    def within(self, width: int, height: int) -> tuple[float, float, float, float]:
        """The box in pixels of a picture: left, top, right, bottom."""
        return self.left * width, self.top * height, self.right * width, self.bottom * height


def decode(content: bytes, side_px: int) -> Pixels:
    """A picture file as pixels, at most `side_px` on the longer side. Raises InputError."""
    with _reading(content) as image:
        image.draft("RGB", (side_px, side_px))
        image.thumbnail((side_px, side_px), Image.Resampling.LANCZOS, reducing_gap=2.0)
        return np.asarray(_opaque(image), dtype=np.uint8)


def bitmap(content: bytes, width: int, height: int) -> tuple[Image.Image, bool]:
    """A picture file decoded, and whether in full: JPEG is decoded at the smallest size not below `width` × `height`.

    Raises InputError.
    """
    with _reading(content) as image:
        full_size = image.size
        image.draft("RGB", (width, height))
        return _opaque(image), image.size == full_size


def cut(image: Image.Image, box: Box, width: int, height: int) -> Pixels:
    """The part `box` of an RGB picture, cut out first and then scaled to `width` × `height`."""
    left, top, right, bottom = box.within(*image.size)
    # A few pixels around the part belong to the filter: without them its edges would be those of the cut.
    margin = 3 * max((right - left) / width, (bottom - top) / height, 1.0)
    x, y = max(0, int(left - margin)), max(0, int(top - margin))
    x_end, y_end = min(image.width, int(right + margin) + 1), min(image.height, int(bottom + margin) + 1)
    part = image.crop((x, y, x_end, y_end))
    inner = (left - x, top - y, right - x, bottom - y)
    resized = part.resize((width, height), Image.Resampling.LANCZOS, inner, reducing_gap=2.0)
    return np.asarray(resized, dtype=np.uint8)


def pack(pixels: Pixels) -> bytes:
    """Pixels as a small file, with losses that cannot be seen."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=SHELF_QUALITY, subsampling=0)
    return buffer.getvalue()


def scaled(pixels: Pixels, width: int, height: int, box: Box | None = None) -> Pixels:
    """`pixels`, or a part of them, scaled to `width` × `height`."""
    image = Image.fromarray(pixels)
    part = None if box is None else box.within(*image.size)
    return np.asarray(image.resize((width, height), Image.Resampling.LANCZOS, part, reducing_gap=2.0), dtype=np.uint8)


def on_canvas(pixels: Pixels, width: int, height: int, ground: tuple[int, int, int]) -> Pixels:
    """`pixels` in the middle of a canvas of one colour."""
    canvas = np.empty((height, width, 3), dtype=np.uint8)
    canvas[:] = ground
    top, left = (height - pixels.shape[0]) // 2, (width - pixels.shape[1]) // 2
    canvas[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    return canvas


@contextmanager
def _reading(content: bytes) -> Iterator[Image.Image]:
    try:
        with Image.open(io.BytesIO(content)) as image:
            yield image
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InputError(f"this is no picture that can be read: {error}", hint="ingest it again") from error


def _opaque(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")
