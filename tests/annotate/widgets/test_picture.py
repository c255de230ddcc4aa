"""The widget in an app without a terminal; on terminals that a test plays it is shown in test_kitty and test_sixel."""

import asyncio
import io
import threading

import numpy as np
import pytest
from PIL import Image

from annotate.pictures.cells import HALF, Paint
from annotate.pictures.closeup import Closeup
from annotate.pictures.gallery import Gallery
from curator.errors import StoreError

SIZE = (20, 10)
QUARTERS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))


class Blobs:
    """`quarters` has four colours; `1`, `2`, … are of one grey each; `missing` is missing. Notes what is read."""

    def __init__(self):
        self.read = []

    def __call__(self, blob):
        self.read.append(blob)
        if blob == "missing":
            raise StoreError("picture missing is missing", hint="restore it")
        if blob == "locked":
            raise PermissionError(13, "Permission denied")
        pixels = np.zeros((400, 400, 3), dtype=np.uint8)
        if blob == "quarters":
            for number, colour in enumerate(QUARTERS):
                pixels[number // 2 * 200 :, number % 2 * 200 :] = colour
        else:
            pixels[:] = 10 * int(blob)
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG")
        return buffer.getvalue()


class Shown:
    """A picture widget in an app that runs without a terminal."""

    def __init__(self, app, pilot, picture, blobs, gallery):
        self.app, self.pilot, self.picture, self.blobs, self.gallery = app, pilot, picture, blobs, gallery

    def lines(self):
        return self.picture.render_lines(self.picture.size.region)

    def colours(self):
        """(rows, columns, 3): the upper colour of each cell, as the screen holds it."""
        strips = self.app.screen._compositor.render_strips()
        rows = [[segment.style.color.triplet for segment in strip for _ in segment.text] for strip in strips]
        return np.array(rows)

    def text(self):
        return str(self.picture.render())

    async def until(self, condition):
        for _ in range(1000):
            if condition():
                await self.pilot.pause()
                return
            await asyncio.sleep(0.005)
            await self.pilot.pause()
        pytest.fail("it did not happen within five seconds")


@pytest.fixture
def showing(need):
    """`showing(story, paint)` runs a coroutine with a Shown of that paint."""
    need("textual")

    def run(story, paint=None, size=SIZE):
        from textual.app import App

        from annotate.widgets.picture import Picture

        blobs = Blobs()
        gallery = Gallery(blobs)
        picture = Picture(gallery, paint or Paint("half"))

        class Showing(App):
            def compose(self):
                yield picture

        async def play():
            app = Showing()
            async with app.run_test(size=size) as pilot:
                await story(Shown(app, pilot, picture, blobs, gallery))

        try:
            asyncio.run(play())
        finally:
            gallery.close()

    return run


def test_before_it_is_decoded_and_after(showing):
    async def story(at):
        at.picture.show("quarters", "a picture of quarters", None)
        assert at.text() == "a picture of quarters"
        await at.until(lambda: at.picture._lines)
        assert {line.cell_length for line in at.lines()} == {20}
        shown = at.colours()
        assert [tuple(shown[y, x]) for y in (1, 8) for x in (1, 18)] == list(QUARTERS)

    showing(story)


def test_what_was_prepared_is_there_at_once(showing):
    async def story(at):
        at.picture.show("1", "", ["2", "3"])
        await at.until(lambda: at.gallery.ready("3") is not None and at.gallery.ready("1") is not None)
        at.picture.show("2", "", "4")
        assert at.picture._lines, "nothing was waited for"
        await at.until(lambda: at.gallery.ready("4") is not None)
        assert sorted(at.blobs.read) == ["1", "2", "3", "4"]

    showing(story)


def test_a_slow_picture_does_not_show_in_place_of_the_next(showing):
    begun, go_on = threading.Event(), threading.Event()

    async def story(at):
        reading = at.gallery._read

        def slowly(blob):
            if blob == "1":
                begun.set()
                assert go_on.wait(30)
            return reading(blob)

        at.gallery._read = slowly
        at.picture.show("1", "", None)
        await at.until(begun.is_set)
        at.picture.show("2", "", None)
        await at.until(lambda: at.picture._lines)
        go_on.set()
        await at.until(lambda: at.gallery.ready("1") is not None)
        await at.pilot.pause(0.05)
        assert (at.colours() == 20).all()

    showing(story, size=(20, 10))


@pytest.mark.parametrize(("blob", "said"), [("missing", "is missing\n\nrestore it"), ("locked", "Permission denied")])
def test_what_cannot_be_shown_is_said(showing, blob, said):
    async def story(at):
        at.picture.show(blob, "a picture", None)
        await at.until(lambda: said in at.text())
        at.picture.show("1", "a picture", None)
        await at.until(lambda: at.picture._lines)

    showing(story)


def test_zoom_and_pan_show_a_part_and_say_where(showing):
    async def story(at):
        at.picture.show("quarters", "", None)
        await at.until(lambda: at.picture._lines)
        at.picture.zoom(4)
        assert len(at.picture._lines) == 10, "the sketch is there at once"
        at.picture.pan(-9, -9)
        await at.until(lambda: "quarters" in at.blobs.read[1:])
        lines = at.lines()
        assert lines[-1].text.startswith("4× at 14% from the")
        assert lines[-1].cell_length == 20
        assert HALF in lines[-2].text
        assert (at.colours()[:-1] == QUARTERS[0]).all(), "all cells but those of the last line"
        at.picture.pan(9, 9)
        await at.pilot.pause()
        assert (at.colours()[:-1] == QUARTERS[3]).all()
        at.picture.reset()
        await at.pilot.pause()
        assert HALF in at.lines()[-1].text
        assert tuple(at.colours()[1, 1]) == QUARTERS[0]

    showing(story)


def test_the_next_picture_is_seen_whole_and_the_same_one_stays_as_it_is(showing):
    async def story(at):
        at.picture.show("quarters", "", None)
        await at.until(lambda: at.picture._lines)
        at.picture.zoom(2)
        at.picture.show("quarters", "said anew", None)
        assert at.picture.closeup.zoom == 2
        at.picture.show("1", "", None)
        assert at.picture.closeup == Closeup()
        at.picture.pan(1, 1)
        assert at.picture.closeup == Closeup(), "there is nothing around what is seen"

    showing(story)


def test_shades_and_their_zoom(showing):
    async def story(at):
        at.picture.show("quarters", "", None)
        await at.until(lambda: "█" in at.text())
        assert len(at.text().splitlines()) == 10
        at.picture.zoom(2)
        await at.until(lambda: "2× at 50%" in at.text())
        assert len(at.text().splitlines()) == 10

    showing(story, Paint("shades"))


def test_where_nothing_can_be_painted_nothing_is_read(showing):
    async def story(at):
        at.picture.show("1", "dog.png", "2")
        at.picture.zoom(2)
        await at.pilot.pause(0.05)
        assert at.text() == "dog.png"
        assert at.blobs.read == []

    showing(story, Paint("none"))


@pytest.mark.parametrize("renderer", ["half", "quadrant", "sextant", "sixel", "kitty"])
@pytest.mark.parametrize("colours", ["truecolor", "256"])
def test_it_survives_every_size(showing, renderer, colours):
    async def story(at):
        at.picture.show("quarters", "", None)
        for size in [(60, 20), (120, 50), (5, 3), (1, 1), SIZE]:
            await at.pilot.resize_terminal(*size)
            at.picture.zoom(3)
            await at.pilot.pause()
            at.picture.reset()
        await at.until(lambda: len(at.picture._lines) == 10)
        assert {line.cell_length for line in at.lines()} == {20}

    showing(story, Paint(renderer, colours))


@pytest.mark.parametrize("renderer", ["half", "sextant", "sixel", "kitty"])
def test_no_style_is_made_for_a_cell(showing, renderer):
    """A line goes to the terminal as one string; only a modal or a screenshot needs more."""

    async def story(at):
        at.picture.show("quarters", "", None)
        await at.until(lambda: at.picture._lines)
        at.picture.zoom(2)
        at.picture.reset()
        await at.pilot.pause(0.2)
        assert at.lines() == at.picture._lines, "where nothing lies over it, no line is cut"
        assert all(line._made is None for line in at.picture._lines)
        assert at.picture._lines[3].render(at.app.console) == at.picture._lines[3]._line.text()

    showing(story, Paint(renderer))


def test_the_ground_follows_the_widget(showing):
    async def story(at):
        at.picture.show("1", "", None)
        await at.until(lambda: at.picture._lines)
        at.picture.styles.background = "#123456"
        await at.until(lambda: tuple(at.colours()[5, 0]) == (0x12, 0x34, 0x56))

    showing(story, size=(40, 10))


def test_a_cut_line_is_the_same_cells(showing):
    async def story(at):
        at.picture.show("quarters", "", None)
        await at.until(lambda: at.picture._lines)
        whole = at.picture._lines[2]
        parts = whole.divide([3, 8, 20])
        assert [part.cell_length for part in parts] == [3, 5, 12]
        assert [segment for part in parts for segment in part] == list(whole)
        assert whole.crop(0, 99) is whole
        assert whole.crop(7, 3).cell_length == 0

    showing(story)
