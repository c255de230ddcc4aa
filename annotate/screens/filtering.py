"""Asks which pictures of the queue to show, in the filter language, and says how many match while it is typed."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from annotate.screens.box import Box
from curator.console import plain
from curator.errors import InputError

EXAMPLES = (
    "dog -leash            captions with “dog” and without “leash”",
    "state:open subject:dog8   open pictures of one subject",
    "tokens:>77 or words:<5    too long for CLIP, or very short",
    "flag:* or conflict:yes    what somebody should look at",
)


class FilterScreen(Box[str | None]):
    """The filter to apply ('' shows everything), or None where nothing changes."""

    def __init__(self, current: str, count: Callable[[str], int]) -> None:
        """`count` says how many pictures of the queue a filter lets through; it raises InputError for a wrong one."""
        super().__init__()
        self._current, self._count = current, count

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Show only"
            box.border_subtitle = "Enter shows · empty shows all · Esc changes nothing"
            yield Input(self._current, placeholder="a filter; empty: all pictures", select_on_focus=False)
            yield Static(id="found", markup=False)
            yield Static("\n" + "\n".join(EXAMPLES), classes="hint", markup=False)

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        self._tell(message.value)

    @on(Input.Submitted)
    def _apply(self, message: Input.Submitted) -> None:
        if self._tell(message.value):
            self.dismiss(message.value.strip())

    def _tell(self, text: str) -> bool:
        """Say how many match, or what is wrong; whether the filter can be applied."""
        told = self.query_one("#found", Static)
        try:
            number = self._count(text) if text.strip() else None
        except InputError as error:
            told.update(plain(str(error)))
            told.set_class(True, "wrong")
            return False
        told.set_class(number == 0, "wrong")
        told.update("all pictures" if number is None else f"matching: {number}")
        return number != 0
