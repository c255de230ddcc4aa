"""grid.png: a contact sheet of what was painted, a row a prompt, with its caption beneath. Knows no manifest."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from curator.console import plain
from curator.files import replacing
from train.sampling.pictures import open_png

SHEET_ROWS = 40
"""So many prompts are on one sheet; further ones go on to grid-2.png, grid-3.png, …"""
SMALLEST_CELL_PX = 128
"""Smaller pictures are shown enlarged, each pixel as a square, so that captions have room."""
NARROWEST_PX = 272
"""Of a sheet."""
GAP = 8
FONT_PX = 15
LINE_PX = 19
MOST_LINES = 6
PAPER, INK, FAINT = (255, 255, 255), (20, 20, 20), (110, 110, 110)


@dataclass(frozen=True)
class Row:
    """One prompt: its caption, its pictures, and a word beneath each."""

    caption: str
    pictures: Sequence[Path]
    labels: Sequence[str]
    """As many as pictures; "" where there is nothing to say."""


def sheet_paths(folder: Path) -> list[Path]:
    """The sheets in a folder."""
    return [*folder.glob("grid.png"), *(path for path in folder.glob("grid-*.png") if path.stem[5:].isdecimal())]


def paths_for(folder: Path, rows: int) -> list[Path]:
    """The sheets that so many rows take, the first one first."""
    numbers = range(1, -(-rows // SHEET_ROWS) + 1)
    return [folder / ("grid.png" if number == 1 else f"grid-{number}.png") for number in numbers]


def write_grid(folder: Path, rows: Sequence[Row], columns: Sequence[str]) -> Path:
    """Write the sheets of `rows` into `folder`, instead of those there; returns the first. `columns` are headings.

    All pictures are square and of one size. Raises InputError for a damaged picture, OSError for one that is not there.
    """
    before = set(sheet_paths(folder))
    sheets = [rows[start : start + SHEET_ROWS] for start in range(0, len(rows), SHEET_ROWS)]
    written = paths_for(folder, len(rows))
    for path, part in zip(written, sheets, strict=True):
        with replacing(path) as temporary:
            draw_sheet(part, columns).save(temporary, "PNG", optimize=True)
    for path in before.difference(written):
        path.unlink()
    return written[0]


def draw_sheet(rows: Sequence[Row], columns: Sequence[str]) -> Image.Image:
    """One sheet: headings (unless all are empty), then for each row pictures, their labels, and the caption."""
    font = ImageFont.load_default(FONT_PX)
    first = open_png(rows[0].pictures[0])
    cell = first.width * max(1, -(-SMALLEST_CELL_PX // first.width))
    across = max(len(row.pictures) for row in rows)
    width = max(NARROWEST_PX, GAP + across * (cell + GAP))
    captions = [wrap(row.caption, font, width - 2 * GAP) for row in rows]
    heading = LINE_PX + GAP if any(columns) else 0
    heights = [
        cell + (LINE_PX if any(row.labels) else 0) + LINE_PX * len(lines) + 3 * GAP
        for row, lines in zip(rows, captions, strict=True)
    ]
    sheet = Image.new("RGB", (width, GAP + heading + sum(heights)), PAPER)
    draw = ImageDraw.Draw(sheet)
    for column, text in enumerate(columns[:across]):
        draw.text((GAP + column * (cell + GAP), GAP), text, INK, font)
    top = GAP + heading
    for row, lines, height in zip(rows, captions, heights, strict=True):
        _draw_row(sheet, row, lines, top, cell)
        top += height
    return sheet


def _draw_row(sheet: Image.Image, row: Row, lines: Sequence[str], top: int, cell: int) -> None:
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(FONT_PX)
    for column, (path, label) in enumerate(zip(row.pictures, row.labels, strict=True)):
        left = GAP + column * (cell + GAP)
        sheet.paste(open_png(path).resize((cell, cell), Image.Resampling.NEAREST), (left, top))
        draw.text((left, top + cell + 2), label, FAINT, font)
    beneath = top + cell + 4 + (LINE_PX if any(row.labels) else 0)
    for number, line in enumerate(lines):
        draw.text((GAP, beneath + number * LINE_PX), line, INK, font)


def wrap(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> list[str]:
    """A caption in lines of at most `width` px, at most `MOST_LINES` of them; "…" where some of it is left out.

    A word wider than a line is broken. Control characters and line breaks do not get through.
    """
    lines: list[str] = []
    line = ""
    for word in plain(text).split():
        for part in _broken(word, font, width):
            longer = f"{line} {part}" if line else part
            if font.getlength(longer) <= width:
                line = longer
            else:
                lines.append(line)
                line = part
    lines = [*lines, line] if line else lines
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], _ended(lines[MOST_LINES - 1], font, width)]


def _broken(word: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> list[str]:
    parts = [""]
    for character in word:
        if parts[-1] and font.getlength(parts[-1] + character) > width:
            parts.append("")
        parts[-1] += character
    return parts


def _ended(line: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """A line with "…" at its end, shortened where it would be too wide."""
    while line and font.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line}…"
