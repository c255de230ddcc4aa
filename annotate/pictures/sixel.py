"""Pixels as sixel graphics: one picture a line of cells, so that what lies over a line can cut it as it cuts text.

Written here, as is kitty.py, and not taken from textual-image: that library sends kitty's pictures to the real stdout,
past Textual, which draws on stderr; its sixels lie over notes that should lie over them; and it makes a style object
for each cell.

Source of the format: VT330/VT340 Programmer Reference Manual, volume 2, chapter 14 (DEC, 1988). Six rows of pixels are
a band; a band is sent once for each colour in it, a character a column, its six bits saying which rows have the colour.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from PIL import Image

from annotate.pictures.cells import RESET, Cells, Ground
from annotate.pictures.decoding import Pixels

COLOURS = 255
"""Registers that a picture takes; register 0 stays free and means: nothing painted here."""

BAND = 6
_SHORTEST_RUN = 4
"""A run of fewer columns is written out."""

_TENS = 10 ** np.arange(4, -1, -1)

Indices = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class SixelLine:
    """A row of cells that a sixel picture covers."""

    dots: Indices
    """(height of a cell, width · cells), palette index + 1; 0 where the ground shows"""
    palette: Pixels
    """(colours, 3)"""
    cell_px: tuple[int, int]
    """Width and height of a cell."""
    ground: Ground
    under: Cells
    """The same row in half cells."""

    def __len__(self) -> int:
        return len(self.under)

    def __getitem__(self, part: slice) -> "SixelLine":
        start, stop, _ = part.indices(len(self))
        width = self.cell_px[0]
        dots = self.dots[:, start * width : stop * width]
        return SixelLine(dots, self.palette, self.cell_px, self.ground, self.under[part])

    @property
    def plain(self) -> Cells:
        return self.under

    def text(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        """Cells of the ground, which also wipe out what was there, then the picture over them.

        Where a picture leaves the cursor differs from terminal to terminal, so it is put back and moved by hand.
        """
        if not len(self):
            return ""
        red, green, blue = self.ground
        wiped = f"\x1b[48;2;{red};{green};{blue}m{' ' * len(self)}{RESET}"
        if not self.dots.any():
            return wiped
        return f"\x1b7{wiped}\x1b8\x1b7{encode(self.dots, self.palette)}\x1b8\x1b[{len(self)}C"


def quantized(pixels: Pixels) -> tuple[Indices, Pixels]:
    """(height, width, 3) as palette index + 1 for each pixel, and the palette (colours, 3).

    Dots of different colours are mixed where the palette lacks one: seen from a little further off, soft pictures are
    wrong by 1.4 levels instead of 7 (means of 4 × 4 dots; a better palette without mixing takes 200 ms and is at 5).
    """
    image = Image.fromarray(pixels)
    palette = image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    mixed = image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    colours = np.array(mixed.getpalette("RGB"), dtype=np.uint8).reshape(-1, 3)
    return np.asarray(mixed, dtype=np.uint8) + np.uint8(1), colours


def encode(dots: Indices, palette: Pixels) -> str:
    """One sixel picture: dots (height, width) as `SixelLine` holds them, the ground left as it is on the screen."""
    height, width = dots.shape
    used = np.unique(dots)
    percent = np.rint(palette.astype(np.float32) / 2.55).astype(int)
    registers = "".join(
        f"#{colour};2;{percent[colour - 1, 0]};{percent[colour - 1, 1]};{percent[colour - 1, 2]}"
        for colour in used.tolist()
        if colour
    )
    return f'\x1bP0;1q"1;1;{width};{height}{registers}{_bands(dots)}\x1b\\'


def _bands(dots: Indices) -> str:
    """The bands of a picture, all runs of all colours at once."""
    plane, column, bits = _columns(dots)
    if not len(plane):
        return ""
    same = (plane[1:] == plane[:-1]) & (column[1:] == column[:-1] + 1) & (bits[1:] == bits[:-1])
    starts = np.flatnonzero(np.concatenate([[True], ~same]))
    length = np.diff(np.append(starts, len(plane)))
    plane, column, bits = plane[starts], column[starts], bits[starts]
    turned = np.concatenate([[True], plane[1:] != plane[:-1]])
    end_before = np.concatenate([[0], (column + length)[:-1]])
    gap = np.where(turned, column, column - end_before)
    tokens = np.concatenate(
        [_openings(plane, turned, -(-dots.shape[0] // BAND)), _runs(gap, np.zeros_like(bits)), _runs(length, bits)],
        axis=1,
    )
    return tokens.tobytes().translate(None, b"\0").decode("ascii")


def _columns(dots: Indices) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Plane (band · 256 + colour), column and bits of every column of six with a colour, in the order of sending."""
    row, column = np.nonzero(dots)
    plane = row // BAND * 256 + dots[row, column]
    keys = np.sort(((plane * dots.shape[1]) + column) * 8 + row % BAND)  # sorts faster as one number
    cell = keys >> 3
    starts = np.flatnonzero(np.concatenate([[True], cell[1:] != cell[:-1]])) if len(cell) else np.zeros(0, dtype=int)
    bits = np.add.reduceat(1 << (keys & 7), starts) if len(cell) else np.zeros(0, dtype=np.int64)
    return cell[starts] // dots.shape[1], cell[starts] % dots.shape[1], bits


def _openings(plane: npt.NDArray[np.int64], turned: npt.NDArray[np.bool_], bands: int) -> npt.NDArray[np.uint8]:
    """Before the first run of a plane: a new band (`-`) or the same band again (`$`), then the colour."""
    band, colour = plane // 256, plane % 256
    down = np.diff(band, prepend=0)
    opening = np.zeros((len(plane), bands + 1 + len(_TENS)), dtype=np.uint8)
    opening[:, :bands][np.arange(bands) < down[:, None]] = ord("-")
    again = turned & (down == 0)
    again[0] = False
    opening[again, 0] = ord("$")
    opening[turned, bands] = ord("#")
    opening[turned, bands + 1 :] = _digits(colour[turned])
    return opening


def _runs(length: npt.NDArray[np.int64], bits: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """`!`, how often, and the character; the character itself one to three times; nothing for length 0."""
    run = np.zeros((len(length), 2 + len(_TENS)), dtype=np.uint8)
    character = (bits + 63).astype(np.uint8)
    run[:, -1] = np.where(length > 0, character, 0)
    short = length < _SHORTEST_RUN
    for times in (2, 3):
        run[:, -times] = np.where(short & (length >= times), character, 0)
    run[~short, 0] = ord("!")
    run[~short, 1:-1] = _digits(length[~short])
    return run


def _digits(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """(numbers, 5): decimal digits, zero bytes instead of leading zeros; at most 99,999."""
    spread = numbers[:, None]
    return np.where(spread >= _TENS, spread // _TENS % 10 + ord("0"), 0).astype(np.uint8)
