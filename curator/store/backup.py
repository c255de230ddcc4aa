"""A backup: one zip file with every row of a store as of one moment, and files that belong to it.

manifest.json      tool, time, schema, sequence number, rows and columns per table, sha256 of every entry
rows/TABLE.jsonl   a row a line, the same bytes whether the store is SQLite or PostgreSQL
files/…            curator.toml and the style guide
blobs/SHA256       pictures, where they were asked for
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from curator.errors import InputError
from curator.files import CHUNK_BYTES

MANIFEST = "manifest.json"
FORMAT = 1
WHOLE_HINT = "take another backup: this one is not whole"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    tool: str
    made: str
    """UTC, ISO 8601."""
    schema: str
    """Number of the newest migration that the store had seen."""
    sequence: int
    """The newest revision in it; 0 where there is none."""
    rows: Mapping[str, int]
    columns: Mapping[str, list[str]]
    numbers: Mapping[str, int]
    """table → the highest number that it gave to a row."""
    entries: Mapping[str, str]
    """name of every other entry → sha256 of its bytes."""
    missing: tuple[str, ...] = ()
    """Pictures that should be in it, and were not where they belong or not whole."""
    format: int = FORMAT


class Backup:
    """An open backup."""

    def __init__(self, archive: zipfile.ZipFile, path: Path, manifest: Manifest) -> None:
        self._archive, self.path, self.manifest = archive, path, manifest

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table. Raises InputError at the end where they are not those that were written."""
        name = rows_name(table)
        digest = hashlib.sha256()
        with self._opened(name) as entry:
            for line in entry:
                digest.update(line)
                yield json.loads(line)
        self._compare(name, digest.hexdigest())

    def blobs(self) -> list[str]:
        """The pictures in it."""
        return [name.removeprefix("blobs/") for name in self.manifest.entries if name.startswith("blobs/")]

    def content(self, name: str) -> bytes:
        """The bytes of an entry, checked."""
        with self._opened(name) as entry:
            content = entry.read()
        self._compare(name, hashlib.sha256(content).hexdigest())
        return content

    def verify(self) -> None:
        """Read every entry. Raises InputError for the first that is missing or not what was written."""
        for name in self.manifest.entries:
            digest = hashlib.sha256()
            with self._opened(name) as entry:
                while chunk := entry.read(CHUNK_BYTES):
                    digest.update(chunk)
            self._compare(name, digest.hexdigest())

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._archive.open(name) as entry:
                yield entry
        except (KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise InputError(f"{self.path}: {name} is damaged or missing: {error}", WHOLE_HINT) from error

    def _compare(self, name: str, digest: str) -> None:
        if self.manifest.entries.get(name) != digest:
            raise InputError(f"{self.path}: {name} does not hold what was written there", WHOLE_HINT)


@contextmanager
def open_backup(path: Path) -> Iterator[Backup]:
    """A backup to read from. Raises InputError for a file that is none, is cut off, or is of a newer version."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise InputError(f"{path} is missing", hint="name a file that `curator backup` wrote") from error
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} is no backup, or not a whole one: {error}", WHOLE_HINT) from error
    with archive:
        yield Backup(archive, path, _manifest(archive, path))


def is_backup(path: Path) -> bool:
    """Whether a file is a backup, whole or not."""
    try:
        with open_backup(path):
            return True
    except InputError:
        return False


def rows_name(table: str) -> str:
    """The entry that holds the rows of a table."""
    return f"rows/{table}.jsonl"


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        content = json.loads(archive.read(MANIFEST))
        if content["format"] > FORMAT:
            raise InputError(f"{path} was made by {content['tool']}, a newer version", "pip install -U glide-curator")
        return Manifest(**{**content, "missing": tuple(content["missing"])})
    except (KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} is a zip file, but no backup of a store", WHOLE_HINT) from error
