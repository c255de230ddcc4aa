"""Asks why a picture is set aside, before it is."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from curator.console import plain


class SkipScreen(ModalScreen[str | None]):
    """The reason, or None where the picture stays in the queue."""

    DEFAULT_CSS = """
    SkipScreen { align: center middle; }
    SkipScreen > Vertical {
        width: 60; max-width: 90%; height: auto; padding: 1 2; border: round $warning; background: $surface;
        border-title-color: $text-warning;
    }
    SkipScreen Static { height: auto; color: $text-muted; }
    SkipScreen Input, SkipScreen Input:focus { margin: 1 0; border: round $accent; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel"),
        Binding("ctrl+q", "app.quit", show=False),
    ]

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name_of_picture = name

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Skip this picture?"
            yield Static(self._name_of_picture, markup=False)
            yield Input(placeholder="Why? For example: blurred, not a dog")
            yield Static("Enter skips it · Esc keeps it in the queue", id="keys", markup=False)

    @on(Input.Submitted)
    def _skip(self, message: Input.Submitted) -> None:
        reason = plain(message.value).strip()
        if reason:
            self.dismiss(reason)
        else:
            self.query_one("#keys", Static).update("Say why in a word or two · Esc keeps it in the queue")

    def action_cancel(self) -> None:
        self.dismiss(None)
