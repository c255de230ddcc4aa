import itertools
import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.pictures.cells import half_cells
from annotate.pictures.decoding import scaled
from annotate.pictures.mosaic import QUADRANTS, ROWS, mosaic_cells, sextant

CELL = re.compile(r"(?:\x1b\[38;2;(\d+);(\d+);(\d+);48;2;(\d+);(\d+);(\d+)m)?([^\x1b])")
PLACES = {
    "UPPER LEFT": [1],
    "UPPER RIGHT": [2],
    "LOWER LEFT": [3],
    "LOWER RIGHT": [4],
    "LEFT HALF": [1, 3],
    "RIGHT HALF": [2, 4],
    "UPPER HALF": [1, 2],
    "LOWER HALF": [3, 4],
    "FULL": [1, 2, 3, 4],
}


def inked(glyph, rows):
    """(rows, 2): which dots of a character have ink, read from its name in the Unicode database."""
    name = unicodedata.name(glyph)
    if name.startswith("BLOCK SEXTANT-"):
        dots = {int(digit) for digit in name.removeprefix("BLOCK SEXTANT-")}
        return np.array([dot in dots for dot in range(1, 7)]).reshape(3, 2)
    dots = {dot for place, covers in PLACES.items() if place in name for dot in covers}
    quarters = np.array([dot in dots for dot in range(1, 5)]).reshape(2, 2)
    if rows == 2:
        return quarters
    assert (quarters[0] == quarters[1]).all(), f"{name} has no thirds"
    return np.repeat(quarters[:1], 3, axis=0)


def shown(lines, rows, across=2):
    """The dots (rows · lines, across · cells, 3) that a terminal shows for lines of cells."""
    picture = []
    for line in lines:
        cells, colours = [], None
        for cell in CELL.finditer(line.text().removesuffix("\x1b[0m")):
            colours = np.array(cell.groups()[:6], dtype=int).reshape(2, 3) if cell[1] else colours
            ink = inked(cell[7], rows)[:, :across, None]
            cells.append(np.where(ink, colours[0], colours[1]))
        picture.append(np.concatenate(cells, axis=1))
    return np.concatenate(picture).astype(np.uint8)


def distance(cell, split):
    """The sum of squares from a cell's dots to the means of the two parts of a split."""
    flat = cell.reshape(-1, 3).astype(float)
    parts = (flat[split], flat[~split])
    return sum(np.square(part - part.mean(axis=0)).sum() for part in parts if len(part))


def test_every_glyph_has_the_dots_of_its_pattern():
    for pattern in range(1, 16):
        assert inked(QUADRANTS[pattern], 2).ravel().tolist() == [bool(pattern >> dot & 1) for dot in range(4)]
    for pattern in range(1, 64):
        assert inked(sextant(pattern), 3).ravel().tolist() == [bool(pattern >> dot & 1) for dot in range(6)]
    assert QUADRANTS[0] == sextant(0) == " "


@pytest.mark.parametrize(
    ("shape", "dots", "painted"),
    [
        ("quadrant", "RK/KR", "\x1b[38;2;255;0;0;48;2;0;0;0m▚\x1b[0m"),
        ("quadrant", "RK/RK", "\x1b[38;2;255;0;0;48;2;0;0;0m▌\x1b[0m"),
        ("quadrant", "KK/KR", "\x1b[38;2;0;0;0;48;2;255;0;0m▛\x1b[0m"),
        ("quadrant", "RR/RR", "\x1b[38;2;255;0;0;48;2;255;0;0m█\x1b[0m"),
        ("sextant", "RK/KK/KK", "\x1b[38;2;255;0;0;48;2;0;0;0m🬀\x1b[0m"),
        ("sextant", "RK/RK/RK", "\x1b[38;2;255;0;0;48;2;0;0;0m▌\x1b[0m"),
        ("sextant", "RR/KK/RR", "\x1b[38;2;255;0;0;48;2;0;0;0m🬰\x1b[0m"),
        ("sextant", "KR/RR/RR", "\x1b[38;2;0;0;0;48;2;255;0;0m🬀\x1b[0m"),
        ("sextant", "KRKR/KRRR/KRKK", "\x1b[38;2;0;0;0;48;2;255;0;0m▌🬮\x1b[0m"),
    ],
    ids=lambda value: value if isinstance(value, str) and "\x1b" not in value else "",
)
def test_two_colours_are_told_apart_exactly(shape, dots, painted):
    colours = {"R": (255, 0, 0), "K": (0, 0, 0)}
    pixels = np.array([[colours[dot] for dot in row] for row in dots.split("/")], dtype=np.uint8)
    assert [row.text() for row in mosaic_cells(pixels, shape, "truecolor")] == [painted]
    assert (shown(mosaic_cells(pixels, shape, "truecolor"), ROWS[shape]) == pixels).all()


@pytest.mark.parametrize("shape", ROWS)
@given(seed=st.integers(0, 2**32 - 1))
def test_no_other_split_of_a_cell_is_nearer(shape, seed):
    cell = np.random.default_rng(seed).integers(0, 256, (ROWS[shape], 2, 3), dtype=np.uint8)
    found = shown(mosaic_cells(cell, shape, "truecolor"), ROWS[shape]).astype(float)
    splits = itertools.product([True, False], repeat=2 * ROWS[shape])
    best = min(distance(cell, np.array(split)) for split in splits)
    # Colours are whole numbers: each is off by half a level at most, of six dots in three channels.
    assert np.square(found - cell).sum() <= best + 0.25 * 18


@pytest.mark.parametrize("shape", ROWS)
def test_256_colours_name_indices(shape):
    pixels = np.zeros((ROWS[shape], 4, 3), dtype=np.uint8)
    assert mosaic_cells(pixels, shape, "256")[0].text() == "\x1b[38;5;16;48;5;16m██\x1b[0m"


def photograph(seed, side=480):
    """Soft areas, hard edges and a little grain."""
    chance = np.random.default_rng(seed)
    soft = scaled(chance.integers(0, 256, (6, 6, 3), dtype=np.uint8), side, side).astype(float)
    y, x = np.mgrid[:side, :side]
    for _ in range(12):
        middle, radius = chance.uniform(0, side, 2), chance.uniform(10, 90)
        inside = np.hypot(x - middle[0], y - middle[1]) < radius
        soft[inside] = 0.3 * soft[inside] + 0.7 * chance.uniform(0, 256, 3)
    return np.clip(soft + chance.normal(0, 4, soft.shape), 0, 255).astype(np.uint8)


def test_finer_cells_come_nearer_to_the_picture():
    columns, rows = 60, 30
    errors = {"half": [], "quadrant": [], "sextant": []}
    for seed in range(4):
        picture = photograph(seed)
        seen = {"half": shown(half_cells(scaled(picture, columns, 2 * rows), "truecolor"), 2, across=1)}
        for shape, high in ROWS.items():
            lines = mosaic_cells(scaled(picture, 2 * columns, high * rows), shape, "truecolor")
            seen[shape] = shown(lines, high)
        for shape, dots in seen.items():
            rows_of, columns_of = (np.arange(480) * dots.shape[axis] // 480 for axis in (0, 1))
            large = dots[rows_of][:, columns_of]
            errors[shape].append(np.abs(large.astype(float) - picture).mean())
    for worse, better in (("half", "quadrant"), ("quadrant", "sextant")):
        assert all(b < a for a, b in zip(errors[worse], errors[better], strict=True)), errors
    assert np.mean(errors["sextant"]) < 0.9 * np.mean(errors["half"]), errors
