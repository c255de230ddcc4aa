import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.pictures.closeup import LARGEST_ZOOM, Closeup
from annotate.pictures.decoding import Box

SIDES = st.integers(1, 600)
CELLS = st.integers(1, 90)


@given(SIDES, SIDES, CELLS, CELLS, st.sampled_from([0.5, 0.75, 1.0]))
def test_the_whole_picture_keeps_its_shape_and_touches_two_sides(columns, rows, width, height, dot):
    frame = Closeup().frame((columns, rows), width, height, dot)
    assert frame.box == Box()
    assert frame.width == width or frame.height == height
    assert frame.width <= width
    assert frame.height <= height
    scale = min(width * dot / columns, height / rows)
    assert abs(frame.width - columns * scale / dot) <= 1
    assert abs(frame.height - rows * scale) <= 1


@given(
    SIDES, SIDES, CELLS, CELLS, st.floats(1, LARGEST_ZOOM), st.floats(0, 1), st.floats(0, 1), st.sampled_from([0.5, 1])
)
def test_what_is_seen_lies_within_the_picture_and_the_dots(columns, rows, width, height, zoom, x, y, dot):
    frame = Closeup(zoom, x, y).frame((columns, rows), width, height, dot)
    assert 0 <= frame.box.left < frame.box.right <= 1
    assert 0 <= frame.box.top < frame.box.bottom <= 1
    assert 1 <= frame.width <= width
    assert 1 <= frame.height <= height


def test_from_near_a_picture_is_larger_and_fills_what_there_is():
    wide = (200, 100)
    assert Closeup().frame(wide, 60, 60).height == 30
    near = Closeup(4.0, 0.5, 0.5).frame(wide, 60, 60)
    assert (near.width, near.height) == (60, 60)
    assert near.box == Box(0.375, 0.25, 0.625, 0.75)
    assert Closeup(4.0, 0.0, 1.0).frame(wide, 60, 60).box == Box(0.0, 0.5, 0.25, 1.0)


@pytest.mark.parametrize(
    ("steps", "zoom"),
    [([2, 2], 4), ([0.5], 1), ([2, 0.25], 1), ([1000], LARGEST_ZOOM), ([1000, 0.5], LARGEST_ZOOM / 2)],
    ids=["twice", "not below the whole", "back to the whole", "not past the largest", "back from there"],
)
def test_zooming(steps, zoom):
    closeup = Closeup()
    for step in steps:
        closeup = closeup.zoomed(step)
    assert closeup.zoom == zoom
    assert closeup.close == (zoom > 1)


def test_back_at_the_whole_the_place_is_forgotten():
    assert Closeup(2.0, 0.1, 0.9).zoomed(0.5) == Closeup()


def test_panning_goes_by_what_is_seen_and_ends_at_the_edges():
    closeup = Closeup(4.0)
    seen = closeup.frame((100, 100), 50, 50).box
    assert closeup.panned(0.5, -0.5, seen) == Closeup(4.0, 0.625, 0.375)
    assert closeup.panned(99, -99, seen) == Closeup(4.0, 0.875, 0.125)
    back = closeup.panned(99, 0, seen).panned(-1, 0, seen)
    assert back.x == 0.625, "no step is lost at the edge"
    assert Closeup().panned(1, 1, Box()) == Closeup()


def test_it_is_told_in_a_line():
    assert Closeup(2.25, 0.25, 0.5).describe() == "2.25× at 25% from the left, 50% from the top"
