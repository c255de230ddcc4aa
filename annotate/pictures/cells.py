"""Pixels as terminal cells: two pixels a cell as a coloured half block, or shades of ink where there is no colour.

One string of escape sequences is made for each line with numpy. A style object for each cell, as terminal libraries
make them, takes ten times as long for a photograph, where nearly every cell has colours of its own.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from annotate.pictures.decoding import Pixels

Colours = Literal["truecolor", "256"]
"""How many colours a cell can have."""

Renderer = Literal["half", "quadrant", "sextant", "kitty", "sixel", "shades", "none"]
"""What a picture is made of: cells of two, four or six dots, graphics of the terminal, shades of ink, or nothing."""

HALF = "▀"
SHADES = " ░▒▓█"
RESET = "\x1b[0m"

GLYPH_BYTES = 4
"""The longest glyph in UTF-8; shorter ones are filled up with zero bytes, which are dropped before anything is sent."""

_DIGITS = np.array([list(f"{number}".encode().rjust(3, b"\0")) for number in range(256)], dtype=np.uint8)
_GAP = b"\1\1\1"
_TEMPLATES: dict[Colours, bytes] = {
    "truecolor": b"\x1b[38;2;" + b";".join([_GAP] * 3) + b";48;2;" + b";".join([_GAP] * 3) + b"m",
    "256": b"\x1b[38;5;" + _GAP + b";48;5;" + _GAP + b"m",
}
_CUBE = np.array([0, 95, 135, 175, 215, 255], dtype=np.int16)
_GREYS = np.arange(8, 248, 10, dtype=np.int16)


USUAL_CELL_PX = (10, 20)
"""Width and height of a cell where a terminal does not say: twice as high as wide."""


@dataclass(frozen=True)
class Paint:
    """How pictures are painted on a terminal: with what, and in how many colours; the two are chosen apart."""

    renderer: Renderer
    colours: Colours = "truecolor"
    cell_px: tuple[int, int] = USUAL_CELL_PX
    """Width and height of a cell, for the shape of a picture and the size of graphics."""
    why: str = ""
    """The reason for this choice, in a few words."""

    @property
    def graphics(self) -> bool:
        """Whether the terminal paints the pixels itself."""
        return self.renderer in ("kitty", "sixel")

    def describe(self) -> str:
        """With what, and why, as the end of a sentence."""
        return f"{WITH[self.renderer]}{IN[self.colours] if self.renderer in DOTS else ''}: {self.why}"


DOTS: dict[Renderer, tuple[int, int]] = {"half": (1, 2), "quadrant": (2, 2), "sextant": (2, 3)}
"""Columns and rows of dots in a cell, where the picture is made of coloured cells."""

WITH: dict[Renderer, str] = {
    "half": "in half cells",
    "quadrant": "in quarter cells",
    "sextant": "in sixths of cells",
    "kitty": "with kitty's graphics",
    "sixel": "with sixel graphics",
    "shades": "in shades",
    "none": "not at all",
}
IN: dict[Colours, str] = {"truecolor": " in full colour", "256": " in 256 colours"}


Ground = tuple[int, int, int]
"""The colour around a picture."""


class Line(Protocol):
    """A row of cells, ready to be sent, that can be cut where something else lies over it."""

    def __len__(self) -> int:
        """In cells."""
        ...

    def __getitem__(self, part: slice) -> "Line": ...

    def text(self) -> str:
        """What is sent: it fills the cells from where the cursor is and leaves the cursor behind the last one."""
        ...

    @property
    def plain(self) -> "Cells":
        """The same as coloured glyphs, for where something must change the colours (a modal, a screenshot)."""
        ...


@dataclass(frozen=True)
class Cells:
    """A row of cells, each a glyph in one colour on a ground of another."""

    ansi: npt.NDArray[np.uint8]
    """(width, bytes a cell): colours, then the glyph; zero bytes are filling"""
    ink: Pixels
    """(width, 3), the colours as the terminal shows them"""
    ground: Pixels

    def __len__(self) -> int:
        return len(self.ansi)

    def __getitem__(self, part: slice) -> "Cells":
        return Cells(self.ansi[part], self.ink[part], self.ground[part])

    def text(self) -> str:
        """The escape sequences and characters of the row; a cell in the colours of the one before names none."""
        if not len(self):
            return ""
        ansi = self.ansi.copy()
        colours = self.ansi[:, :-GLYPH_BYTES]
        ansi[1:, :-GLYPH_BYTES][(colours[1:] == colours[:-1]).all(axis=1)] = 0
        return ansi.tobytes().translate(None, b"\0").decode() + RESET

    @property
    def plain(self) -> "Cells":
        return self

    def glyphs(self) -> list[str]:
        """The character of each cell."""
        return [glyph.tobytes().rstrip(b"\0").decode() for glyph in self.ansi[:, -GLYPH_BYTES:]]


def half_cells(pixels: Pixels, colours: Colours) -> list[Cells]:
    """Rows of cells from pixels (2 · rows, width, 3)."""
    return cells(pixels[0::2], pixels[1::2], glyph_bytes(HALF), colours)


def cells(ink: Pixels, ground: Pixels, glyphs: npt.NDArray[np.uint8], colours: Colours) -> list[Cells]:
    """Rows of cells from the colours (rows, width, 3) and glyphs, (rows, width, 4) or (4,) for the same everywhere."""
    if colours == "256":
        (ink_index, ink), (ground_index, ground) = indexed(ink), indexed(ground)
        numbers = np.stack([ink_index, ground_index], axis=-1)
    else:
        numbers = np.concatenate([ink, ground], axis=-1)
    template = np.frombuffer(_TEMPLATES[colours], dtype=np.uint8)
    ansi = np.empty((*ink.shape[:2], len(template) + GLYPH_BYTES), dtype=np.uint8)
    ansi[..., :-GLYPH_BYTES] = template
    ansi[..., np.flatnonzero(template == 1)] = _DIGITS[numbers].reshape(*ink.shape[:2], -1)
    ansi[..., -GLYPH_BYTES:] = glyphs
    return [Cells(*row) for row in zip(ansi, ink, ground, strict=True)]


def glyph_bytes(glyph: str) -> npt.NDArray[np.uint8]:
    """(4,): a character in UTF-8, filled up with zeros."""
    return np.frombuffer(glyph.encode().ljust(GLYPH_BYTES, b"\0"), dtype=np.uint8)


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
