"""From a stored picture to pixels that fit a widget. Knows Pillow and numpy, and nothing of terminals."""

import io
import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image

from curator.errors import InputError

Pixels = npt.NDArray[np.uint8]
"""(height, width, 3), RGB, 0..255."""

THUMBNAIL_PX = 512
"""Longest side kept in memory: more pixels than the cells of a large terminal."""

KEPT = 16
"""Thumbnails in memory, at most 0.8 MB each."""


class Gallery:
    """Thumbnails of the pictures last asked for. Safe to ask from several threads."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        """`read` gives the bytes of a blob."""
        self._read = read
        self._kept: OrderedDict[str, Pixels] = OrderedDict()
        self._lock = threading.Lock()

    def ready(self, blob: str) -> Pixels | None:
        """The thumbnail if it is in memory."""
        with self._lock:
            if blob in self._kept:
                self._kept.move_to_end(blob)
            return self._kept.get(blob)

    def thumbnail(self, blob: str) -> Pixels:
        """The picture, at most 512 px on its longer side.

        Raises StoreError where it is missing or damaged, InputError where it is no picture.
        """
        ready = self.ready(blob)
        if ready is not None:
            return ready
        pixels = decode(self._read(blob))
        with self._lock:
            self._kept[blob] = pixels
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return pixels


def decode(content: bytes) -> Pixels:
    """A picture file as pixels, scaled down while decoding where the format can. Raises InputError."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.draft("RGB", (THUMBNAIL_PX, THUMBNAIL_PX))
            image.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
            return np.asarray(_opaque(image), dtype=np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InputError(f"this is no picture that can be read: {error}", hint="ingest it again") from error


def fit(pixels: Pixels, width: int, height: int) -> Pixels:
    """`pixels` scaled, up or down, to the largest size of the same shape in `width` × `height` square pixels."""
    rows, columns = pixels.shape[:2]
    scale = min(width / columns, height / rows)
    size = (max(1, min(width, round(columns * scale))), max(1, min(height, round(rows * scale))))
    scaled = Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return np.asarray(scaled, dtype=np.uint8)


def on_canvas(pixels: Pixels, width: int, height: int, ground: tuple[int, int, int]) -> Pixels:
    """`pixels` in the middle of a canvas of one colour."""
    canvas = np.empty((height, width, 3), dtype=np.uint8)
    canvas[:] = ground
    top, left = (height - pixels.shape[0]) // 2, (width - pixels.shape[1]) // 2
    canvas[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    return canvas


def _opaque(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")
