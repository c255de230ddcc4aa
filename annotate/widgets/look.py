"""The picture while it is looked at closely: keys that zoom and move."""

from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from annotate.captioner.keys import bindings
from annotate.widgets.picture import Picture

NEARER = 1.5
"""How much larger one step of zooming shows things."""
STEP = 0.25
"""How far one step moves, as a share of what is seen."""


class Look(Picture, can_focus=True):
    """A picture that takes keys while it has the focus; its corner says how close it is."""

    DEFAULT_CSS = """
    Look:focus { background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("picture")

    class Left(Message):
        """Enough was seen; the caption is wanted back."""

    def action_nearer(self) -> None:
        self.zoom(NEARER)

    def action_farther(self) -> None:
        self.zoom(1 / NEARER)

    def action_whole(self) -> None:
        self.reset()

    def action_left(self) -> None:
        self.pan(-STEP, 0)

    def action_right(self) -> None:
        self.pan(STEP, 0)

    def action_up(self) -> None:
        self.pan(0, -STEP)

    def action_down(self) -> None:
        self.pan(0, STEP)

    def action_leave(self) -> None:
        self.post_message(self.Left())
