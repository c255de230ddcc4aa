"""Putting a backup back: over a store, of either engine, or into a throw-away one that proves it whole."""

import hashlib
import tempfile
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from sqlalchemy import Connection, delete, text

from curator.errors import InputError
from curator.store.backup import WHOLE_HINT, Backup, rows_name
from curator.store.database import Database
from curator.store.migrate import known_schemas, unknown_schema, upgrade
from curator.store.rows import (
    VERSION_TABLE,
    continue_from,
    fill,
    holds_any,
    line_of,
    lines,
    numbers,
    rows,
    schema_of,
    tables_of,
)

WORK = ("revision", "answer", "batch", "draft")
"""Tables that hold what people wrote."""


def restore(backup: Backup, database: Database) -> None:
    """Make the store what the backup holds, then bring it to the newest schema; in one transaction, all or nothing.

    What was read back is compared with the backup before it is kept. Every number stays, and the next revision gets one
    above all that the backup or the replaced store ever gave. Raises InputError for a damaged backup, StoreError for
    one of a newer version and where the store cannot be written.
    """
    schema = backup.manifest.schema
    if schema not in known_schemas():
        raise unknown_schema(f"the backup {backup.path}", schema)
    with database.rebuilding() as connection:
        given = _cleared(connection, schema)
        upgrade(connection, schema)
        tables = tables_of(connection)
        for table in tables:
            if table.name in backup.manifest.rows:
                fill(connection, table, backup.rows(table.name))
        _compare(connection, backup)
        highest = {
            name: max(given.get(name, 0), backup.manifest.numbers.get(name, 0))
            for name in [*given, *backup.manifest.numbers]
        }
        upgrade(connection, "head")
        continue_from(connection, tables_of(connection), highest)


def prove(backup: Backup) -> None:
    """Read every entry and restore the backup into a throw-away store. Raises InputError where it is not whole."""
    backup.verify()
    with tempfile.TemporaryDirectory(prefix="curator-check-") as folder:
        with closing(Database(f"sqlite:///{folder}/check.db")) as database:
            restore(backup, database)


def lacking(backup: Backup, database: Database) -> dict[str, int]:
    """table → how many rows of people's work the store holds that the backup does not, equal in all its columns."""
    missing = {}
    with database.read() as connection:
        for table in tables_of(connection):
            if table.name not in WORK:
                continue
            columns = [each.name for each in table.columns if each.name in backup.manifest.columns.get(table.name, ())]
            kept = {_digest(row, columns) for row in backup.rows(table.name)} if columns else set()
            missing[table.name] = sum(_digest(row, columns) not in kept for row in rows(connection, table))
    return {name: count for name, count in missing.items() if count}


def holds_rows(database: Database) -> bool:
    """Whether there is anything in the store."""
    with database.read() as connection:
        return any(holds_any(connection, table) for table in tables_of(connection))


def _digest(row: Mapping[str, Any], columns: list[str]) -> bytes:
    return hashlib.blake2b(line_of({name: row[name] for name in columns}), digest_size=16).digest()


def _cleared(connection: Connection, schema: str) -> dict[str, int]:
    """Make room for a backup of that schema; the highest number that each table gave.

    Tables that fit stay and are emptied: what a server's roles may do with them is not in the backup.
    """
    tables = tables_of(connection)
    given = numbers(connection, tables)
    fits = schema_of(connection) == schema
    for table in reversed(tables):
        if fits:
            connection.execute(delete(table))
        else:
            table.drop(connection)
    if not fits:
        connection.execute(text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))
    return given


def _compare(connection: Connection, backup: Backup) -> None:
    for table in tables_of(connection):
        digest = hashlib.sha256()
        for line in lines(connection, table):
            digest.update(line)
        if digest.hexdigest() != backup.manifest.entries.get(rows_name(table.name)):
            raise InputError(f"{backup.path}: what was restored of {table.name!r} is not what it holds", WHOLE_HINT)
