"""The adjudication app: its look, the way in, and the ways out, none of which loses what was written."""

import asyncio
import os
import signal
import sys
from pathlib import PurePath
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType

from annotate.adjudication.bench import Bench
from annotate.adjudication.keys import bindings
from annotate.captioner.rescue import rescue
from annotate.pictures.cells import Paint
from annotate.pictures.choice import choose
from annotate.pictures.terminal import describe
from annotate.screens.adjudicate import AdjudicateScreen
from annotate.screens.adjudicate_help import AdjudicateHelpScreen
from curator.errors import ExitCode

STOPPING = (signal.SIGTERM, signal.SIGINT)
CLOSING_S = 5.0
"""Time for the last draft when the app is left."""


class AdjudicateApp(App[None]):
    """One member decides cases."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["../captioner/captioner.tcss", "adjudication.tcss"]
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide"), (130, "-roomy")]  # noqa: RUF012 as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = bindings("anywhere")

    def __init__(self, bench: Bench, paint: Paint | None = None) -> None:
        """`paint` says how pictures are painted; without it, the environment decides, and no terminal is asked."""
        super().__init__()
        self._bench = bench
        self.paint = paint or choose(describe(os.environ, sys.__stderr__))
        self._warned = False
        self._leaving: asyncio.Task[None] | None = None

    def on_mount(self) -> None:
        self.title = f"{self._bench.config.name} · {self._bench.sitting.member}"
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            loop.add_signal_handler(number, self._stopped)
        signal.signal(signal.SIGHUP, self._hung_up)
        self.push_screen(AdjudicateScreen(self._bench, self.paint))

    def on_unmount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            loop.remove_signal_handler(number)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)

    async def action_quit(self) -> None:
        """Leave when what was written is on disk; if it cannot be, leave at the second request."""
        if await self._settled() or self._warned:
            self.exit()
            return
        self._warned = True
        self.notify("Ctrl+Q again leaves all the same and puts it into a file.", severity="warning", timeout=10)

    def action_help(self) -> None:
        """Show the keys."""
        self.push_screen(AdjudicateHelpScreen())

    def _stopped(self) -> None:
        if self._leaving is None:
            self._leaving = asyncio.create_task(self._leave())

    def _hung_up(self, _number: int, _frame: object) -> None:
        """The terminal is gone: keep what was written, and end without the way out that writes to it."""
        for screen in self._deciding():
            screen.note_typing()
        for draft in self._bench.scribe.close(CLOSING_S):
            rescue(draft)
        os._exit(ExitCode.STOPPED)

    async def _leave(self) -> None:
        await self._settled()
        self.exit(return_code=ExitCode.STOPPED)

    async def _settled(self) -> bool:
        return all([await screen.settle() for screen in self._deciding()])

    def _deciding(self) -> list[AdjudicateScreen]:
        return [screen for screen in self.screen_stack if isinstance(screen, AdjudicateScreen)]
