"""Asks why: no decision and no refusal is stored without a reason."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from annotate.screens.box import Box
from curator.console import plain


class ReasonScreen(Box[str | None]):
    """The reason, or None where nothing is to be done."""

    DEFAULT_CSS = """
    ReasonScreen > Vertical { height: auto; }
    """

    def __init__(self, title: str, about: str, proposal: str = "") -> None:
        super().__init__()
        self._title, self._about, self._proposal = title, about, proposal

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self._title
            yield Static(plain(self._about), markup=False)
            yield Input(self._proposal, placeholder="Why? For example: the fur is brown in full light")
            yield Static("Enter goes on · Esc does nothing", id="keys", classes="hint", markup=False)

    def take(self, letters: str) -> None:
        """Take what was typed before this screen was there."""
        if self.is_mounted:
            self.query_one(Input).insert_text_at_cursor(letters)
        else:
            self._proposal += letters

    @on(Input.Submitted)
    def _given(self, message: Input.Submitted) -> None:
        reason = plain(message.value).strip()
        if reason:
            self.dismiss(reason)
        else:
            self.query_one("#keys", Static).update("Say why in a few words · Esc does nothing")
