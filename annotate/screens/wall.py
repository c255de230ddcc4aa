"""The team's progress on the wall: text that is read anew every few seconds while it is shown."""

from collections.abc import Callable
from concurrent.futures import Future

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from annotate.screens.asking import Asking
from annotate.screens.box import Box
from curator.console import plain

EVERY_S = 5.0


class WallScreen(Box[None], Asking[None]):
    """Esc closes it; the arrow keys scroll."""

    def __init__(self, title: str, read: Callable[[], "Future[list[str]]"]) -> None:
        super().__init__()
        self._title, self._reading = title, read

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = self._title
            box.border_subtitle = "Esc closes"
            yield Static("…", id="wall", markup=False)

    async def on_mount(self) -> None:
        self.set_interval(EVERY_S, self._show)
        await self._show()

    async def _show(self) -> None:
        lines = await self.ask(self._reading(), "The progress cannot be read")
        if isinstance(lines, list):
            self.query_one("#wall", Static).update(plain("\n".join(lines)))
