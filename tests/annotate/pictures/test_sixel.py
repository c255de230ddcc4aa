import io
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from annotate.pictures.cells import half_cells
from annotate.pictures.sixel import COLOURS, SixelLine, encode, quantized
from annotate.pictures.terminal import ASK_ATTRIBUTES, ASK_NAME

SIXEL = re.compile(r'\x1bP0;1q"1;1;(\d+);(\d+)([^\x1b]*)\x1b\\')
TOKEN = re.compile(r"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|(?:!(\d+))?([?-~])|([$-])")
OUTPUT = re.compile(
    rf"(?P<sixel>{SIXEL.pattern})|\x1b\[(?P<row>\d+);(?P<column>\d+)H|\x1b\[(?P<on>\d+)C|(?P<saved>\x1b7)|(?P<back>\x1b8)"
    r"|\x1b(?:\[[0-9;?<>=$]*[a-zA-Z]|P[^\x1b]*\x1b\\|_[^\x1b]*\x1b\\)|(?P<text>[^\x1b\r\n])|[\r\n]"
)
LINES = 6
"""Lines of cells that a picture of 3 : 1 takes of 10, in part."""
WITH_SIXEL = {ASK_NAME: b"\x1bP>|XTerm(379)\x1b\\", ASK_ATTRIBUTES: b"\x1b[?64;1;2;4;22c"}


