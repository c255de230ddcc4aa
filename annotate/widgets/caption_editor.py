"""The caption being written: Textual's text area, with whole graphemes, ordered keys, and the session's undo.

What is loaded stays as it is stored until it is touched. What is pasted is cleaned and made NFC at once; the session
makes the rest NFC when it is submitted.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.widgets import TextArea
from textual.widgets.text_area import Location, Selection

from annotate.captioner.history import shared_start
from annotate.writing import graphemes
from annotate.writing.lint.remark import SEVERITIES, Remark
from annotate.writing.pasting import clean
from curator.console import plain

MARKS = {severity: f"caption-editor--{severity}" for severity in SEVERITIES}
CUT = "caption-editor--cut"


def mark_of(remark: Remark) -> str | None:
    """The style of what a remark points at: what GLIDE does not read is struck out, other faults are underlined.

    What CLIP does not read is said and not drawn: it is half of what GLIDE reads.
    """
    if remark.span is None or remark.kind == "clip-tokens":
        return None
    return CUT if remark.kind == "glide-tokens" else MARKS[remark.severity]


class CaptionEditor(TextArea):
    """Says that it changed through TextArea.Changed; what it holds is `caption`.

    Keys in `ordered` are carried out here, between the letters typed before and after them. As ordinary bindings they
    would bubble up to the screen while later letters still go into this text.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {*MARKS.values(), CUT}
    DEFAULT_CSS = """
    CaptionEditor {
        background: $background; padding: 0 1;
        border: round $panel-lighten-3; border-title-color: $text-muted;
        &:focus { border: round $accent; border-title-color: $accent; }
        & .caption-editor--error { color: $text-error; text-style: bold underline; }
        & .caption-editor--warning { color: $text-warning; text-style: underline; }
        & .caption-editor--hint { text-style: underline; }
        & .caption-editor--cut { color: $text-muted; text-style: strike; }
    }
    """
    BORDER_TITLE = "Caption"

    def __init__(self, ordered: Mapping[str, str], id: str | None = None) -> None:  # noqa: A002 as Textual names it
        self._loaded = self._echo = self._marked = self._offered_for = ""
        self._spans: list[tuple[int, int, str]] = []
        super().__init__(
            id=id, soft_wrap=True, tab_behavior="focus", show_line_numbers=False, highlight_cursor_line=False,
            placeholder="Describe the picture …",
        )  # fmt: skip
        self._ordered = ordered

    @property
    def caption(self) -> str:
        """The text as loaded while it is untouched (a text area folds rare line breaks), else as edited."""
        return self._loaded if self.text == self._echo else self.text

    @property
    def cursor_index(self) -> int:
        """Where the cursor is in `text`, in characters."""
        row, column = self.cursor_location
        return self._line_starts()[row] + column

    def show(self, text: str, cursor: int | None = None) -> None:
        """Replace the text; the cursor goes to character `cursor`, or to the end."""
        self._spans = []
        self.load_text(text)
        self._loaded, self._echo = text, self.text
        self.suggestion = ""
        end = len(text) if cursor is None else cursor
        before = self.text[:end].split(self.document.newline)
        self.move_cursor((len(before) - 1, len(before[-1])))

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """Underline what remarks on the text as it is now point at."""
        self._marked = self.text
        graver_last = sorted(remarks, key=lambda each: -SEVERITIES.index(each.severity))
        self._spans = [(*each.span, mark) for each in graver_last if each.span and (mark := mark_of(each))]
        self._line_cache.clear()
        self.refresh()

    def offer(self, rest: str) -> None:
        """Show how the word at the cursor may go on; nothing within a line, nor before the loaded text is touched."""
        row, column = self.cursor_location
        at_end = self.selection.is_empty and column == len(self.document[row])
        self.suggestion = rest if at_end and self.text != self._echo else ""
        self._offered_for = self.text

    def accept_suggestion(self) -> bool:
        """Take over the word that is offered; False where none is."""
        if not self.suggestion:
            return False
        self._replace_via_keyboard(self.suggestion, *self.selection)
        return True

    def put(self, phrase: str) -> None:
        """Write a phrase at the cursor, in place of what is selected, apart from the word before."""
        row, column = min(self.selection)
        before = self.document[row][:column]
        self._replace_via_keyboard(" " * bool(before and not before[-1].isspace()) + phrase, *self.selection)

    async def on_key(self, event: events.Key) -> None:
        if action := self._ordered.get(event.key):
            event.stop()
            event.prevent_default()
            await self.run_action(f"screen.{action}")

    async def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._paste(event.text)

    def action_paste(self) -> None:
        self._paste(self.app.clipboard)

    def _paste(self, text: str) -> None:
        pasted = clean(text)
        if result := self._replace_via_keyboard(pasted.text, *self.selection):
            self.move_cursor(result.end_location)
        if pasted.notes:
            self.notify(", ".join(pasted.notes), title="Pasted", markup=False)

    def get_line(self, line_index: int) -> Text:
        """A line as it is drawn: control characters of other people's texts replaced one for one, remarks underlined.

        While remarks are those on an earlier text, only what lies before the change is underlined.
        """
        shown = Whole(plain(self.document.get_line(line_index)), end="", no_wrap=True)
        start = self._line_starts()[line_index] if self._spans else 0
        valid = len(self.text) if self.text == self._marked else shared_start(self._marked, self.text)
        for first, last, name in self._spans:
            if last <= valid and last > start and first < start + len(shown):
                style = self.get_component_rich_style(name, partial=True)
                shown.stylize(style, max(0, first - start), last - start)
        return shown

    # ---- whole graphemes, wherever a cursor may come to stand

    def _validate_selection(self, selection: Selection) -> Selection:
        valid = super()._validate_selection(selection)
        return Selection(self._snapped(valid.start), self._snapped(valid.end))

    def get_cursor_left_location(self) -> Location:
        row, column = self.cursor_location
        before = graphemes.before(self.document[row], column)
        return super().get_cursor_left_location() if before is None else (row, before)

    def get_cursor_right_location(self) -> Location:
        row, column = self.cursor_location
        after = graphemes.after(self.document[row], column)
        return super().get_cursor_right_location() if after is None else (row, after)

    def get_cursor_word_left_location(self) -> Location:
        row, column = self.cursor_location
        if column == 0:
            return super().get_cursor_word_left_location()
        return row, graphemes.word_before(self.document[row], column)

    def get_cursor_word_right_location(self) -> Location:
        row, column = self.cursor_location
        if column == len(self.document[row]):
            return super().get_cursor_word_right_location()
        return row, graphemes.word_after(self.document[row], column)

    def action_delete_word_right(self) -> None:
        start, end = self.selection
        self._delete_via_keyboard(start, self.get_cursor_word_right_location() if start == end else end)

    def action_cursor_right(self, select: bool = False) -> None:
        if select:
            self.move_cursor(self.get_cursor_right_location(), select=True)
        elif not self.accept_suggestion():
            super().action_cursor_right()

    def _watch_selection(self, previous_selection: Selection, selection: Selection) -> None:
        super()._watch_selection(previous_selection, selection)
        if self.text == self._offered_for:  # the cursor moved and nothing was typed
            self.suggestion = ""

    def _snapped(self, location: Location) -> Location:
        row, column = location
        return row, graphemes.snap(self.document[row], column)

    def _line_starts(self) -> list[int]:
        """Where each line begins in `text`."""
        starts, width = [0], len(self.document.newline)
        for line in self.document.lines[:-1]:
            starts.append(starts[-1] + len(line) + width)
        return starts


class Whole(Text):
    """A line whose graphemes are never cut by a style: a terminal would draw the parts of an emoji one by one."""

    def stylize(self, style: str | Style, start: int = 0, end: int | None = None) -> None:
        if end is not None and not self.plain.isascii():
            places = graphemes.edges(self.plain)
            start = max((place for place in places if place <= start), default=start)
            end = min((place for place in places if place >= end), default=end)
        super().stylize(style, start, end)
