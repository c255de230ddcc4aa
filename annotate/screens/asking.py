"""What the screens of the captioner share: asking the store without making the keyboard wait, saying what failed."""

import asyncio
from concurrent.futures import Future
from typing import TypeVar

from textual.screen import Screen

from curator.console import plain
from curator.errors import CuratorError

T = TypeVar("T")
R = TypeVar("R")

PATIENCE_S = 2.0
"""The keyboard waits this long for the store; then the member is told, and the text stays where it is."""

NOTHING = object()
"""Stands for an answer that did not come."""


class Asking(Screen[R]):
    """A screen that asks and warns."""

    async def ask(self, future: "Future[T]", what: str) -> "T | object":
        """The answer of the scribe, or NOTHING after telling the member that `what` failed or takes too long."""
        if not await answered(future):
            self.warn(what, "the store is busy: try again in a moment", "error")
            return NOTHING
        try:
            return future.result()
        except (CuratorError, OSError) as error:
            self.warn(what, str(error), "error")
            return NOTHING

    def warn(self, title: str, message: str, severity: str = "warning") -> None:
        """Say what is wrong, in a corner of the screen."""
        self.notify(plain(message), title=title, severity="error" if severity == "error" else "warning", markup=False)


async def answered(future: "Future[T]") -> bool:
    """Whether a future is done within the time a keyboard may wait; it is never cancelled."""
    done, _ = await asyncio.wait([asyncio.wrap_future(future)], timeout=PATIENCE_S)
    return bool(done)
