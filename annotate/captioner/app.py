"""The captioning app: its look, its first screen, its help."""

import os
import sys
from typing import ClassVar

from textual.binding import BindingType

from annotate.captioner.actions import KEYBOARD
from annotate.captioner.desk import Desk
from annotate.captioner.keys import bindings
from annotate.pictures.cells import Paint
from annotate.pictures.choice import choose
from annotate.pictures.terminal import describe
from annotate.screens.caption import CaptionScreen
from annotate.screens.help import HelpScreen
from annotate.screens.working import WorkingApp
from annotate.widgets.queue_list import SIGNS


class CaptionApp(WorkingApp):
    """One member captions the pictures of their queue."""

    CSS_PATH = "captioner.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]  # noqa: RUF012 as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = bindings("anywhere")

    def __init__(self, desk: Desk, paint: Paint | None = None, show_only: str = "") -> None:
        """`paint` says how pictures are painted; without it, the environment decides, and no terminal is asked.

        `show_only` is a filter for the pictures of the queue.
        """
        super().__init__(desk.scribe)
        self.desk, self._show_only = desk, show_only
        self.paint = paint or choose(describe(os.environ, sys.__stderr__))

    def on_mount(self) -> None:
        self.title = f"{self.desk.title} · {self.desk.session.member}"
        self.push_screen(CaptionScreen(self.desk, self.paint, self._show_only))

    def action_help(self) -> None:
        """Show the keys."""
        signs = " · ".join(f"{sign} {mark}" for mark, sign in SIGNS.items() if sign != "·")
        words = (
            f"In the list: {signs}; a dot is open, > is where you are.\n"
            f"The picture is painted {self.paint.describe()}.\n"
            "Everything you type is on disk within 0.3 s. What you submit is never overwritten: "
            "a later caption is kept beside it."
        )
        self.push_screen(HelpScreen(KEYBOARD, words))
