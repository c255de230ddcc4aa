"""A framed box over the screen below: how every question and list looks, and how it is left."""

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

R = TypeVar("R")


class Box(ModalScreen[R]):
    """Esc leaves it without a result; its one child is the frame."""

    DEFAULT_CSS = """
    Box { align: center middle; }
    Box > * {
        width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 0 2;
        border: round $accent; border-title-color: $accent; background: $surface;
    }
    Box Static { height: auto; }
    Box Input, Box Input:focus { border: round $panel-lighten-3; background: $surface; }
    Box Input:focus { border: round $accent; }
    Box .hint { color: $text-muted; }
    Box .wrong { color: $text-error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close"),
        Binding("ctrl+q", "app.quit", show=False),
    ]

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)


class ScrollBox(Box[None]):
    """A box to read in: the arrow keys or j and k scroll it, q closes it too."""

    DEFAULT_CSS = """
    ScrollBox > VerticalScroll { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
    ]

    def action_scroll(self, by: int) -> None:
        """So many lines down."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
