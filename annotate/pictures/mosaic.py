"""Four or six dots a cell: the split of a cell's dots into two colours that comes nearest, of all there are."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from annotate.pictures.cells import Cells, Colours, cells, glyph_bytes
from annotate.pictures.decoding import Pixels

Shape = Literal["quadrant", "sextant"]

ROWS: dict[Shape, int] = {"quadrant": 2, "sextant": 3}
"""Rows of dots in a cell; there are always two columns."""

QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By which dots have ink: the upper left counts 1, the upper right 2, the lower left 4, the lower right 8."""


def sextant(pattern: int) -> str:
    """The character whose dots have ink as `pattern` says: 1 and 2 are the upper row, 4 and 8 the middle, 16 and 32.

    Unicode 13, Symbols for Legacy Computing: U+1FB00 onward, in this order, without the four that were there before.
    """
    older = {0: " ", 21: "▌", 42: "▐", 63: "█"}
    return older.get(pattern) or chr(0x1FB00 + pattern - 1 - (pattern > 21) - (pattern > 42))


@dataclass(frozen=True)
class Splits:
    """The ways to split the dots of a cell in two; a split and its opposite count once, so the first dot has ink."""

    ink: npt.NDArray[np.float32]
    """(splits, dots), 1 where a dot has ink; the last split is all ink"""
    glyphs: npt.NDArray[np.uint8]
    """(splits, 4)"""


@cache
def splits(shape: Shape) -> Splits:
    """All splits of a cell: 8 for quadrants, 32 for sextants."""
    dots = 2 * ROWS[shape]
    patterns = range(1, 2**dots, 2)
    ink = np.array([[pattern >> dot & 1 for dot in range(dots)] for pattern in patterns], dtype=np.float32)
    names = [QUADRANTS[pattern] if shape == "quadrant" else sextant(pattern) for pattern in patterns]
    return Splits(ink, np.stack([glyph_bytes(name) for name in names]))


def mosaic_cells(pixels: Pixels, shape: Shape, colours: Colours) -> list[Cells]:
    """Rows of cells from pixels (2 or 3 · rows, 2 · width, 3).

    Of all splits S of a cell's n dots x the one with the least Σ‖x − its colour‖² is taken, where a colour is the mean
    of its dots. With the cell's mean moved to 0 that is the largest ‖Σ_S x‖² · (1/|S| + 1/(n − |S|)).
    """
    rows, columns = pixels.shape[0] // ROWS[shape], pixels.shape[1] // 2
    dots = pixels.reshape(rows, ROWS[shape], columns, 2, 3).transpose(1, 3, 0, 2, 4)
    flat = dots.reshape(2 * ROWS[shape], rows * columns, 3).astype(np.float32)  # (dots, cells, 3)
    mean = flat.mean(axis=0)
    sums = _sums(flat - mean)
    ways = splits(shape)
    inked = ways.ink.sum(axis=1)
    bare = np.maximum(len(flat) - inked, 1.0)
    gain = np.einsum("sci,sci->cs", sums, sums) * (1 / inked + 1 / bare)
    gain[:, -1] += 1.0  # a flat cell stays whole, whatever the last bit of its sums says
    best = gain.argmax(axis=1)
    chosen = sums[best, np.arange(rows * columns)]
    ink = _colour(mean + chosen / inked[best, None], rows, columns)
    ground = _colour(mean - chosen / bare[best, None], rows, columns)
    return cells(ink, ground, ways.glyphs[best].reshape(rows, columns, -1), colours)


def _sums(dots: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(splits, cells, 3): the sum of the dots with ink, in the order of `splits`, from (dots, cells, 3).

    By doubling: with or without the next dot. A matrix product is shared out to threads, which takes four times as
    long where another program has the other core.
    """
    sums = dots[:1]
    for dot in dots[1:]:
        sums = np.concatenate([sums, sums + dot])
    return sums


def _colour(values: npt.NDArray[np.float32], rows: int, columns: int) -> Pixels:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8).reshape(rows, columns, 3)
