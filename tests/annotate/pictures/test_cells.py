import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.pictures.cells import HALF, SHADES, Paint, half_cells, indexed, shades

CELL = re.compile(r"(?:\x1b\[38;2;(\d+);(\d+);(\d+);48;2;(\d+);(\d+);(\d+)m)?▀")


def noise(seed, height=6, width=5, levels=256):
    return np.random.default_rng(seed).integers(0, levels, (height, width, 3), dtype=np.uint8)


def colours(text):
    """The two colours of each half cell, as a terminal would have them."""
    found = []
    for cell in CELL.finditer(text):
        found.append(tuple(map(int, cell.groups())) if cell[1] else found[-1])
    return found


@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 256]))
def test_cells_carry_the_colours_of_two_pixels_each(seed, levels):
    pixels = noise(seed, levels=levels)
    rows = half_cells(pixels, "truecolor")
    assert [colours(row.text()) for row in rows] == [
        [(*map(int, pixels[2 * y, x]), *map(int, pixels[2 * y + 1, x])) for x in range(5)] for y in range(3)
    ]


def test_a_cell_in_the_colours_of_the_one_before_names_none():
    row = half_cells(np.full((2, 3, 3), 7, dtype=np.uint8), "truecolor")[0]
    assert row.text() == f"\x1b[38;2;7;7;7;48;2;7;7;7m{HALF * 3}\x1b[0m"
    assert row[1:].text() == f"\x1b[38;2;7;7;7;48;2;7;7;7m{HALF * 2}\x1b[0m", "wherever the row begins, it says them"


def test_a_row_ends_with_a_reset_and_can_be_cut():
    row = half_cells(noise(1), "truecolor")[0]
    assert row.text().endswith("m▀\x1b[0m")
    assert len(row[1:3]) == 2
    assert colours(row[1:3].text()) == colours(row.text())[1:3]
    assert row[2:2].text() == ""


def test_a_row_says_what_it_shows():
    row = half_cells(noise(1), "256")[0].plain
    assert row.glyphs() == [HALF] * 5
    assert (row.ink == indexed(noise(1)[:1])[1][0]).all()
    assert (row.ground == indexed(noise(1)[1:2])[1][0]).all()


@pytest.mark.parametrize(
    ("colour", "index", "shown"),
    [
        ((255, 0, 0), 196, (255, 0, 0)),
        ((0, 0, 0), 16, (0, 0, 0)),
        ((255, 255, 255), 231, (255, 255, 255)),
        ((118, 118, 118), 243, (118, 118, 118)),
        ((90, 140, 210), 68, (95, 135, 215)),
    ],
    ids=["red", "black", "white", "grey", "blue"],
)
def test_256_colours_are_the_nearest_there_are(colour, index, shown):
    found, colours = indexed(np.array([[colour]], dtype=np.uint8))
    assert found[0, 0] == index
    assert tuple(colours[0, 0]) == shown


def test_256_colour_cells_name_indices():
    text = half_cells(np.zeros((2, 3, 3), dtype=np.uint8), "256")[0].text()
    assert text == f"\x1b[38;5;16;48;5;16m{HALF * 3}\x1b[0m"


def test_shades_go_from_dark_to_light():
    ramp = np.repeat(np.repeat(np.linspace(0, 255, 50).astype(np.uint8)[None, :, None], 4, 0), 3, 2)
    first, second = shades(ramp)
    assert first == second
    assert [SHADES.index(shade) for shade in first] == sorted(SHADES.index(shade) for shade in first)
    assert set(first) == set(SHADES)
    assert shades(np.full((2, 3, 3), 7, dtype=np.uint8)) == ["   "], "one flat colour is no reason to divide by zero"


@pytest.mark.parametrize(
    ("paint", "told"),
    [
        (Paint("half", "truecolor", why="so"), "in half cells in full colour: so"),
        (Paint("sextant", "256", why="so"), "in sixths of cells in 256 colours: so"),
        (Paint("sixel", "256", why="so"), "with sixel graphics: so"),
        (Paint("shades", "256", why="so"), "in shades: so"),
        (Paint("none", "256", why="so"), "not at all: so"),
    ],
    ids=lambda value: value.renderer if isinstance(value, Paint) else "",
)
def test_a_paint_is_told_in_words(paint, told):
    assert paint.describe() == told
