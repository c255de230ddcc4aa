"""An app in which something is written, and the ways out of it, none of which loses a word."""

import asyncio
import os
import signal
from typing import TypeVar

from textual.app import App

from annotate.captioner.rescue import rescue
from annotate.captioner.scribe import Scribe
from annotate.screens.asking import Asking
from curator.errors import ExitCode

R = TypeVar("R")

STOPPING = (signal.SIGTERM, signal.SIGINT)
CLOSING_S = 5.0
"""Time for the last draft when an app is left."""


class Working(Asking[R]):
    """A screen with a text that is not on disk yet."""

    def note_typing(self) -> bool:
        """Take over what the editor holds and have it on disk soon; False if nothing changed."""
        raise NotImplementedError

    async def settle(self) -> bool:
        """Bring all that was typed to disk; False (and a message) where that is not possible now."""
        raise NotImplementedError


class WorkingApp(App[None]):
    """Ends when its screens have settled, or when asked twice; signals and a lost terminal lose nothing either."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, scribe: Scribe) -> None:
        super().__init__()
        self._scribe = scribe
        self._warned = False
        self._leaving: asyncio.Task[None] | None = None

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            loop.add_signal_handler(number, self._stopped)
        signal.signal(signal.SIGHUP, self._hung_up)

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

    def _stopped(self) -> None:
        if self._leaving is None:
            self._leaving = asyncio.create_task(self._leave())

    def _hung_up(self, _number: int, _frame: object) -> None:
        """The terminal is gone: keep what was typed, and end without the app's own way out, which writes to it.

        A handler of the event loop would come too late where the app already waits for a terminal that reads nothing.
        """
        for screen in self._working():
            screen.note_typing()
        for draft in self._scribe.close(CLOSING_S):
            rescue(draft)
        os._exit(ExitCode.STOPPED)

    async def _leave(self) -> None:
        await self._settled()
        self.exit(return_code=ExitCode.STOPPED)

    async def _settled(self) -> bool:
        return all([await screen.settle() for screen in self._working()])

    def _working(self) -> list[Working[object]]:
        return [screen for screen in self.screen_stack if isinstance(screen, Working)]
