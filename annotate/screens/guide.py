"""The team's style guide, to be read beside the work."""

from typing import ClassVar

from rich.markdown import Markdown
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from annotate.screens.box import ScrollBox


class GuideScreen(ScrollBox):
    """Scrolls with the arrow keys or j and k; links are shown with their addresses, and lead nowhere."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("g,f12", "leave", show=False)]

    def __init__(self, guide: str) -> None:
        """`guide` is Markdown without terminal escapes."""
        super().__init__()
        self._guide = guide

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Style guide"
            box.border_subtitle = "↑ ↓ PgUp PgDn · Esc closes"
            yield Static(Markdown(self._guide, hyperlinks=False, justify="left"))
