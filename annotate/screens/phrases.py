"""A list of one's recent phrases to take one from, narrowed by typing."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from annotate.screens.box import Box
from curator.console import plain

MOST = 50
"""Phrases in the list; more are found by typing."""


class PhrasesScreen(Box[str | None]):
    """The phrase to put into the caption, or None."""

    DEFAULT_CSS = """
    PhrasesScreen OptionList { height: auto; max-height: 14; border: none; background: $surface; }
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        super().__init__()
        self._phrases = phrases
        self._listed: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Recent phrases"
            box.border_subtitle = "↑ ↓ choose · Enter takes · Esc closes"
            yield Input(placeholder="Type a few letters of it")
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        self._list("")

    @on(Input.Changed)
    def _narrow(self, message: Input.Changed) -> None:
        self._list(message.value)

    @on(Input.Submitted)
    def _take(self) -> None:
        at = self.query_one(OptionList).highlighted
        self.dismiss(None if at is None else self._listed[at])

    @on(OptionList.OptionSelected)
    def _taken(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(self._listed[message.option_index])

    def key_down(self) -> None:
        """From the field into the list."""
        self.query_one(OptionList).action_cursor_down()

    def key_up(self) -> None:
        """One phrase up."""
        self.query_one(OptionList).action_cursor_up()

    def _list(self, letters: str) -> None:
        wanted = letters.casefold()
        self._listed = [phrase for phrase in self._phrases if wanted in phrase.casefold()][:MOST]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(plain(phrase)) for phrase in self._listed)
        options.highlighted = 0 if self._listed else None
