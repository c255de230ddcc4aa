"""Every key, and what the signs in the list mean."""

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from annotate.captioner.actions import TITLES, key_names, of
from annotate.pictures.cells import Paint
from annotate.widgets.queue_list import SIGNS


class HelpScreen(ModalScreen[None]):
    """Scrolls with the arrow keys or j and k; Esc, q or F1 closes it."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 0 2;
        border: round $accent; background: $surface;
    }
    HelpScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f1,question_mark", "dismiss", "Close"),
        Binding("ctrl+q", "app.quit", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
    ]

    def __init__(self, paint: Paint) -> None:
        super().__init__()
        self._paint = paint

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Help"
            box.border_subtitle = "Esc closes"
            yield Static(self._keys())
            yield Static(self._signs())

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

    def _signs(self) -> Text:
        signs = " · ".join(f"{sign} {mark}" for mark, sign in SIGNS.items() if sign != "·")
        return Text(
            f"In the list: {signs}; a dot is open, > is where you are.\n"
            f"The picture is painted {self._paint.describe()}.\n"
            "Everything you type is on disk within 0.3 s. What you submit is never overwritten: "
            "a later caption is kept beside it."
        )