def decoded(text):
    """(height, width, 4): the pixels of one sixel picture, with 255 in the last channel where one was set."""
    width, height, body = SIXEL.fullmatch(text).groups()
    pixels = np.zeros((-(-int(height) // 6) * 6, int(width), 4), dtype=int)
    colours, colour, x, y, end = {}, 0, 0, 0, 0
    for token in TOKEN.finditer(body):
        assert token.start() == end, body[end : end + 20]
        end = token.end()
        number, red, green, blue, count, character, move = token.groups()
        if number and red:
            colours[int(number)] = [round(int(part) * 2.55) for part in (red, green, blue)]
        elif number:
            colour = int(number)
        elif move:
            x, y = 0, y + (6 if move == "-" else 0)
        else:
            bits = ord(character) - 63
            for row in range(6):
                if bits >> row & 1:
                    pixels[y + row, x : x + int(count or 1)] = [*colours[colour], 255]
            x += int(count or 1)
            assert x <= int(width)
    assert end == len(body)
    assert not pixels[int(height) :].any(), "nothing is set below the picture"
    return pixels[: int(height)]


def mixed(pixels):
    """The colours seen from a little further off: the means of 5 × 5 pixels."""
    height, width = pixels.shape[:2]
    return pixels.reshape(height // 5, 5, width // 5, 5, 3).mean(axis=(1, 3))


@given(st.integers(1, 45), st.integers(1, 80), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_what_is_encoded_comes_back(height, width, colours, seed):
    chance = np.random.default_rng(seed)
    coarse = chance.integers(0, colours + 1, (-(-height // 3), -(-width // 7)))
    dots = np.repeat(np.repeat(coarse, 3, 0), 7, 1)[:height, :width].astype(np.uint8)
    palette = np.rint(chance.integers(0, 101, (colours, 3)) * 2.55).astype(np.uint8)
    found = decoded(encode(dots, palette))
    assert ((found[..., 3] == 255) == (dots > 0)).all()
    assert (found[..., :3][dots > 0] == palette[dots[dots > 0] - 1]).all()


@pytest.mark.parametrize(
    ("dots", "body"),
    [
        (["11111"], "!5@"),
        (["111"], "@@@"),
        (["..1"], "??@"),
        ([".....1"], "!5?@"),
        (["1", "1", "2"], "#1B$#2C"),
        (["1"] * 7, "#1~-#1@"),
        (["."] * 12 + ["1"], "--#1@"),
        (["1.2", "..2"], "#1@$#2??B"),
        (["..."], ""),
    ],
    ids=["run", "short run", "gap", "long gap", "two colours", "two bands", "empty bands", "columns", "nothing"],
)
def test_small_pictures_are_written_as_by_hand(dots, body):
    indices = np.array([[int(dot.replace(".", "0")) for dot in row] for row in dots], dtype=np.uint8)
    text = encode(indices, np.array([[255, 0, 0], [0, 0, 255]], dtype=np.uint8))
    registers = "".join(
        register for colour, register in ((1, "#1;2;100;0;0"), (2, "#2;2;0;0;100")) if (indices == colour).any()
    )
    body = body if body.startswith(("#", "-")) or not body else f"#1{body}"
    assert text == f'\x1bP0;1q"1;1;{indices.shape[1]};{indices.shape[0]}{registers}{body}\x1b\\'


def test_a_photograph_keeps_its_colours(picture):
    pixels = np.asarray(Image.open(io.BytesIO(picture(1, size=(200, 120)))).convert("RGB"))
    indices, palette = quantized(pixels)
    assert indices.min() >= 1
    assert len(palette) <= COLOURS
    found = decoded(encode(indices, palette))
    assert (found[..., 3] == 255).all()
    assert np.abs(mixed(found[..., :3]) - mixed(pixels)).mean() < 2.5


def line(width=4, cell_px=(3, 6)):
    dots = np.arange(width * cell_px[0] * cell_px[1]).reshape(cell_px[1], -1) % 3
    palette = np.array([[255, 0, 0], [0, 255, 0]], dtype=np.uint8)
    under = half_cells(np.zeros((2, width, 3), dtype=np.uint8), "truecolor")[0]
    return SixelLine(dots.astype(np.uint8), palette, cell_px, (9, 8, 7), under)


def test_a_line_wipes_its_cells_paints_and_leaves_the_cursor_behind_them():
    text = line().text()
    assert text.startswith("\x1b7\x1b[48;2;9;8;7m    \x1b[0m\x1b8\x1b7\x1bP")
    assert text.endswith("\x1b\\\x1b8\x1b[4C")
    assert line()[2:2].text() == ""
    bare = replace(line(), dots=np.zeros((6, 12), dtype=np.uint8))
    assert bare.text() == "\x1b[48;2;9;8;7m    \x1b[0m", "where nothing is to be painted, no picture is sent"


def test_a_line_can_be_cut_at_cells():
    whole = line()
    part = whole[1:4][1:]
    assert (len(part), len(part.plain)) == (2, 2)
    picture = decoded(SIXEL.search(part.text())[0])
    assert (picture == decoded(SIXEL.search(whole.text())[0])[:, 6:]).all()


def drawn(written, cells=(30, 10), cell_px=(10, 20)):
    """What is on the screen in the end: (height, width, 4) of sixels, and lines of text; as xterm does it."""
    pixels = np.zeros((cells[1] * cell_px[1], cells[0] * cell_px[0], 4), dtype=int)
    text = [[" "] * cells[0] for _ in range(cells[1])]
    row = column = 0
    saved = (0, 0)
    for match in OUTPUT.finditer(written.decode(errors="replace")):
        y, x = row * cell_px[1], column * cell_px[0]
        if match["sixel"]:
            picture = decoded(match["sixel"])
            assert picture.shape[0] == cell_px[1], "a line is as high as a cell"
            there = pixels[y : y + picture.shape[0], x : x + picture.shape[1]]
            there[picture[..., 3] == 255] = picture[picture[..., 3] == 255]
            row = column = -1  # where a picture leaves the cursor is not to be relied on
        elif match["row"]:
            row, column = int(match["row"]) - 1, int(match["column"]) - 1
        elif match["on"]:
            column += int(match["on"])
        elif match["saved"]:
            saved = row, column
        elif match["back"]:
            row, column = saved
        elif match["text"] and column < cells[0]:
            text[row][column] = match["text"]
            pixels[y : y + cell_px[1], x : x + cell_px[0]] = 0
            column += 1
    return pixels, ["".join(line) for line in text]


@pytest.fixture
def showing(need, play, tmp_path, picture):
    """A terminal with sixel graphics on which a wide picture is shown, and the picture."""
    need("textual")
    (tmp_path / "wide.png").write_bytes(picture(2, size=(600, 200)))
    terminal = play(WITH_SIXEL)
    terminal.run(sys.executable, "-P", str(Path(__file__).with_name("show_picture.py")), str(tmp_path / "wide.png"))
    terminal.until(lambda written: len(SIXEL.findall(written.decode(errors="replace"))) == LINES)
    return terminal, np.asarray(Image.open(tmp_path / "wide.png").resize((300, 100), Image.Resampling.LANCZOS))


def test_a_terminal_with_sixel_graphics_is_sent_the_pixels(showing):
    terminal, wanted = showing
    screen, _ = drawn(terminal.settled())
    assert (screen[50:150, :, 3] == 255).all()
    assert not screen[:50, :, 3].any(), "the ground is not painted"
    assert not screen[150:, :, 3].any()
    assert np.abs(mixed(screen[50:150, :, :3]) - mixed(wanted)).mean() < 2.5


def test_a_note_over_the_picture_is_not_painted_over(showing):
    terminal, wanted = showing
    terminal.settled()
    terminal.type("t")
    terminal.until(lambda written: b"a note over" in written)
    screen, text = drawn(terminal.settled())
    (row,) = [number for number, line in enumerate(text) if "a note over" in line]
    column = text[row].index("▌")
    note = slice(row * 20, row * 20 + 20), slice(column * 10, text[row].rindex("over") * 10 + 50)
    assert not screen[note][..., 3].any()
    screen, wanted = screen[50:150, :, :3], wanted.copy()
    left = slice(0, column * 10)
    assert np.abs(mixed(screen[:, left]) - mixed(wanted[:, left])).mean() < 2.5, "beside it, the picture is whole"


def test_under_a_box_it_is_half_cells_and_afterwards_sixels_again(showing):
    terminal, wanted = showing
    before = len(terminal.settled())
    terminal.type("m")
    terminal.until(lambda written: b"a box" in written[before:])
    screen, text = drawn(terminal.settled())
    assert not screen.any()
    assert "▀" * 9 in text[4]
    terminal.type("\x1b")
    terminal.until(lambda written: drawn(written)[0][50:150, :, 3].all())
    screen, text = drawn(terminal.settled())
    assert np.abs(mixed(screen[50:150, :, :3]) - mixed(wanted)).mean() < 2.5
    assert not "".join(text).strip()
