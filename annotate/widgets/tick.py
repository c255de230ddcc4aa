"""A box to tick that shows its state without colour, as Textual's own does not."""

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class Tick(Widget, can_focus=True):
    """Space ticks it and takes the tick away."""

    DEFAULT_CSS = """
    Tick { width: auto; height: 1; padding: 0 2 0 0; }
    Tick:focus { text-style: bold reverse; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "tick", show=False)]

    value = reactive(False)

    @dataclass
    class Changed(Message):
        """It was ticked, or the tick was taken away."""

        value: bool

    def __init__(self, label: str, id: str | None = None) -> None:  # noqa: A002 as Textual names it
        super().__init__(id=id)
        self._label = label

    def render(self) -> Text:
        return Text(f"[{'x' if self.value else ' '}] {self._label}")

    def action_tick(self) -> None:
        self.value = not self.value
        self.post_message(self.Changed(self.value))
