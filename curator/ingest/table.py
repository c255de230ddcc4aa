"""The table that comes with a folder: a CSV file with a row per picture or per caption."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from curator.errors import InputError
from curator.ingest import captions
from curator.ingest.verdict import Refused

COLUMNS = ("image", "caption", "subject", "author", "licence", "source")
DELIMITERS = ",;\t"
MAX_TABLE_BYTES = 256 << 20
MAP_HINT = "name it with --map OTHER=OURS, for example --map file_name=image"


@dataclass(frozen=True)
class Row:
    """One row; what its cell leaves empty is None."""

    number: int
    """Line of the file where the row ends, from 1, for messages."""
    image: str
    """As written: a path, or a file name."""
    caption: str | None = None
    """As written, outer blanks and all."""
    subject: str | None = None
    author: str | None = None
    licence: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class Table:
    """A table that was read."""

    name: str
    """Where it lies; the name of its captions' source."""
    rows: tuple[Row, ...] = ()
    unused: tuple[str, ...] = ()
    """Columns that mean nothing here."""
    has_captions: bool = False


def read_table(path: Path, columns: Mapping[str, str]) -> Table:
    """Read a CSV file (comma, semicolon or tab; UTF-8, or UTF-16 with a byte order mark).

    `columns` maps its own names to ours. Raises InputError that names file, line and column.
    """
    text = _text(path)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        names = _names(path, header, columns)
        rows = [_row(path, reader.line_num, names, cells) for cells in reader if any(cells)]
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: not valid CSV: {error}") from error
    unused = tuple(name for name in names if name not in COLUMNS)
    return Table(str(path.resolve()), tuple(rows), unused, "caption" in names)


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise InputError(f"{path}: no such file", hint="--table names a CSV file")
        if path.stat().st_size > MAX_TABLE_BYTES:
            raise InputError(f"{path} is larger than {MAX_TABLE_BYTES:,} bytes", hint="split the table into several")
        text = captions.decode(path.read_bytes(), MAX_TABLE_BYTES)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except Refused as refusal:
        raise InputError(f"{path}: {refusal.reason}", hint="save the table as CSV in UTF-8") from refusal
    if text.lstrip()[:1] in ("{", "["):
        raise InputError(f"{path} looks like JSON; --table reads CSV", hint=f"columns: {', '.join(COLUMNS)}")
    return text


def _names(path: Path, header: list[str], columns: Mapping[str, str]) -> list[str]:
    """Our name of each column, in order."""
    missing = sorted(set(columns) - set(header))
    if missing:
        raise InputError(f"{path} has no column {missing[0]!r}", hint=f"its columns: {', '.join(header) or 'none'}")
    meaning = {"license": "licence", **columns}
    names = [meaning.get(name, name) for name in header]
    for ours in COLUMNS:
        if names.count(ours) > 1:
            same = [name for name in header if meaning.get(name, name) == ours]
            raise InputError(f"{path}: columns {' and '.join(same)} both mean {ours!r}", hint="map only one of them")
    if "image" not in names:
        found = ", ".join(header) or "none"
        raise InputError(f"{path} has no column 'image'; its columns: {found}", hint=MAP_HINT)
    return names


def _row(path: Path, number: int, names: list[str], cells: list[str]) -> Row:
    if any(cells[len(names) :]):
        hint = 'put cells that hold the delimiter in "quotes"'
        raise InputError(f"{path}, line {number}: {len(cells)} cells under {len(names)} columns", hint=hint)
    values = {name: cell for name, cell in zip(names, cells, strict=False) if name in COLUMNS and cell}
    # A caption is kept as written; everything else is a name.
    tidy = {name: cell if name == "caption" else cell.strip() for name, cell in values.items()}
    if not tidy.get("image"):
        raise InputError(f"{path}, line {number}: the row names no image")
    author = tidy.get("author", "")
    if not author.isprintable():
        raise InputError(f"{path}, line {number}: author {author!r} holds control characters")
    return Row(number, **{name: cell for name, cell in tidy.items() if cell})
