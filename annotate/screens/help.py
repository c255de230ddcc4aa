"""Every key of an app, and a few words beside them."""

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from annotate.keyboard import Keyboard, key_names
from annotate.screens.box import ScrollBox


class HelpScreen(ScrollBox):
    """Scrolls with the arrow keys or j and k; Esc, q or F1 closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1,question_mark", "leave", "Close", show=False)]

    def __init__(self, keyboard: Keyboard, words: str) -> None:
        super().__init__()
        self._keyboard, self._words = keyboard, words

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Help"
            box.border_subtitle = "Esc closes"
            yield Static(self._keys())
            yield Static(self._words, markup=False)

    def _keys(self) -> Table:
        table = Table(box=None, show_header=False, pad_edge=False, expand=True)
        table.add_column(width=24, style="bold")
        table.add_column(ratio=1)
        for place, title in self._keyboard.titles.items():
            table.add_row(Text.assemble((title, "underline")), "")
            for action in self._keyboard.of(place):
                table.add_row(key_names(action.keys), Text(action.help))
            table.add_row("", "")
        return table
