"""Transactions on SQLite or PostgreSQL, in which no update is lost. How connections are set up stands in `engines`."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Insert, Table
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from curator.errors import StoreError
from curator.store.engines import checked, postgres_engine, sqlite_engine
from curator.store.faults import StoreGone, StoreMoved, translated
from curator.store.standing import HELD, Standing

T = TypeVar("T")

PAUSES_S = (0.1, 0.3, 1.0)
"""Pauses before a step that lost its connection is done again."""
AGAIN_WITHIN_S = 5.0
"""A step that has taken longer is not done again: somebody is waiting for the answer."""


class Database:
    """Two engines on one database: writers take the write lock at once, readers see one snapshot.

    SQLAlchemy's default SQLite set-up runs a SELECT outside any transaction, so that of two processes that read and
    then write, one loses its update without an error. Here the driver's own BEGIN is off and a write transaction
    starts with BEGIN IMMEDIATE. Readers have an engine of their own, because a reader should not wait for a writer.

    PostgreSQL is made to do the same: one write transaction at a time, by an advisory lock. Without it two writers
    that both read before they write lose an update, and a smaller sequence number may become visible after a larger
    one, so that "all revisions up to this number" would not always mean the same.
    """

    def __init__(self, url: str) -> None:
        self.url = checked(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._standing = Standing(self.url) if self.is_sqlite else None
        self._writer = self._engine(read_only=False)
        self._reader = self._engine(read_only=True)
        self._local = threading.local()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed when the body ends well. Inside another one of this thread: a savepoint.

        Raises StoreError where the store refuses, ServiceError where its server cannot be reached.
        """
        outer: Connection | None = getattr(self._local, "connection", None)
        if outer is not None:
            with self._savepoint(outer):
                yield outer
            return
        with self._translated(), self._kept(self._writer.connect()) as connection, connection.begin():
            self._local.connection = connection
            try:
                yield connection
            finally:
                self._local.connection = None

    def again(self, work: Callable[[], T]) -> T:
        """Do `work`, and do it again, a few times at growing distances, where the connection broke.

        Only for work that comes to the same however often it is done: whether a commit whose answer was lost took place
        is not known. Inside a transaction it is done once, for with the connection all that came before is lost.
        """
        pauses = [] if getattr(self._local, "connection", None) is not None else [*PAUSES_S]
        started = time.monotonic()
        while True:
            try:
                return work()
            except (StoreGone, StoreMoved):
                if not pauses or time.monotonic() - started > AGAIN_WITHIN_S:
                    raise
                time.sleep(pauses.pop(0))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot for all reads of the body; inside another transaction of this thread, that transaction."""
        outer: Connection | None = getattr(self._local, "connection", None) or getattr(self._local, "snapshot", None)
        if outer is not None:
            yield outer
            return
        with self._translated(), self._reader.begin() as connection:
            self._local.snapshot = connection
            try:
                yield connection
            finally:
                self._local.snapshot = None

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """A write transaction in which a table that others refer to may be made anew, as a migration does it.

        SQLite can do that only with foreign keys off, which has to be said before the transaction begins
        (https://sqlite.org/lang_altertable.html#otheralter); they are checked before it ends.
        """
        with self._translated(), self._kept(self._writer.connect()) as connection:
            self._enforce_foreign_keys(connection, False)
            try:
                with connection.begin():
                    yield connection
                    if self.is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                        raise StoreError(
                            f"the migration would leave references to rows that are not there: {broken[:5]}"
                        )
            finally:
                self._enforce_foreign_keys(connection, True)

    @contextmanager
    def _kept(self, connection: Connection) -> Iterator[Connection]:
        """Closes `connection`, and makes sure that what was committed stands where the next one will look for it."""
        with connection:
            yield connection
            if self._standing is not None:
                self._standing.confirm(connection.info[HELD])

    @contextmanager
    def _savepoint(self, outer: Connection) -> Iterator[None]:
        try:
            with outer.begin_nested():
                yield
        except DBAPIError:
            # On a full disk SQLite gives up the whole transaction: what followed would be written, each by itself.
            if self.is_sqlite and not outer.invalidated and not _driver(outer).in_transaction:
                outer.invalidate()
            raise

    def _enforce_foreign_keys(self, connection: Connection, on: bool) -> None:
        if self.is_sqlite:
            _driver(connection).execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        self._reader.dispose()

    def _engine(self, read_only: bool) -> Engine:
        if self._standing is None:
            return postgres_engine(self.url, read_only)
        return sqlite_engine(self.url, read_only, self._standing)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, PendingRollbackError, PoolTimeout) as error:
            raise translated(error, self.url) from error


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def insert_new(connection: Connection, table: Table) -> Insert:
    """An INSERT that leaves a row alone that is there already, by any unique column."""
    # Only the dialect in use is loaded: PostgreSQL's takes 40 ms, which whoever works on SQLite need not wait for.
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table).on_conflict_do_nothing()


def now() -> str:
    """The time in UTC as ISO 8601 with microseconds, for people to read; no logic compares it."""
    return datetime.now(UTC).isoformat()
