"""Texts to see beside the one being written: what competes with it, and further imported captions."""

from collections.abc import Sequence

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from annotate.captioner.session import Other
from curator.console import plain


class OtherTexts(VerticalScroll, can_focus=False):
    """Takes no room while there is nothing to show."""

    DEFAULT_CSS = """
    OtherTexts {
        height: auto; max-height: 40%; display: none; padding: 0 1;
        border: round $warning; border-title-color: $text-warning;
        &.filled { display: block; }
        & > Static { height: auto; }
    }
    """
    BORDER_TITLE = "Other text"

    def compose(self):  # type: ignore[no-untyped-def]
        yield Static(id="texts")

    def show(self, others: Sequence[Other]) -> None:
        """Show these texts, each under a line that says where it comes from."""
        self.set_class(bool(others), "filled")
        shown = Text()
        for other in others:
            shown.append(f"{plain(other.label)}\n", "dim")
            shown.append(f"{plain(other.text)}\n")
        shown.rstrip()
        self.query_one("#texts", Static).update(shown)
