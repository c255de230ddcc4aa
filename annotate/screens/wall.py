"""The team's progress on the wall: text that is read anew every few seconds while it is shown."""

from collections.abc import Callable
from concurrent.futures import Future

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from annotate.screens.asking import Asking
from annotate.screens.box import ScrollBox
from curator.console import plain

EVERY_S = 5.0


class WallScreen(ScrollBox, Asking[None]):
    """Esc closes it; the arrow keys or j and k scroll."""

    DEFAULT_CSS = """
    WallScreen > VerticalScroll { width: 84; padding: 0 1; }
    """

    def __init__(self, title: str, read: Callable[[int], "Future[list[str]]"]) -> None:
        """`read` gives the lines for a width in columns."""
        super().__init__()
        self._title, self._reading = title, read

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = self._title
            box.border_subtitle = "Esc closes"
            yield Static("…", id="wall", markup=False)

    def on_mount(self) -> None:
        self.set_interval(EVERY_S, self._show)
        self.call_after_refresh(self._show)

    async def _show(self) -> None:
        width = self.query_one("#wall", Static).size.width
        lines = await self.ask(self._reading(width), "The progress cannot be read")
        if isinstance(lines, list):
            self.query_one("#wall", Static).update(plain("\n".join(lines)))
