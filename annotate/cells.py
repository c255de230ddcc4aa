"""Pixels as terminal cells: two pixels a cell as a coloured half block, or shades of ink where there is no colour.

One string of escape sequences is made for each line with numpy. A style object for each cell, as terminal libraries
make them, takes ten times as long for a photograph, where nearly every cell has colours of its own.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from annotate.pictures import Pixels

Paint = Literal["truecolor", "256", "shades", "none"]
"""How a terminal can show a picture."""

HALF = "▀"
SHADES = " ░▒▓█"
RESET = "\x1b[0m"

_DIGITS = np.frombuffer("".join(f"{number:03d}" for number in range(256)).encode(), dtype=np.uint8).reshape(256, 3)
_TRUECOLOR = f"\x1b[38;2;000;000;000;48;2;000;000;000m{HALF}".encode()
_INDEXED = f"\x1b[38;5;000;48;5;000m{HALF}".encode()
_CUBE = np.array([0, 95, 135, 175, 215, 255], dtype=np.int16)
_GREYS = np.arange(8, 248, 10, dtype=np.int16)


def paint_for(color_system: str | None, no_color: bool, unicode: bool) -> Paint:
    """What to paint with on a terminal with these colours (as rich names them)."""
    if not unicode or color_system is None:
        return "none"
    if no_color or color_system not in ("truecolor", "256"):
        return "shades"
    return "truecolor" if color_system == "truecolor" else "256"


@dataclass(frozen=True)
class Cells:
    """A row of half-block cells, ready to be sent."""

    ansi: npt.NDArray[np.uint8]
    """(width, bytes a cell)"""
    top: Pixels
    """(width, 3), the colours as the terminal shows them"""
    bottom: Pixels

    def __len__(self) -> int:
        return len(self.ansi)

    def __getitem__(self, part: slice) -> "Cells":
        return Cells(self.ansi[part], self.top[part], self.bottom[part])

    def text(self) -> str:
        """The escape sequences and characters of the row."""
        return self.ansi.tobytes().decode() + RESET if len(self) else ""


def half_cells(pixels: Pixels, paint: Literal["truecolor", "256"]) -> list[Cells]:
    """Rows of cells from pixels (2 · rows, width, 3)."""
    if paint == "256":
        index, pixels = indexed(pixels)
        ansi = _filled(_INDEXED, [index[0::2], index[1::2]])
    else:
        ansi = _filled(
            _TRUECOLOR, [half[..., channel] for half in (pixels[0::2], pixels[1::2]) for channel in range(3)]
        )
    return [Cells(*row) for row in zip(ansi, pixels[0::2], pixels[1::2], strict=True)]


def indexed(pixels: Pixels) -> tuple[npt.NDArray[np.uint8], Pixels]:
    """The nearest of xterm's 216 cube colours and 24 greys: (index, its colour) for each pixel."""
    wide = pixels.astype(np.int16)
    steps = np.abs(wide[..., None] - _CUBE).argmin(axis=-1)
    cube = _CUBE[steps]
    step = np.clip(np.rint((wide.mean(axis=-1) - 8) / 10), 0, 23).astype(np.int16)
    grey = np.repeat(_GREYS[step][..., None], 3, axis=-1)
    use_grey = np.square(grey - wide, dtype=np.int32).sum(-1) < np.square(cube - wide, dtype=np.int32).sum(-1)
    index = np.where(use_grey, 232 + step, 16 + steps @ np.array([36, 6, 1]))
    return index.astype(np.uint8), np.where(use_grey[..., None], grey, cube).astype(np.uint8)


def shades(pixels: Pixels) -> list[str]:
    """Rows of ink on a dark ground from pixels (2 · rows, width, 3), their contrast stretched."""
    light = pixels.astype(np.float64).mean(axis=-1)
    light = (light[0::2] + light[1::2]) / 2
    low, high = np.percentile(light, [2, 98])
    ink = np.clip(np.rint((light - low) / max(high - low, 1.0) * (len(SHADES) - 1)), 0, len(SHADES) - 1).astype(int)
    return ["".join(SHADES[step] for step in row) for row in ink]


def _filled(template: bytes, numbers: list[npt.NDArray[np.uint8]]) -> npt.NDArray[np.uint8]:
    """(rows, width, len(template)): the template for each cell, its `000` replaced by the numbers in order."""
    cells = np.empty((*numbers[0].shape, len(template)), dtype=np.uint8)
    cells[:] = np.frombuffer(template, dtype=np.uint8)
    start = 0
    for number in numbers:
        start = template.index(b"000", start)
        cells[..., start : start + 3] = _DIGITS[number]
        start += 3
    return cells
