"""The picture being captioned: shown at once as well as can be, then as well as the terminal can; looked at closely."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.segment import Segment
from rich.text import Text
from textual import events, work
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import get_current_worker

from annotate.pictures.cells import Paint
from annotate.pictures.closeup import Closeup
from annotate.pictures.gallery import Gallery
from annotate.pictures.kitty import removal
from annotate.pictures.painting import Painted, Scene, finish, sketch
from annotate.pictures.terminal import size
from annotate.widgets.cell_strip import CellStrip
from curator.errors import CuratorError


class Picture(Widget):
    """Shows one picture as large as its shape allows, or a part of it, or says why it cannot."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Picture { content-align: center middle; color: $text-muted; background: $background; }
    """

    @dataclass
    class Finished(Message):
        """A picture is painted as well as it can be, or could not be read."""

        scene: Scene
        painted: Painted | None
        trouble: Exception | None = None

    def __init__(self, gallery: Gallery, paint: Paint, id: str | None = None) -> None:  # noqa: A002 as Textual names it
        super().__init__(id=id)
        self._gallery = gallery
        self.paint = paint
        self.closeup = Closeup()
        self._blob = ""
        self._about = ""
        self._scene: Scene | None = None
        self._painted: Painted | None = None
        self._lines: list[Strip] = []
        self._sent: list[int] = []

    def show(self, blob: str, about: str, following: str | Sequence[str] | None) -> None:
        """Show a picture, described by `about` where none can be painted; a new one is seen whole.

        `following` is prepared meanwhile: one picture or several, the most likely first; None leaves to the caller
        what the gallery prepares.
        """
        if blob != self._blob:
            self.closeup = Closeup()
        self._blob, self._about = blob, about
        self._paint()
        if following is not None and self.paint.renderer != "none":
            self._gallery.prepare([following] if isinstance(following, str) else following)

    def zoom(self, by: float) -> None:
        """Look `by` times as closely, around the middle of what is seen; less than 1 goes back."""
        self._look(self.closeup.zoomed(by))

    def pan(self, dx: float, dy: float) -> None:
        """Move what is seen by fractions of its own width and height: 0.25 is a quarter to the right or down."""
        if self._painted is not None:
            self._look(self.closeup.panned(dx, dy, self._painted.seen))

    def reset(self) -> None:
        """See the whole picture again."""
        self._look(Closeup())

    def _look(self, closeup: Closeup) -> None:
        if closeup != self.closeup:
            self.closeup = closeup
            self._paint()

    def on_resize(self, event: events.Resize) -> None:
        self._paint()

    def on_unmount(self) -> None:
        self._forget(0)

    def on_picture_finished(self, message: Finished) -> None:
        message.stop()
        if message.scene != self._scene:
            return
        if message.painted is not None:
            self._take(message.painted)
        else:
            error = message.trouble
            told = f"{error.message}\n\n{error.hint or ''}" if isinstance(error, CuratorError) else str(error)
            self._about = told.strip()
            self._take(None)

    def render(self) -> Text:
        if self._painted is None:
            return Text(self._about, justify="center")
        return Text("\n".join([*self._painted.ink, *self._note()]), no_wrap=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._scene is not None and self._scene.ground != self._ground:
            self.call_later(self._paint)  # its background was changed, by the focus for example
        if not self._lines:
            return super().render_lines(crop)
        return [strip.crop(crop.x, crop.right) for strip in self._lines[crop.y : crop.bottom]]

    @property
    def _ground(self) -> tuple[int, int, int]:
        return self.background_colors[1].rgb

    def _note(self) -> list[str]:
        return [self.closeup.describe()] if self.closeup.close else []

    def _paint(self) -> None:
        if not (self._blob and self.size) or self.paint.renderer == "none":
            self._scene = None
            self._take(None)
            return
        rows = max(1, self.size.height - len(self._note()))
        scene = Scene(self._blob, self.closeup, self.size.width, rows, self._ground, self._current_paint())
        thumbnail = self._gallery.ready(self._blob)
        self._scene = scene
        self._take(None if thumbnail is None else sketch(scene, thumbnail))
        if thumbnail is None or scene.closeup.close or scene.paint.graphics:
            self._finish(scene)

    @work(thread=True, exclusive=True, group="picture", exit_on_error=False)
    def _finish(self, scene: Scene) -> None:
        if get_current_worker().is_cancelled:  # another picture was asked for before a thread was free
            return
        try:
            self.post_message(self.Finished(scene, finish(scene, self._gallery)))
        except (CuratorError, OSError) as error:
            self.post_message(self.Finished(scene, None, error))

    def _take(self, painted: Painted | None) -> None:
        self._painted = painted
        self._lines = [CellStrip(line) for line in painted.lines] if painted else []
        if self._lines:
            self._lines += [self._note_strip(note) for note in self._note()]
        if painted and painted.image:
            self._send(painted.sent_before)
            self._sent.append(painted.image)
            self._forget(2)  # the placeholders of the picture before are still on the screen
        self.refresh()

    def _note_strip(self, note: str) -> Strip:
        return Strip([Segment(note, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)

    def _forget(self, kept: int) -> None:
        """Make the terminal forget all pictures but the `kept` ones sent last."""
        while len(self._sent) > kept:
            self._send(removal(self._sent.pop(0)))

    def _send(self, text: str) -> None:
        """Bring text to the terminal in order with what is drawn: by the driver, whose queue both go through."""
        driver = self.app._driver
        if driver is not None:
            driver.write(text)

    def _current_paint(self) -> Paint:
        """The paint with the size that a cell has now: a terminal's font can be changed while it is open."""
        if not self.paint.graphics or self.app.is_headless or sys.__stderr__ is None:
            return self.paint
        _, _, cell_px = size(sys.__stderr__.fileno())
        return replace(self.paint, cell_px=cell_px) if cell_px else self.paint
