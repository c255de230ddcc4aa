"""The texts of a case, each in a frame; what sets one apart is bold and underlined, so that no colour is needed."""

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.markup import escape
from textual.widgets import Static

from annotate.adjudication.cases import LABELS
from annotate.adjudication.sitting import Shown
from curator.console import plain

APART = "bold underline"


class JudgedTexts(VerticalScroll, can_focus=False):
    """Below each other, or beside each other where there is room."""

    DEFAULT_CSS = """
    JudgedTexts { height: 1fr; min-height: 5; }
    JudgedTexts > Static {
        height: auto; padding: 0 1; border: round $panel-lighten-3; border-title-color: $text-muted; display: none;
        &.filled { display: block; }
        &.chosen { border: heavy $success; border-title-color: $text-success; }
    }
    """

    def compose(self) -> ComposeResult:
        for _ in range(len(LABELS) + 1):
            yield Static(markup=False)

    def show(self, texts: Sequence[Shown]) -> None:
        """Show these texts and no other."""
        for place, frame in enumerate(self.query(Static)):
            filled = place < len(texts)
            frame.set_class(filled, "filled")
            frame.set_class(filled and texts[place].chosen, "chosen")
            if filled:
                frame.border_title = f"{escape(plain(texts[place].title))}{' ✓' if texts[place].chosen else ''}"
                frame.update(_drawn(texts[place]))
        self.scroll_home(animate=False)


def _drawn(shown: Shown) -> Text:
    text = Text()
    for piece, apart in shown.pieces:
        text.append(plain(piece), APART if apart else "")
    return text
