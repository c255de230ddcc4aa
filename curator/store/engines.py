"""Connections to SQLite and PostgreSQL, set up to lose no update and to tell no commit before it is on the disk."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from curator.errors import MissingExtra, StoreError
from curator.store.standing import Standing

BUSY_TIMEOUT_S = 30.0
"""How long a write waits for another one."""
IDLE_TIMEOUT_S = 120.0
"""How long a write transaction in PostgreSQL may do nothing before the server ends it: a machine that went away in the
middle of one would keep all others from writing."""
CONNECT_TIMEOUT_S = 10
"""How long a server may take to answer."""
CHECKPOINT_PAGES = 1
"""SQLite carries its log over into the file whenever it holds so many pages: after each commit, so that the log may be
lost and the file alone be copied."""
WRITE_LOCK = 7120
"""Key of the advisory lock that a write transaction holds in PostgreSQL."""
POSTGRES_CONNECTION = {
    "connect_timeout": CONNECT_TIMEOUT_S,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A network that swallows everything is noticed within half a minute, where the system would wait for hours."""
TRANSACTION_SETTINGS = (
    "SELECT set_config('lock_timeout', %s, true), set_config('idle_in_transaction_session_timeout', %s, true), "
    "set_config('synchronous_commit', 'on', true)"
)
"""A server set up for speed answers before a commit is on its disk; for a text that somebody wrote, it must not."""


def sqlite_engine(url: URL, read_only: bool, standing: Standing) -> Engine:
    """Connections to a SQLite file; a writer's transaction takes the write lock at once."""
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def set_up(driver: Any, _record: Any) -> None:
        driver.isolation_level = None  # the driver's own BEGIN comes too late for a transaction that reads first
        pragmas = ["synchronous=FULL", f"busy_timeout={round(BUSY_TIMEOUT_S * 1000)}", "foreign_keys=ON"]
        pragmas += ["query_only=ON"] if read_only else ["journal_mode=WAL", f"wal_autocheckpoint={CHECKPOINT_PAGES}"]
        for pragma in pragmas:
            driver.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    standing.watch(engine)
    return engine


def postgres_engine(url: URL, read_only: bool) -> Engine:
    """Connections to a PostgreSQL server; writers' transactions go one after the other, as in SQLite."""
    try:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
            connect_args=POSTGRES_CONNECTION,
            execution_options={"postgresql_readonly": True} if read_only else {},
        )
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or "psycopg", "postgres") from error
    if not read_only:

        @event.listens_for(engine, "begin")
        def take_turn(connection: Connection) -> None:
            waits = f"{round(BUSY_TIMEOUT_S * 1000)}", f"{round(IDLE_TIMEOUT_S * 1000)}"
            connection.exec_driver_sql(TRANSACTION_SETTINGS, waits)
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")

    return engine


def checked(url: str) -> URL:
    """The address of a store. Raises StoreError for what is none, without repeating it: it may hold a password."""
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
