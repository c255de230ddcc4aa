"""Writing a backup while others write.

The rows are read in one snapshot: in SQLite's write-ahead log, and in PostgreSQL's REPEATABLE READ, a reader neither
waits for writers nor makes them wait. SQLite's own online backup would begin anew at each write of another process.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy import Connection, func, select

from curator.errors import StoreError
from curator.files import replacing
from curator.store import tables
from curator.store.backup import MANIFEST, Manifest, rows_name
from curator.store.database import Database, now
from curator.store.rows import lines, numbers, schema_of, tables_of
from curator.version import TOOL


@dataclass(frozen=True)
class Belongings:
    """What goes into a backup beside the rows."""

    files: Mapping[str, Path] = field(default_factory=dict)
    """name below files/ → where it lies."""
    blobs: Path | None = None
    """The folder of pictures, as `curator.blobs` lays it out; None to leave them out."""


def write_backup(database: Database, path: Path, belongings: Belongings) -> Manifest:
    """Write a backup to `path`, whole or not at all. Raises StoreError where it cannot be written."""
    try:
        with replacing(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            return _written(archive, database, belongings)
    except OSError as error:
        raise StoreError(
            f"the backup {path} cannot be written: {error.strerror or error}",
            hint="make room there, or name another place; the store was not touched",
        ) from error


def _written(archive: zipfile.ZipFile, database: Database, belongings: Belongings) -> Manifest:
    entries: dict[str, str] = {}
    counts: dict[str, int] = {}
    with database.read() as connection:
        schema, found = schema_of(connection), tables_of(connection)
        if schema is None:
            raise StoreError("the store is empty: there is nothing to back up")
        for table in found:
            name = rows_name(table.name)
            entries[name], counts[table.name] = _put(archive, name, lines(connection, table))
        columns = {table.name: [column.name for column in table.columns] for table in found}
        sequence = connection.scalar(select(func.max(tables.revision.c.id))) or 0
        given = numbers(connection, found)
        blobs = _blobs(connection) if belongings.blobs is not None else []
    for file, where in belongings.files.items():
        entries[f"files/{file}"], _ = _put(archive, f"files/{file}", [where.read_bytes()])
    missing = []
    for blob in blobs:
        content = _whole(belongings.blobs, blob)
        if content is None:
            missing.append(blob)
        else:
            entries[f"blobs/{blob}"], _ = _put(archive, f"blobs/{blob}", [content], zipfile.ZIP_STORED)
    manifest = Manifest(TOOL, now(), schema, sequence, counts, columns, given, entries, tuple(missing))
    _put(archive, MANIFEST, [json.dumps(asdict(manifest), indent=2, ensure_ascii=False).encode()])
    return manifest


def _put(
    archive: zipfile.ZipFile, name: str, parts: Iterable[bytes], method: int = zipfile.ZIP_DEFLATED
) -> tuple[str, int]:
    """Write an entry; its sha256, and of how many parts it was made."""
    info = zipfile.ZipInfo(name)  # of 1980: the time stands in the manifest, and equal rows make equal entries
    info.compress_type, info.external_attr = method, 0o600 << 16
    digest, count = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as entry:
        for part in parts:
            entry.write(part)
            digest.update(part)
            count += 1
    return digest.hexdigest(), count


def _blobs(connection: Connection) -> list[str]:
    return sorted(connection.scalars(select(tables.image.c.blob).distinct()))


def _whole(folder: Path | None, blob: str) -> bytes | None:
    if folder is None:
        return None
    try:
        content = (folder / blob[:2] / blob).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == blob else None
