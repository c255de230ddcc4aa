"""The adjudication app: its look, its first screen, its help."""

import os
import sys
from pathlib import PurePath
from typing import ClassVar

from textual.binding import BindingType

from annotate.adjudication.actions import KEYBOARD
from annotate.adjudication.bench import Bench
from annotate.adjudication.keys import bindings
from annotate.pictures.cells import Paint
from annotate.pictures.choice import choose
from annotate.pictures.terminal import describe
from annotate.screens.adjudicate import AdjudicateScreen
from annotate.screens.help import HelpScreen
from annotate.screens.working import WorkingApp

HELP = (
    "Bold and underlined words set a text apart from the others. Nothing is overwritten: every decision is a revision "
    "with its reason, and taking one back is another."
)


class AdjudicateApp(WorkingApp):
    """One member decides cases."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["../captioner/captioner.tcss", "adjudication.tcss"]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide"), (130, "-roomy")]  # noqa: RUF012 as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = bindings("anywhere")

    def __init__(self, bench: Bench, paint: Paint | None = None) -> None:
        """`paint` says how pictures are painted; without it, the environment decides, and no terminal is asked."""
        super().__init__(bench.scribe)
        self._bench = bench
        self.paint = paint or choose(describe(os.environ, sys.__stderr__))

    def on_mount(self) -> None:
        self.title = f"{self._bench.config.name} · {self._bench.sitting.member}"
        self.push_screen(AdjudicateScreen(self._bench, self.paint))

    def action_help(self) -> None:
        """Show the keys."""
        self.push_screen(HelpScreen(KEYBOARD, HELP))
