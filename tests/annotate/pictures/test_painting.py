import io
import re

import numpy as np
import pytest
from PIL import Image

from annotate.pictures.cells import DOTS, SHADES, Paint
from annotate.pictures.closeup import Closeup
from annotate.pictures.decoding import Box
from annotate.pictures.gallery import Gallery
from annotate.pictures.kitty import PlaceholderLine
from annotate.pictures.painting import Scene, dots, finish, sketch
from annotate.pictures.sixel import SixelLine
from curator.errors import InputError

GROUND = (1, 2, 3)
COLOURED = list(DOTS)


@pytest.fixture
def gallery():
    """Two pictures: `wide` is 400 × 200, red on the left and blue on the right; `bad` is none."""
    pixels = np.zeros((200, 400, 3), dtype=np.uint8)
    pixels[:, :200], pixels[:, 200:] = (255, 0, 0), (0, 0, 255)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return Gallery(lambda blob: buffer.getvalue() if blob == "wide" else b"bad")


def scene(paint, closeup=None, blob="wide", columns=20, rows=10):
    return Scene(blob, closeup or Closeup(), columns, rows, GROUND, paint)


def colours(line):
    """The two colours of each cell."""
    return [*zip(map(tuple, line.plain.ink.tolist()), map(tuple, line.plain.ground.tolist()), strict=True)]


@pytest.mark.parametrize("renderer", COLOURED)
def test_a_picture_lies_in_the_middle_in_its_shape(gallery, renderer):
    lines = sketch(scene(Paint(renderer)), gallery.thumbnail("wide")).lines
    assert [len(line) for line in lines] == [20] * 10
    red, blue, ground = ((255, 0, 0),) * 2, ((0, 0, 255),) * 2, (GROUND,) * 2
    # 20 cells are 200 pixels wide: 100 high, five lines of ten; half a line stays on either side.
    assert colours(lines[1]) == colours(lines[8]) == [ground] * 20
    assert colours(lines[4])[:6] == [red] * 6
    assert colours(lines[4])[14:] == [blue] * 6


@pytest.mark.parametrize("cell_px", [(10, 20), (10, 15), (12, 30)], ids=str)
@pytest.mark.parametrize("renderer", [*COLOURED, "shades", "sixel", "kitty"])
def test_whatever_the_cell_a_square_stays_square(cell_px, renderer):
    paint = Paint(renderer, cell_px=cell_px)
    frame = scene(paint, columns=60, rows=20).frame((100, 100), paint)
    across, down = dots(paint)
    wide, high = frame.width / across * cell_px[0], frame.height / down * cell_px[1]
    assert abs(wide - high) <= max(cell_px) / min(across, down)


def test_shades_come_as_text(gallery):
    painted = sketch(scene(Paint("shades")), gallery.thumbnail("wide"))
    assert painted.lines == ()
    assert [len(row) for row in painted.ink] == [20] * 10
    assert set("".join(painted.ink)) <= set(SHADES)


@pytest.mark.parametrize("renderer", ["kitty", "sixel"])
def test_graphics_are_sketched_in_half_cells_which_stay_under_them(gallery, renderer):
    paint = Paint(renderer)
    first = sketch(scene(paint), gallery.thumbnail("wide")).lines
    assert [line.text() for line in first] == [
        line.text() for line in sketch(scene(Paint("half")), gallery.thumbnail("wide")).lines
    ]
    painted = finish(scene(paint), gallery)
    kind = {"kitty": PlaceholderLine, "sixel": SixelLine}[renderer]
    assert all(isinstance(line, kind) for line in painted.lines)
    assert [line.plain.text() for line in painted.lines] == [line.text() for line in first]
    assert bool(painted.image) == bool(painted.sent_before) == (renderer == "kitty")


def test_a_terminal_is_sent_as_many_pixels_as_it_shows(gallery):
    painted = finish(scene(Paint("kitty", cell_px=(8, 16))), gallery)
    assert re.search(r"s=160,v=80,", painted.sent_before)
    assert re.search(r"c=20,r=10,", painted.sent_before)


@pytest.mark.parametrize("renderer", [*COLOURED, "shades"])
def test_seen_whole_the_sketch_is_as_good_as_it_gets(gallery, renderer):
    whole = scene(Paint(renderer))
    first, last = sketch(whole, gallery.thumbnail("wide")), finish(whole, gallery)
    assert [line.text() for line in first.lines] == [line.text() for line in last.lines]
    assert first.ink == last.ink
    assert first.seen == last.seen == Box()


@pytest.mark.parametrize("renderer", [*COLOURED, "kitty", "sixel"])
def test_a_close_look_sees_a_part(gallery, renderer):
    painted = finish(scene(Paint(renderer), Closeup(4.0, 0.1, 0.5)), gallery)
    assert painted.seen == Box(0.0, 0.25, 0.25, 0.75)
    assert colours(painted.lines[0]) == colours(painted.lines[9]) == [((255, 0, 0),) * 2] * 20, "it fills all cells"


def test_what_cannot_be_read_is_raised(gallery):
    with pytest.raises(InputError, match="no picture"):
        finish(scene(Paint("half"), blob="bad"), gallery)
