import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.cells import HALF, SHADES, half_cells, indexed, paint_for, shades

ESCAPES = re.compile(r"\x1b\[38;2;(\d+);(\d+);(\d+);48;2;(\d+);(\d+);(\d+)m▀")


def noise(seed, height=6, width=5):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@given(st.integers(0, 2**32 - 1))
def test_cells_carry_the_colours_of_two_pixels_each(seed):
    pixels = noise(seed)
    rows = half_cells(pixels, "truecolor")
    painted = [[tuple(map(int, cell)) for cell in ESCAPES.findall(row.text())] for row in rows]
    assert painted == [
        [(*map(int, pixels[2 * y, x]), *map(int, pixels[2 * y + 1, x])) for x in range(5)] for y in range(3)
    ]


def test_a_row_ends_with_a_reset_and_can_be_cut():
    row = half_cells(noise(1), "truecolor")[0]
    assert row.text().endswith("m▀\x1b[0m")
    assert len(row[1:3]) == 2
    assert ESCAPES.findall(row[1:3].text()) == ESCAPES.findall(row.text())[1:3]
    assert row[2:2].text() == ""


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
    assert text == f"\x1b[38;5;016;48;5;016m{HALF}" * 3 + "\x1b[0m"


def test_shades_go_from_dark_to_light():
    ramp = np.repeat(np.repeat(np.linspace(0, 255, 50).astype(np.uint8)[None, :, None], 4, 0), 3, 2)
    first, second = shades(ramp)
    assert first == second
    assert [SHADES.index(shade) for shade in first] == sorted(SHADES.index(shade) for shade in first)
    assert set(first) == set(SHADES)
    assert shades(np.full((2, 3, 3), 7, dtype=np.uint8)) == ["   "], "one flat colour is no reason to divide by zero"


@pytest.mark.parametrize(
    ("color_system", "no_color", "unicode", "paint"),
    [
        ("truecolor", False, True, "truecolor"),
        ("256", False, True, "256"),
        ("standard", False, True, "shades"),
        ("truecolor", True, True, "shades"),
        (None, False, True, "none"),
        ("truecolor", False, False, "none"),
    ],
    ids=["truecolor", "256", "16", "no-color", "dumb", "latin-1"],
)
def test_what_a_terminal_is_painted_with(color_system, no_color, unicode, paint):
    assert paint_for(color_system, no_color, unicode) == paint
