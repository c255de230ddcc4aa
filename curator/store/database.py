"""Connections to SQLite or PostgreSQL, set up so that no update is lost, and the transactions over them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from curator.errors import MissingExtra, StoreError

BUSY_TIMEOUT_S = 30.0
"""How long a write waits for another one."""
WRITE_LOCK = 7120
"""Key of the advisory lock that a write transaction holds in PostgreSQL."""


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
        self.url = _checked(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = self._engine("BEGIN IMMEDIATE", read_only=False)
        self._reader = self._engine("BEGIN", read_only=True)
        self._local = threading.local()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed when the body ends well. Inside another one of this thread: a savepoint."""
        outer: Connection | None = getattr(self._local, "connection", None)
        if outer is not None:
            with outer.begin_nested():
                yield outer
            return
        with self._translated(), self._writer.begin() as connection:
            self._local.connection = connection
            try:
                yield connection
            finally:
                self._local.connection = None

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
        with self._translated(), self._writer.connect() as connection:
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

    def _enforce_foreign_keys(self, connection: Connection, on: bool) -> None:
        if self.is_sqlite:
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        self._reader.dispose()

    def _engine(self, begin: str, read_only: bool) -> Engine:
        if not self.is_sqlite:
            return _postgres_engine(self.url, read_only)
        engine = create_engine(self.url)

        @event.listens_for(engine, "connect")
        def set_up(driver: Any, _record: Any) -> None:
            driver.isolation_level = None
            pragmas = ["synchronous=FULL", f"busy_timeout={round(BUSY_TIMEOUT_S * 1000)}", "foreign_keys=ON"]
            for pragma in [*pragmas, "query_only=ON" if read_only else "journal_mode=WAL"]:
                driver.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            where = self.url.render_as_string(hide_password=True)
            raise StoreError(
                f"the store {where} refused: {str(error.orig).strip()}",
                hint="nothing of this step was written; see that the store can be reached and written, then try again",
            ) from error


def _checked(url: str) -> URL:
    # The address itself is not repeated in the message: it may hold a password.
    allowed = "allowed are sqlite:///FILE and postgresql+psycopg://HOST/DATABASE"
    hint = "correct [store] url in curator.toml, or the environment variable CURATOR_STORE_URL"
    try:
        found = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError(f"the store's address cannot be read; {allowed}", hint) from error
    backend = found.get_backend_name()
    if backend not in ("sqlite", "postgresql") or (backend == "sqlite" and found.database in (None, "", ":memory:")):
        raise StoreError(f"the store's address begins with {found.drivername!r} and names no store; {allowed}", hint)
    return found.set(drivername="postgresql+psycopg") if backend == "postgresql" else found


def _postgres_engine(url: URL, read_only: bool) -> Engine:
    try:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
            connect_args={"connect_timeout": max(1, round(BUSY_TIMEOUT_S))},
            execution_options={"postgresql_readonly": True} if read_only else {},
        )
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or "psycopg", "postgres") from error
    if not read_only:

        @event.listens_for(engine, "begin")
        def take_turn(connection: Connection) -> None:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(BUSY_TIMEOUT_S * 1000)}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")

    return engine


def insert_new(connection: Connection, table: Table) -> Insert:
    """An INSERT that leaves a row alone that is there already, by any unique column."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement: Insert = dialect.insert(table).on_conflict_do_nothing()
    return statement


def now() -> str:
    """The time in UTC as ISO 8601 with microseconds, for people to read; no logic compares it."""
    return datetime.now(UTC).isoformat()
