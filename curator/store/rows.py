"""The rows of every table as JSON lines and back, the same from either engine and at any schema.

Knows the tables' names and nothing else of them: columns are read from the database, so that an old store is read, too.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, MetaData, String, Table, func, insert, inspect, literal, select, text

from curator.store.tables import metadata

VERSION_TABLE = "alembic_version"
AT_ONCE = 500
"""Rows that are held in memory."""


def schema_of(connection: Connection) -> str | None:
    """The number of the newest migration that the store has seen, or None in an empty one."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    return version


def tables_of(connection: Connection) -> list[Table]:
    """The tables of the store, those that others refer to first. A server's database may hold others, not ours."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in metadata.tables)
    return found.sorted_tables


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """A line of JSON per row, ordered by primary key; equal rows make equal bytes on both engines."""
    for row in rows(connection, table):
        yield line_of(row)


def rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """The rows, ordered by primary key; texts by their bytes, as no two servers agree on any other order."""
    collation = "BINARY" if connection.dialect.name == "sqlite" else "C"
    order = [key.collate(collation) if isinstance(key.type, String) else key for key in table.primary_key]
    with connection.execute(select(table).order_by(*order), execution_options={"yield_per": AT_ONCE}) as found:
        for row in found.mappings():
            yield dict(row)


def holds_any(connection: Connection, table: Table) -> bool:
    """Whether a table has a row."""
    return connection.scalar(select(literal(1)).select_from(table).limit(1)) is not None


def line_of(row: dict[str, Any]) -> bytes:
    """One row as a line of JSON."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def fill(connection: Connection, table: Table, content: Iterable[dict[str, Any]]) -> None:
    """Insert rows that `rows` gave; a row comes after those that it refers to."""
    part: list[dict[str, Any]] = []
    for row in content:
        part.append(row)
        if len(part) == AT_ONCE:
            connection.execute(insert(table), part)
            part = []
    if part:
        connection.execute(insert(table), part)


def numbers(connection: Connection, tables: Iterable[Table]) -> dict[str, int]:
    """table → the highest number it ever gave to a row, where it numbers its rows."""
    found = {}
    for table in tables:
        sequence = _sequence(connection, table)
        if sequence is None:
            continue
        highest = connection.scalar(select(func.max(table.c.id))) or 0
        if connection.dialect.name == "sqlite":
            given = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        else:
            query = text("SELECT pg_sequence_last_value(CAST(:sequence AS regclass))")
            given = connection.scalar(query, {"sequence": sequence})
        found[table.name] = max(highest, given or 0)
    return found


def continue_from(connection: Connection, tables: Iterable[Table], given: dict[str, int]) -> None:
    """Make the next row of each table get a number above all that are there and above the one `given` to the table."""
    for table, highest in ((table, numbers(connection, [table])) for table in tables):
        if not highest:
            continue
        number = max(highest[table.name], given.get(table.name, 0))
        if connection.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            values = {"name": table.name, "number": number}
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), values)
        elif number:
            values = {"sequence": _sequence(connection, table), "number": number}
            connection.execute(text("SELECT setval(CAST(:sequence AS regclass), :number)"), values)


def _sequence(connection: Connection, table: Table) -> str | None:
    """What numbers the rows of a table: PostgreSQL's sequence, or SQLite's AUTOINCREMENT; None where nothing does."""
    if [key.name for key in table.primary_key] != ["id"]:
        return None
    if connection.dialect.name == "sqlite":
        made = connection.scalar(text("SELECT sql FROM sqlite_schema WHERE name = :name"), {"name": table.name})
        return "AUTOINCREMENT" if "AUTOINCREMENT" in str(made) else None
    quoted = connection.dialect.identifier_preparer.quote(table.name)
    name: str | None = connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": quoted})
    return name
