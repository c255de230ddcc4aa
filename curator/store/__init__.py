"""The store, the only package that speaks SQL: SQLite beside the pictures, or PostgreSQL for several machines.

One Store per process and database. Its parts are named for what they hold; `with store.write():` makes one
transaction of several calls, `with store.read():` one snapshot.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from curator.errors import ConfigError, StoreError
from curator.store.activity import Activity
from curator.store.batches import Batches
from curator.store.captions import Captions
from curator.store.columns import Columns
from curator.store.database import Database
from curator.store.findings import Findings
from curator.store.history import History
from curator.store.migrate import migrate
from curator.store.pictures import Pictures
from curator.store.queues import Queues
from curator.store.records import Records
from curator.store.synced import Synced
from curator.store.team import Team
from curator.store.tokens import Tokens
from curator.workspace import CONFIG_NAME, Workspace

__all__ = ["Store", "database_of", "open_store"]

URL_VARIABLE = "CURATOR_STORE_URL"
BACKUPS = "backups"
"""The folder of the workspace that backups are written to."""


class Store:
    """All that is known of a data set, except the pictures' bytes."""

    def __init__(self, database: Database, two_people: bool = False) -> None:
        """`two_people`: adjudicated texts count only when a second member has approved them."""
        self.database = database
        self.pictures = Pictures(database)
        self.team = Team(database)
        self.activity = Activity(database)
        self.tokens = Tokens(database)
        self.captions = Captions(database)
        self.batches = Batches(database)
        self.queues = Queues(database)
        self.columns = Columns(database)
        self.findings = Findings(database)
        self.history = History(database)
        self.records = Records(database, two_people)
        self.synced = Synced(database)

    @contextmanager
    def write(self) -> Iterator[None]:
        """One transaction for all calls of the body: all of them happen, or none."""
        with self.database.write():
            yield

    @contextmanager
    def read(self) -> Iterator[None]:
        """One snapshot for all reads of the body."""
        with self.database.read():
            yield

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()


def open_store(workspace: Workspace, create: bool = False) -> Store:
    """The store of a workspace, brought to the newest schema (with a backup first).

    Raises StoreError where it is missing or empty (unless `create`), cannot be reached, or was made by a newer version;
    ConfigError where curator.toml holds a password.
    """
    database = database_of(workspace, create)
    try:
        migrate(database, backups=workspace.path / BACKUPS, create=create)
    except BaseException:
        database.close()
        raise
    return Store(database, workspace.config.adjudication.two_people)


def database_of(workspace: Workspace, create: bool = False) -> Database:
    """The database of a workspace as it is, whatever its schema. Raises as `open_store` does."""
    url = os.environ.get(URL_VARIABLE) or workspace.config.store.url
    database = Database(_absolute(url, workspace.path, create))
    if database.url.password is not None and URL_VARIABLE not in os.environ:
        raise ConfigError(
            f"{workspace.path / CONFIG_NAME}: store.url holds a password, which everyone who gets the file can read",
            hint=f"take it out, and give it in {URL_VARIABLE} or in PostgreSQL's password file (PGPASSFILE)",
        )
    return database


def _absolute(url: str, folder: Path, create: bool) -> str:
    prefix = "sqlite:///"
    if not url.startswith(prefix):
        return url
    path = folder / url.removeprefix(prefix)
    if not create and not path.is_file():
        raise StoreError(
            f"{path} is missing: this workspace has no store",
            hint="restore it: curator restore FILE, or start anew elsewhere: curator init NAME --members a,b,c,d",
        )
    if create and path.parent.is_dir():
        path.touch()  # SQLite itself would make it writable for its owner only, whatever the umask allows
    return f"{prefix}{path}"
