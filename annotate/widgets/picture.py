"""The picture being captioned, in half cells; decoding happens in a thread, and the next picture is decoded ahead.

Textual is pinned for this file: it replaces `Strip._segments`, which is private, so that a line of cells stays one
ready-made string on its way to the terminal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events, work
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from annotate.cells import HALF, Cells, Paint, half_cells, shades
from annotate.pictures import Gallery, Pixels, fit, on_canvas
from curator.errors import CuratorError


class CellStrip(Strip):
    """A line of half cells. Style objects are made only where something must change colours (a modal, a screenshot)."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._made: list[Segment] | None = None
        super().__init__((), len(cells))
        self._cell_count = len(cells)
        self._render_cache = None

    @property
    def _segments(self) -> list[Segment]:
        if self._made is None:
            self._made = [
                Segment(HALF, Style(color=Color.from_rgb(*top), bgcolor=Color.from_rgb(*bottom)))
                for top, bottom in zip(self._cells.top.tolist(), self._cells.bottom.tolist(), strict=True)
            ]
        return self._made

    @_segments.setter
    def _segments(self, value: list[Segment]) -> None:
        """Strip's own constructor sets the empty list it is given; the cells are what counts."""

    def render(self, console: Console) -> str:
        if self._render_cache is None:
            self._render_cache = self._cells.text()
        return self._render_cache

    def crop(self, start: int, end: int | None = None) -> Strip:
        start, end = max(0, start), len(self._cells) if end is None else min(end, len(self._cells))
        return self if (start, end) == (0, len(self._cells)) else CellStrip(self._cells[start : max(start, end)])

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        ends = [cut for cut in cuts if cut <= len(self._cells)]
        return [self.crop(start, end) for start, end in zip([0, *ends], ends, strict=False)]


class Picture(Widget):
    """Shows one picture as large as its shape allows, or says why it cannot."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Picture { content-align: center middle; color: $text-muted; background: $background; }
    """

    @dataclass
    class Decoded(Message):
        """A thumbnail lies ready, or could not be made."""

        blob: str
        trouble: CuratorError | None

    def __init__(self, gallery: Gallery, paint: Paint, id: str | None = None) -> None:  # noqa: A002 as Textual names it
        super().__init__(id=id)
        self._gallery = gallery
        self.paint = paint
        self._blob = ""
        self._about = ""
        self._pixels: Pixels | None = None
        self._lines: list[CellStrip] = []

    def show(self, blob: str, about: str, following: str | None) -> None:
        """Show a picture, described by `about` where no picture can be painted; `following` is decoded ahead."""
        self._blob, self._about = blob, about
        self._pixels = None if self.paint == "none" else self._gallery.ready(blob)
        self._paint()
        if self.paint != "none":
            self._decode(blob, following)

    @work(thread=True, exclusive=True, group="picture", exit_on_error=False)
    def _decode(self, blob: str, following: str | None) -> None:
        trouble = None
        try:
            self._gallery.thumbnail(blob)
        except CuratorError as error:
            trouble = error
        self.post_message(self.Decoded(blob, trouble))
        if following is not None and trouble is None:
            self._gallery.thumbnail(following)

    def on_picture_decoded(self, message: Decoded) -> None:
        message.stop()
        if message.blob != self._blob:
            return
        if message.trouble is not None:
            self._about = f"{message.trouble.message}\n\n{message.trouble.hint or ''}".strip()
        elif self._pixels is None:
            self._pixels = self._gallery.ready(message.blob)
        else:
            return
        self._paint()

    def on_resize(self, event: events.Resize) -> None:
        self._paint()

    def render(self) -> Text:
        if self._pixels is None or self.paint == "none" or not self.size:
            return Text(self._about, justify="center")
        rows = shades(self._canvas(self._pixels))
        return Text("\n".join(rows), no_wrap=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        if not self._lines:
            return super().render_lines(crop)
        return [line.crop(crop.x, crop.right) for line in self._lines[crop.y : crop.bottom]]

    def _paint(self) -> None:
        self._lines = []
        if self._pixels is not None and self.size and self.paint in ("truecolor", "256"):
            rows = half_cells(self._canvas(self._pixels), "256" if self.paint == "256" else "truecolor")
            self._lines = [CellStrip(row) for row in rows]
        self.refresh()

    def _canvas(self, pixels: Pixels) -> Pixels:
        width, height = self.size.width, 2 * self.size.height
        ground = self.background_colors[1].rgb
        return on_canvas(fit(pixels, width, height), width, height, ground)
