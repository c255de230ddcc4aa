"""A line of a painted picture as Textual wants it: one ready-made string all the way to the terminal.

Textual is pinned for this file: it replaces `Strip._segments`, which is private, so that no style object is made for
each cell.
"""

from collections.abc import Iterable, Sequence

from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from annotate.pictures.cells import Line


class CellStrip(Strip):
    """A line of cells. Style objects are made only where something must change colours (a modal, a screenshot)."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._made: list[Segment] | None = None
        super().__init__((), len(line))
        self._cell_count = len(line)
        self._render_cache = None

    @property
    def _segments(self) -> list[Segment]:
        if self._made is None:
            cells = self._line.plain
            self._made = [
                Segment(glyph, Style(color=Color.from_rgb(*ink), bgcolor=Color.from_rgb(*ground)))
                for glyph, ink, ground in zip(cells.glyphs(), cells.ink.tolist(), cells.ground.tolist(), strict=True)
            ]
        return self._made

    @_segments.setter
    def _segments(self, value: list[Segment]) -> None:
        """Strip's own constructor sets the empty list it is given; the line is what counts."""

    def render(self, console: Console) -> str:
        if self._render_cache is None:
            self._render_cache = self._line.text()
        return self._render_cache

    def crop(self, start: int, end: int | None = None) -> Strip:
        start, end = max(0, start), len(self._line) if end is None else min(end, len(self._line))
        return self if (start, end) == (0, len(self._line)) else CellStrip(self._line[start : max(start, end)])

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        ends = [cut for cut in cuts if cut <= len(self._line)]
        return [self.crop(start, end) for start, end in zip([0, *ends], ends, strict=False)]
