"""The caption being written: Textual's text area, with whole graphemes, ordered keys, and the session's undo."""

import bisect
from collections.abc import Mapping

import regex
from rich.text import Text
from textual import events
from textual.widgets import TextArea

from curator.console import plain


class CaptionEditor(TextArea):
    """Says that it changed through TextArea.Changed; what it holds is `caption`.

    Keys in `ordered` are carried out here, between the letters typed before and after them. As ordinary bindings they
    would bubble up to the screen while later letters still go into this text.
    """

    DEFAULT_CSS = """
    CaptionEditor {
        background: $background; padding: 0 1;
        border: round $panel-lighten-3; border-title-color: $text-muted;
        &:focus { border: round $accent; border-title-color: $accent; }
    }
    """
    BORDER_TITLE = "Caption"

    def __init__(self, ordered: Mapping[str, str], id: str | None = None) -> None:  # noqa: A002 as Textual names it
        super().__init__(
            id=id, soft_wrap=True, tab_behavior="focus", show_line_numbers=False, highlight_cursor_line=False,
            placeholder="Describe the picture …",
        )  # fmt: skip
        self._ordered = ordered
        self._loaded = self._echo = ""

    @property
    def caption(self) -> str:
        """The text as loaded while it is untouched (a text area folds rare line breaks), else as edited."""
        return self._loaded if self.text == self._echo else self.text

    def show(self, text: str, cursor: int | None = None) -> None:
        """Replace the text; the cursor goes to character `cursor`, or to the end."""
        self.load_text(text)
        self._loaded, self._echo = text, self.text
        end = len(text) if cursor is None else cursor
        before = self.text[:end].split(self.document.newline)
        self.move_cursor((len(before) - 1, len(before[-1])))

    async def on_key(self, event: events.Key) -> None:
        if action := self._ordered.get(event.key):
            event.stop()
            event.prevent_default()
            await self.run_action(f"screen.{action}")

    def get_line(self, line_index: int) -> Text:
        """A line as it is drawn: control characters of other people's texts replaced, one for one."""
        return Text(plain(self.document.get_line(line_index)), end="", no_wrap=True)

    def get_cursor_left_location(self) -> tuple[int, int]:
        row, column = self.cursor_location
        edges = self._edges(row)
        before = bisect.bisect_left(edges, column) - 1
        return (row, edges[before]) if before >= 0 else super().get_cursor_left_location()

    def get_cursor_right_location(self) -> tuple[int, int]:
        row, column = self.cursor_location
        edges = self._edges(row)
        after = bisect.bisect_right(edges, column)
        return (row, edges[after]) if after < len(edges) else super().get_cursor_right_location()

    def _edges(self, row: int) -> list[int]:
        """The columns between the graphemes of a line, both ends included."""
        line = self.document.get_line(row)
        return [0, *(match.end() for match in regex.finditer(r"\X", line))]
