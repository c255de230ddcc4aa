import base64
import io
import re
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from annotate.pictures.cells import half_cells
from annotate.pictures.kitty import MARKS, PLACEHOLDER, PlaceholderLine, new_id, transmission
from annotate.pictures.terminal import ASK_ATTRIBUTES, ASK_KITTY, ASK_NAME

COMMAND = re.compile(rb"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\")
CELLS = re.compile(rf"\x1b\[38;2;(\d+);(\d+);(\d+);48;2;\d+;\d+;\d+m((?:{PLACEHOLDER}..)+)")
KITTY = {
    ASK_NAME: b"\x1bP>|kitty(0.35.2)\x1b\\",
    ASK_KITTY: b"\x1b_Gi=31;OK\x1b\\",
    ASK_ATTRIBUTES: b"\x1b[?62;c",
}


def commands(written):
    """(keys, payload) of each command that is complete, with the parts of its payload put together."""
    whole = []
    for keys, payload in COMMAND.findall(written):
        pairs = dict(pair.split(b"=") for pair in keys.split(b","))
        if whole and whole[-1][0].get(b"m") == b"1":
            whole[-1] = ({**whole[-1][0], b"m": pairs[b"m"]}, whole[-1][1] + payload)
        else:
            whole.append((pairs, payload))
    return [each for each in whole if each[0].get(b"m") != b"1"]


def sent(written):
    """Id → pixels of the pictures that were sent, and the cells each is fitted into."""
    pictures = {}
    for keys, payload in commands(written):
        if keys.get(b"a") == b"T":
            assert (keys[b"U"], keys[b"f"], keys[b"o"], keys[b"q"]) == (b"1", b"24", b"z", b"2")
            shape = int(keys[b"v"]), int(keys[b"s"]), 3
            pixels = np.frombuffer(zlib.decompress(base64.b64decode(payload)), dtype=np.uint8).reshape(shape)
            pictures[int(keys[b"i"])] = (pixels, (int(keys[b"c"]), int(keys[b"r"])))
    return pictures


def placed(written):
    """(id, row, column) of every placeholder that was written."""
    found = set()
    for red, green, blue, cells in CELLS.findall(written.decode(errors="replace")):
        image = int(red) << 16 | int(green) << 8 | int(blue)
        for cell in range(0, len(cells), 3):
            found.add((image, MARKS.index(cells[cell + 1]), MARKS.index(cells[cell + 2])))
    return found


def removed(written):
    return [int(keys[b"i"]) for keys, _ in commands(written) if keys.get(b"a") == b"d"]


def test_the_marks_are_the_ones_of_the_protocol(need):
    need("textual")
    from textual_image.renderable import tgp

    assert [ord(mark) for mark in MARKS] == tgp._NUMBER_TO_DIACRITIC


@pytest.mark.parametrize("size", [(1, 1), (64, 48), (300, 200)])
def test_a_picture_comes_through_whole(size):
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    text = transmission(77, pixels, 30, 10).encode()
    parts = COMMAND.findall(text)
    assert all(len(payload) <= 4096 for _, payload in parts)
    assert b"".join(b"\x1b_G%s;%s\x1b\\" % part for part in parts) == text, "nothing else is sent"
    ((image, (found, cells)),) = sent(text).items()
    assert (image, cells) == (77, (30, 10))
    assert (found == pixels).all()


def test_a_line_of_placeholders_can_be_cut():
    under = half_cells(np.zeros((2, 5, 3), dtype=np.uint8), "truecolor")[0]
    line = PlaceholderLine(0x010203, 7, 0, (9, 8, 7), under)
    assert placed(line.text().encode()) == {(0x010203, 7, column) for column in range(5)}
    assert placed(line[1:4][1:].text().encode()) == {(0x010203, 7, column) for column in (2, 3)}
    assert (len(line[1:4][1:]), len(line[1:4][1:].plain)) == (2, 2)
    assert line[2:2].text() == ""
    assert "48;2;9;8;7m" in line.text()


def test_ids_fit_into_a_colour():
    assert all(0 < new_id() < 2**24 for _ in range(100))


@pytest.fixture
def files(tmp_path, picture):
    found = []
    for seed in range(4):
        found.append(tmp_path / f"{seed}.png")
        found[-1].write_bytes(picture(seed, size=(400, 200)))
    return found


def test_a_terminal_with_kitty_graphics_is_sent_the_pixels(need, play, files):
    need("textual")
    terminal = play(KITTY)
    process = terminal.run(sys.executable, "-P", str(Path(__file__).with_name("show_picture.py")), *map(str, files))
    grid = {(row, column) for row in range(10) for column in range(30)}
    for number, file in enumerate(files):
        if number:
            terminal.type("n")
        terminal.until(lambda written, count=number: len(sent(written)) == count + 1)
        newest = list(sent(terminal.written))[-1]
        terminal.until(lambda written, image=newest: {each[1:] for each in placed(written) if each[0] == image} == grid)
        found, cells = sent(terminal.written)[newest]
        wanted = Image.open(file).resize((300, 150), Image.Resampling.LANCZOS)
        assert cells == (30, 10)
        assert np.abs(found.astype(int) - np.asarray(wanted)).max() <= 1
    order = list(sent(terminal.written))
    assert removed(terminal.written) == order[:2], "the one before the newest may still be on the screen"
    terminal.type("q")
    assert process.wait(30) == 0
    assert sorted(removed(terminal.settled())) == sorted(order)


def test_a_closer_look_sends_pixels_of_the_full_resolution(need, play, tmp_path):
    need("textual")
    stripes = np.zeros((2000, 4000, 3), dtype=np.uint8)
    stripes[:, np.arange(4000) // 4 % 2 == 1] = 255
    buffer = io.BytesIO()
    Image.fromarray(stripes).save(buffer, "PNG")
    (tmp_path / "stripes.png").write_bytes(buffer.getvalue())
    terminal = play(KITTY)
    script = str(Path(__file__).with_name("show_picture.py"))
    terminal.run(sys.executable, "-P", script, str(tmp_path / "stripes.png"))
    terminal.until(lambda written: len(sent(written)) == 1)
    terminal.type("++")
    terminal.until(lambda written: any(cells == (30, 9) for _, cells in sent(written).values()))
    terminal.settled()
    found, cells = list(sent(terminal.written).values())[-1]
    assert cells == (30, 9), "one line says how close it is"
    assert found.shape == (180, 300, 3)
    row = found[90, :, 0].astype(int)
    changes = np.count_nonzero(np.diff(row > 127))
    assert np.ptp(row) > 200
    # 16 times as close, 4,000 pixels take 4,800 dots: a stripe of 4 takes 4.8, and 300 dots show 62 changes.
    assert 60 <= changes <= 64
    assert "16× at 50% from the left".encode() in terminal.written
