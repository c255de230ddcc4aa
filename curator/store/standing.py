"""Whether the file that a SQLite connection has open still stands at its path.

Who deletes or replaces the file of a running store takes nothing from those who have it open: they go on reading and
writing a file without a name, and everything they write is gone when they end. So the file is looked at before a
connection is used, and after each commit, before anybody is told that a text is kept. The same goes for the
write-ahead log beside it, which may hold the newest commits, and for the log's index, which keeps two from writing at
once.
"""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import InvalidatePoolError

from curator.errors import StoreError
from curator.store.faults import RESTORE, StoreMoved

HELD = "curator held files"
INDEX_HINT = "nothing of this step was written; end every program that has the store open, then start again"
Held = tuple[tuple[int, int] | None, ...]
"""Device and number of the file, its log and the log's index; None for one that is not there."""


class Standing:
    """Looks after the file of one store, for any number of engines on it."""

    def __init__(self, url: URL) -> None:
        self.path = Path(str(url.database).removeprefix("file:"))
        self._met = False
        self._engines: list[Engine] = []

    def watch(self, engine: Engine) -> None:
        """Have each connection of `engine` looked at before it is used; one whose file is gone is made anew."""
        self._engines.append(engine)

        @event.listens_for(engine, "do_connect")
        def before(*_: Any) -> None:
            if self._met and not self.path.exists():  # SQLite would make an empty one
                raise StoreError(f"{self.path} is missing: it was there before", f"put it back, or {RESTORE}")

        @event.listens_for(engine, "connect")
        def connected(driver: Any, record: Any) -> None:
            driver.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # only now SQLite opens the log
            _, log, index = record.info[HELD] = self.found()
            self._met = True
            if log is not None and index is None:  # SQLite has one index a process, and goes on with the deleted one
                raise StoreMoved(f"{self.path}-shm was deleted while the store is open here", INDEX_HINT)

        @event.listens_for(engine, "checkout")
        def before_use(_driver: Any, record: Any, _proxy: Any) -> None:
            if record.info[HELD] != self.found():
                for each in self._engines:  # the index is given up with the last connection of this process
                    if each is not engine:
                        each.dispose()
                raise InvalidatePoolError

    def found(self) -> Held:
        """What stands at the paths now."""
        return tuple(_identity(self.path.with_name(f"{self.path.name}{ending}")) for ending in ("", "-wal", "-shm"))

    def confirm(self, held: Held) -> None:
        """Raise StoreMoved unless the files that a step was written into are those that stand there now."""
        if self.found() != held:
            raise StoreMoved(
                f"{self.path} or its log was replaced or deleted while it was written",
                f"put it back or {RESTORE}; then do this step again",
            )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
