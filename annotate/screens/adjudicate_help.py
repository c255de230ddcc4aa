"""Every key of the adjudication screen."""

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from annotate.adjudication.actions import TITLES, of
from annotate.captioner.actions import key_names
from annotate.screens.box import Box


class AdjudicateHelpScreen(Box[None]):
    """Scrolls with the arrow keys or j and k; Esc, q or F1 closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,f1,question_mark", "leave", "Close"),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
    ]

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Help"
            box.border_subtitle = "Esc closes"
            yield Static(self._keys())
            yield Static(
                "Bold and underlined words set a text apart from the others. Nothing is overwritten: every decision is "
                "a revision with its reason, and taking one back is another."
            )

    def action_scroll(self, by: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def _keys(self) -> Table:
        table = Table(box=None, show_header=False, pad_edge=False, expand=True)
        table.add_column(width=24, style="bold")
        table.add_column(ratio=1)
        for place, title in TITLES.items():
            table.add_row(Text.assemble((title, "underline")), "")
            for action in of(place):
                table.add_row(key_names(action.keys), Text(action.help))
            table.add_row("", "")
        return table
