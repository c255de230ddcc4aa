"""The member's pictures as a list that draws only the lines it shows, however many there are."""

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from annotate.captioner.keys import bindings
from annotate.captioner.session import Mark, Session
from curator.console import plain

SIGNS = {Mark.OPEN: "·", Mark.DRAFT: "~", Mark.SUBMITTED: "✓", Mark.SKIPPED: "-", Mark.CONFLICT: "!"}


def label(session: Session, index: int) -> str:
    """The sign for the state of the picture at a place, and its name."""
    return f"{SIGNS[session.mark(index)]} {plain(session.items[index].name)}"


class QueueList(ScrollView, can_focus=True):
    """A line a picture: a sign for its state and its name; `>` before the one being captioned."""

    BORDER_TITLE = "Pictures"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"queue--{name}" for name in ("cursor", "here", "done", "draft", "conflict")
    }
    DEFAULT_CSS = """
    QueueList {
        border: round $panel-lighten-3; border-title-color: $text-muted;
        overflow-x: hidden;
        &:focus { border: round $accent; border-title-color: $accent; }
        & .queue--cursor { background: $primary 40%; }
        & .queue--here { text-style: bold; }
        & .queue--done { color: $foreground-muted; }
        & .queue--draft { color: $text-warning; }
        & .queue--conflict { color: $text-error; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("queue")

    @dataclass
    class Chosen(Message):
        """A picture is to be captioned next."""

        index: int

    class Left(Message):
        """The list is done with; the caption is wanted back."""

    cursor = reactive(0)

    def __init__(self, session: Session, id: str | None = None) -> None:  # noqa: A002 as Textual names it
        super().__init__(id=id)
        self._session = session

    def on_mount(self) -> None:
        self.show()

    def show(self) -> None:
        """Draw anew after the session changed, with the cursor on the picture being captioned."""
        self.virtual_size = Size(self.size.width, len(self._session.items))
        self.cursor = self._session.index
        self._reveal()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.size.width
        if index >= len(self._session.items):
            return Strip.blank(width, self.rich_style)
        here = index == self._session.index
        mark = self._session.mark(index)
        style = self.rich_style + self._style_of(mark)
        if here:
            style += self.get_component_rich_style("queue--here", partial=True)
        if index == self.cursor and self.has_focus:
            style += self.get_component_rich_style("queue--cursor", partial=True)
        text = f"{'>' if here else ' '}{label(self._session, index)}"
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def validate_cursor(self, value: int) -> int:
        return max(0, min(value, len(self._session.items) - 1))

    def watch_cursor(self) -> None:
        if self.is_mounted:
            self._reveal()
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        self.virtual_size = Size(self.size.width, len(self._session.items))
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        index = event.y + self.scroll_offset.y
        if index < len(self._session.items):
            self.post_message(self.Chosen(index))

    def action_up(self) -> None:
        self.cursor -= 1

    def action_down(self) -> None:
        self.cursor += 1

    def action_first(self) -> None:
        self.cursor = 0

    def action_last(self) -> None:
        self.cursor = len(self._session.items) - 1

    def action_page_up(self) -> None:
        self.cursor -= max(1, self.size.height - 1)

    def action_page_down(self) -> None:
        self.cursor += max(1, self.size.height - 1)

    def action_choose(self) -> None:
        self.post_message(self.Chosen(self.cursor))

    def action_leave(self) -> None:
        self.post_message(self.Left())

    def _reveal(self) -> None:
        if self.size:
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)

    def _style_of(self, mark: Mark) -> Style:
        name = {Mark.DRAFT: "draft", Mark.CONFLICT: "conflict", Mark.SUBMITTED: "done", Mark.SKIPPED: "done"}.get(mark)
        return self.get_component_rich_style(f"queue--{name}", partial=True) if name else Style()
