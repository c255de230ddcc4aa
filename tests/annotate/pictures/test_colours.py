"""Colours as people name them, held to an independent implementation of Lab."""

import numpy as np
import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from annotate.pictures.colours import FOCAL, REGIONS, STEP, WORDS, dominant, palette, share, to_lab

BYTE = st.integers(0, 255)


def flat(*colours):
    """A picture in stripes of these colours."""
    return np.repeat(np.array(colours, dtype=np.uint8)[None], 10, axis=0)


@given(BYTE, BYTE, BYTE)
def test_lab_is_that_of_coloraide(red, green, blue):
    expected = Color("srgb", [red / 255, green / 255, blue / 255]).convert("lab-d65").coords()
    assert np.allclose(to_lab(np.array([red, green, blue], dtype=np.uint8)), expected, atol=0.02)


@given(st.lists(st.tuples(BYTE, BYTE, BYTE), min_size=1, max_size=20))
def test_shares_are_those_of_the_pixels(colours):
    found = palette(flat(*colours))
    assert found.shares.sum() == pytest.approx(1)
    assert sum(part for _, part in dominant(found)) == pytest.approx(1)
    for lab in to_lab(np.array(colours, dtype=np.uint8)):
        assert np.abs(found.lab - lab).max(axis=1).min() <= STEP / 2 + 1e-9


@pytest.mark.parametrize("name", FOCAL)
def test_a_colour_at_its_best_has_its_name(name):
    for colour in FOCAL[name]:
        found = palette(flat(colour))
        assert dominant(found)[0][0] == name
        assert share(found, {"beige": "cream"}.get(name, name)) == 1


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("red", (128, 128, 128)), ("red", (30, 60, 200)), ("green", (200, 40, 40)), ("blue", (120, 80, 50)),
        ("yellow", (40, 90, 200)), ("black", (230, 230, 230)), ("white", (20, 20, 20)), ("pink", (40, 140, 60)),
        ("brown", (60, 110, 220)), ("purple", (90, 160, 60)), ("grey", (250, 130, 20)), ("orange", (40, 40, 160)),
        ("gold", (128, 128, 128)), ("cream", (30, 60, 30)),
    ],
)  # fmt: skip
def test_a_colour_is_not_called_by_another_name(name, colour):
    assert share(palette(flat(colour)), name) == 0


def test_the_largest_comes_first_and_small_parts_count():
    found = palette(flat(*[(120, 75, 45)] * 199, (40, 90, 200)))
    assert dominant(found)[0] == ("brown", pytest.approx(0.995))
    assert share(found, "blue") == pytest.approx(0.005)


def test_every_word_means_a_region():
    assert set(WORDS.values()) == set(REGIONS)
