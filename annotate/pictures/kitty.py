"""Pixels as kitty graphics: a picture is sent once, and cells of text stand for its parts and move as text does.

Source: kitty's documentation, "Terminal graphics protocol", sections "Unicode placeholders" and "Control data
reference". Why this is not taken from textual-image stands in sixel.py.
"""

import base64
import secrets
import zlib
from dataclasses import dataclass

from annotate.pictures.cells import RESET, Cells, Ground
from annotate.pictures.decoding import Pixels

PLACEHOLDER = chr(0x10EEEE)

CHUNK = 4096
"""Bytes of payload in one command, as the protocol limits them."""

_RANGES = """
305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 59c-5a1 5a8-5a9 5ab-5ac 5af 5c4
610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec 730 732-733 735-736 73a 73d 73f-741 743 745 747 749-74a
7eb-7f1 7f3 816-819 81b-823 825-827 829-82d 951 953-954 f82-f83 f86-f87 135d-135f 17dd 193a 1a17 1a75-1a7c 1b6b
1b6d-1b73 1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1 1dc3-1dc9 1dcb-1dcc 1dd1-1de6 1dfe 20d0-20d1 20d4-20d7 20db-20dc 20e1 20e7
20e9 20f0 2cef-2cf1 2de0-2dff a66f a67c-a67d a6f0-a6f1 a8e0-a8f1 aab0 aab2-aab3 aab7-aab8 aabe-aabf aac1 fe20-fe26
10a0f 10a38 1d185-1d189 1d1aa-1d1ad 1d242-1d244
"""


def _marks() -> list[str]:
    ends = [[int(end, 16) for end in each.split("-")] for each in _RANGES.split()]
    return [chr(code) for first_last in ends for code in range(first_last[0], first_last[-1] + 1)]


MARKS = _marks()
"""MARKS[n] on a placeholder says row or column n: the combining marks of class 230 that no letter is composed with."""


@dataclass(frozen=True)
class PlaceholderLine:
    """A row of cells that stand for parts of a picture that was sent."""

    image: int
    """Id of the picture, 1 … 2**24 - 1; the colour of the placeholders says it."""
    row: int
    start: int
    """Column of the picture in the first cell."""
    ground: Ground
    under: Cells
    """The same row in half cells."""

    def __len__(self) -> int:
        return len(self.under)

    def __getitem__(self, part: slice) -> "PlaceholderLine":
        start, _, _ = part.indices(len(self))
        return PlaceholderLine(self.image, self.row, self.start + start, self.ground, self.under[part])

    @property
    def plain(self) -> Cells:
        return self.under

    def text(self) -> str:
        if not len(self):
            return ""
        ink = ";".join(str(self.image >> shift & 255) for shift in (16, 8, 0))
        ground = ";".join(map(str, self.ground))
        row = PLACEHOLDER + MARKS[self.row]
        cells = "".join(row + mark for mark in MARKS[self.start : self.start + len(self)])
        return f"\x1b[38;2;{ink};48;2;{ground}m{cells}{RESET}"


def new_id() -> int:
    """An id for a picture, at random, because other programs of the same terminal choose ids as well."""
    return 1 + secrets.randbelow(2**24 - 1)


def transmission(image: int, pixels: Pixels, columns: int, rows: int) -> str:
    """The commands that send a picture, to be fitted into `columns` × `rows` cells of text; no answer is wanted."""
    height, width = pixels.shape[:2]
    payload = base64.b64encode(zlib.compress(pixels.tobytes(), 1)).decode()
    keys = f"a=T,U=1,q=2,f=24,o=z,s={width},v={height},i={image},c={columns},r={rows},"
    chunks = [payload[start : start + CHUNK] for start in range(0, len(payload), CHUNK)]
    return "".join(
        f"\x1b_G{'q=2,' if number else keys}m={int(number < len(chunks) - 1)};{chunk}\x1b\\"
        for number, chunk in enumerate(chunks)
    )


def removal(image: int) -> str:
    """The command that makes the terminal forget a picture."""
    return f"\x1b_Ga=d,d=I,i={image},q=2\x1b\\"
