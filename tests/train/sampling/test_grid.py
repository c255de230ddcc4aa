import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont

from curator.errors import InputError
from train.sampling.grid import (
    GAP,
    LINE_PX,
    MOST_LINES,
    PAPER,
    SHEET_ROWS,
    Row,
    draw_sheet,
    sheet_paths,
    wrap,
    write_grid,
)

FONT = ImageFont.load_default(14)


@pytest.fixture
def square(tmp_path):
    """`square((255, 0, 0), 64)`: a picture file of one colour."""

    def make(colour, px=64):
        path = tmp_path / f"{'-'.join(map(str, colour))}-{px}.png"
        Image.new("RGB", (px, px), colour).save(path)
        return path

    return make


RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def test_rows_are_prompts_and_columns_their_pictures(square):
    rows = [Row("one", [square(RED), square(GREEN)], ["", ""]), Row("two", [square(BLUE)], [""])]
    sheet = np.asarray(draw_sheet(rows, ["", ""]))
    assert sheet.shape[1] == 3 * GAP + 2 * 128
    middle = GAP + 64
    assert tuple(sheet[middle, GAP + 64]) == RED
    assert tuple(sheet[middle, 2 * GAP + 128 + 64]) == GREEN
    below = middle + 128 + LINE_PX + 3 * GAP
    assert tuple(sheet[below, GAP + 64]) == BLUE
    assert tuple(sheet[below, 2 * GAP + 128 + 64]) == PAPER


@pytest.mark.parametrize(("px", "cell"), [(8, 128), (100, 200), (128, 128), (256, 256)])
def test_small_pictures_are_enlarged_to_whole_pixels(square, px, cell):
    sheet = np.asarray(draw_sheet([Row("", [square(RED, px)], [""])], [""]))
    red = (sheet == RED).all(axis=2)
    assert (red.any(axis=1).sum(), red.any(axis=0).sum()) == (cell, cell)


def test_captions_labels_and_headings_are_written(square):
    def ink(caption="", label="", heading=""):
        sheet = draw_sheet([Row(caption, [square(RED)], [label])], [heading])
        return (np.asarray(sheet.convert("L")) < 90).sum() - 128 * 128  # red itself is dark

    empty = ink()
    assert ink(caption="a dog") > empty
    assert ink(heading="original") > empty
    plain, labelled = (draw_sheet([Row("", [square(RED)], [label])], [""]) for label in ("", "take 1"))
    assert labelled.height == plain.height + LINE_PX


@given(st.text(max_size=400), st.integers(60, 400))
def test_lines_fit_and_hold_the_caption_from_its_beginning(text, width):
    lines = wrap(text, FONT, width)
    assert len(lines) <= MOST_LINES
    assert all(FONT.getlength(line) <= width for line in lines)
    assert not any(each in line for line in lines for each in "\n\r\x1b\0")


def test_a_caption_is_broken_between_words_and_ended_where_it_is_too_long():
    words = "a dog on a rug in front of the door of the house that stood there for many years".split()
    lines = wrap(" ".join(words), FONT, 150)
    assert [word for line in lines for word in line.split()] == words
    cut = wrap("word " * 200, FONT, 150)
    assert len(cut) == MOST_LINES
    assert cut[-1].endswith("…")
    assert "".join(wrap("x" * 50, FONT, 100)) == "x" * 50
    assert wrap(" \n ", FONT, 100) == []


@pytest.mark.parametrize("place", [0, 1])
def test_a_damaged_picture_is_named(square, place):
    pictures = [square(RED), square(GREEN)]
    pictures[place].write_bytes(pictures[place].read_bytes()[:-40])
    with pytest.raises(InputError, match=re.escape(str(pictures[place]))):
        draw_sheet([Row("", pictures, ["", ""])], ["", ""])


def test_many_prompts_go_on_to_further_sheets(square, tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    (folder / "grid-view.png").write_bytes(b"not ours")
    rows = [Row(f"prompt {number}", [square(RED, 8)], [""]) for number in range(2 * SHEET_ROWS + 1)]
    assert write_grid(folder, rows, [""]) == folder / "grid.png"
    assert {path.name for path in sheet_paths(folder)} == {"grid.png", "grid-2.png", "grid-3.png"}
    write_grid(folder, rows[:3], [""])
    assert {path.name for path in folder.iterdir()} == {"grid.png", "grid-view.png"}
