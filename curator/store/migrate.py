"""Bringing a store to the newest schema: forward only, with a backup before each change."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, inspect, select, text

from curator.errors import StoreError
from curator.files import replacing
from curator.store.database import Database

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(database: Database, backups: Path, scripts: Path = SCRIPTS, create: bool = True) -> None:
    """Make the tables of an empty store, or bring an older store to the newest schema.

    Before an older store is touched, everything in it is written to `backups`. Raises StoreError for a store made by
    a newer version of the tool, and for an empty one unless `create`.
    """
    known = sorted(path.name.partition("_")[0] for path in (scripts / "versions").glob("[0-9]*.py"))
    newest = known[-1]
    with database.read() as connection:
        current = _schema(connection)
    if current == newest:
        return
    if current is None and not create:  # a file cut to nothing must not pass for a new beginning
        where = database.url.render_as_string(hide_password=True)
        raise StoreError(
            f"the store {where} is empty: not even its tables are there",
            hint="restore it from a backup, or start again in a new folder: curator init NAME --members a,b,c,d",
        )
    if current is not None and current not in known:
        raise StoreError(
            f"the store has schema {current!r}, which this version does not know", hint="pip install -U glide-curator"
        )
    if current is not None:
        _back_up(database, backups / f"before-{newest}", current)
    from alembic import command  # 0.3 s that a store of the newest schema need not wait for
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts))
    with database.rebuilding() as connection:  # alone: another process may have done it meanwhile
        if _schema(connection) == current:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _schema(connection: Connection) -> str | None:
    """The revision that alembic left in the store, or None in an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _back_up(database: Database, stem: Path, schema: str) -> None:
    """Write every table: a copy of the file for SQLite, else one JSON Lines file with a row a line."""
    if database.is_sqlite:
        with replacing(stem.with_suffix(".db")) as part:
            part.unlink()
            _copy_sqlite(database, part)
        return
    with replacing(stem.with_suffix(".jsonl")) as part, part.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"schema": schema}) + "\n")
        with database.read() as connection:
            for name, row in _rows(connection):
                file.write(json.dumps({"table": name, "row": row}, default=str, ensure_ascii=False) + "\n")


def _copy_sqlite(database: Database, target: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(str(database.url.database))) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _rows(connection: Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        for row in connection.execute(select(table)).mappings():
            yield table.name, dict(row)
