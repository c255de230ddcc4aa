"""The captioning app: its look, the way in, and the ways out, none of which loses what was typed."""

import asyncio
import os
import signal
import sys
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType

from annotate.captioner.desk import Desk
from annotate.captioner.keys import bindings
from annotate.captioner.rescue import rescue
from annotate.pictures.cells import Paint
from annotate.pictures.choice import choose
from annotate.pictures.terminal import describe
from annotate.screens.caption import CaptionScreen
from annotate.screens.help import HelpScreen
from curator.errors import ExitCode

STOPPING = (signal.SIGTERM, signal.SIGINT)

CLOSING_S = 5.0
"""Time for the last draft when the app is left."""


class CaptionApp(App[None]):
    """One member captions the pictures of their queue."""

    CSS_PATH = "captioner.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]  # noqa: RUF012 as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = bindings("anywhere")

    def __init__(self, desk: Desk, paint: Paint | None = None, show_only: str = "") -> None:
        """`paint` says how pictures are painted; without it, the environment decides, and no terminal is asked.

        `show_only` is a filter for the pictures of the queue.
        """
        super().__init__()
        self._desk, self._show_only = desk, show_only
        self.paint = paint or choose(describe(os.environ, sys.__stderr__))
        self._warned = False
        self._leaving: asyncio.Task[None] | None = None

    def on_mount(self) -> None:
        self.title = f"{self._desk.title} · {self._desk.session.member}"
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            loop.add_signal_handler(number, self._stopped)
        signal.signal(signal.SIGHUP, self._hung_up)
        self.push_screen(CaptionScreen(self._desk, self.paint, self._show_only))

    def on_unmount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            loop.remove_signal_handler(number)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)

    async def action_quit(self) -> None:
        """Leave when the draft is on disk; if it cannot be written, leave at the second request."""
        if await self._settled() or self._warned:
            self.exit()
            return
        self._warned = True
        self.notify("Ctrl+Q again leaves all the same and puts it into a file.", severity="warning", timeout=10)

    def action_help(self) -> None:
        """Show the keys."""
        self.push_screen(HelpScreen(self.paint))

    def _stopped(self) -> None:
        if self._leaving is None:
            self._leaving = asyncio.create_task(self._leave())

    def _hung_up(self, _number: int, _frame: object) -> None:
        """The terminal is gone: keep what was typed, and end without the app's own way out, which writes to it.

        A handler of the event loop would come too late where the app already waits for a terminal that reads nothing.
        """
        for screen in self._captioning():
            screen.note_typing()
        for draft in self._desk.scribe.close(CLOSING_S):
            rescue(draft)
        os._exit(ExitCode.STOPPED)

    async def _leave(self) -> None:
        await self._settled()
        self.exit(return_code=ExitCode.STOPPED)

    async def _settled(self) -> bool:
        return all([await screen.settle() for screen in self._captioning()])

    def _captioning(self) -> list[CaptionScreen]:
        return [screen for screen in self.screen_stack if isinstance(screen, CaptionScreen)]
