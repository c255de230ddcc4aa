"""Bringing a store to the newest schema: forward only, with a backup before each change."""

from pathlib import Path

from sqlalchemy import Connection

from curator.errors import StoreError
from curator.store.database import Database
from curator.store.dump import Belongings, write_backup
from curator.store.rows import schema_of

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(database: Database, backups: Path, scripts: Path = SCRIPTS, create: bool = True) -> None:
    """Make the tables of an empty store, or bring an older store to the newest schema.

    Before an older store is touched, everything in it is written to `backups`. Raises StoreError for a store made by
    a newer version of the tool, and for an empty one unless `create`.
    """
    known = known_schemas(scripts)
    newest = known[-1]
    with database.read() as connection:
        current = schema_of(connection)
    if current == newest:
        return
    if current is None and not create:  # a file cut to nothing must not pass for a new beginning
        where = database.url.render_as_string(hide_password=True)
        raise StoreError(
            f"the store {where} is empty: not even its tables are there",
            hint="restore it: curator restore FILE, or start anew elsewhere: curator init NAME --members a,b,c,d",
        )
    if current is not None and current not in known:
        raise unknown_schema("the store", current)
    if current is not None:
        write_backup(database, unused(backups / f"before-{newest}.zip"), Belongings())
    with database.rebuilding() as connection:  # alone: another process may have done it meanwhile
        if schema_of(connection) == current:
            upgrade(connection, "head", scripts)


def upgrade(connection: Connection, schema: str, scripts: Path = SCRIPTS) -> None:
    """Bring the tables to `schema`, in the transaction of `connection`."""
    from alembic import command  # 0.3 s that a store of the newest schema need not wait for
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    command.upgrade(config, schema)


def known_schemas(scripts: Path = SCRIPTS) -> list[str]:
    """The numbers of all migrations, oldest first."""
    return sorted(path.name.partition("_")[0] for path in (scripts / "versions").glob("[0-9]*.py"))


def unknown_schema(what: str, schema: str) -> StoreError:
    """The error for a store or a backup of a newer version."""
    return StoreError(f"{what} has schema {schema!r}, which this version does not know", "pip install -U glide-curator")


def unused(path: Path) -> Path:
    """`path`, or the first of path-2, path-3, … that does not exist: an older backup is worth keeping."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found
