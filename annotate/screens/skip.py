"""Asks why a picture is set aside, before it is."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from annotate.screens.box import Box
from curator.console import plain


class SkipScreen(Box[str | None]):
    """The reason, or None where the picture stays in the queue."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name_of_picture = name

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Skip this picture?"
            yield Static(self._name_of_picture, markup=False)
            yield Input(placeholder="Why? For example: blurred, not a dog")
            yield Static("Enter skips it · Esc keeps it in the queue", id="keys", classes="hint", markup=False)

    @on(Input.Submitted)
    def _skip(self, message: Input.Submitted) -> None:
        reason = plain(message.value).strip()
        if reason:
            self.dismiss(reason)
        else:
            self.query_one("#keys", Static).update("Say why in a word or two · Esc keeps it in the queue")
