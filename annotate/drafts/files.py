"""Files with captions that a model wrote: CSV, JSON lines, or a folder of .txt files. Knows nothing of the store."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.errors import InputError
from curator.files import inside
from curator.ingest import captions
from curator.ingest.table import MAX_TABLE_BYTES, read_table
from curator.ingest.verdict import MAX_CAPTION_BYTES, Refused

ALLOWED = "a .csv or .tsv table, a .jsonl file, or a folder of .txt files"
PICTURE = ("picture", "image", "file_name")
"""What the column or key of the picture may be called."""


@dataclass(frozen=True)
class Given:
    """A caption as a file has it."""

    where: str
    """File and line, for messages."""
    picture: str
    """As written: a path, a file name, a stem, or an image id."""
    caption: str


def read_drafts(path: Path) -> list[Given]:
    """All captions of a file or folder, in its order. Raises InputError that names file, line and what is allowed."""
    if path.is_dir():
        return list(_folder(path))
    if not path.is_file():
        raise InputError(f"{path}: no such file or folder", hint=f"name {ALLOWED}")
    kind = path.suffix.lower()
    if kind == ".jsonl":
        return list(_lines(path))
    if kind in (".csv", ".tsv"):
        return list(_table(path))
    raise InputError(f"{path} is not read: {kind or 'no suffix'}", hint=f"name {ALLOWED}")


def _table(path: Path) -> Iterator[Given]:
    with path.open("rb") as file:
        header = file.readline(65_536).decode("utf-8", "replace").lstrip("\ufeff")
    names = [cell.strip(' "\r\n') for cell in header.replace(";", ",").replace("\t", ",").split(",")]
    other = next((name for name in PICTURE if name in names), "image")
    table = read_table(path, {} if other == "image" else {other: "image"})
    if not table.has_captions:
        raise InputError(f"{path} has no column 'caption'", hint="columns: image (or picture) and caption")
    for row in table.rows:
        yield Given(f"{path}, line {row.number}", row.image, row.caption or "")


def _lines(path: Path) -> Iterator[Given]:
    for number, line in enumerate(_text(path, MAX_TABLE_BYTES).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            found: Any = json.loads(line)
        except ValueError as error:
            raise InputError(
                f"{where}: not JSON: {error}", hint='a line: {"picture": "a.jpg", "caption": "…"}'
            ) from error
        picture = next((found[name] for name in PICTURE if name in found), None) if isinstance(found, dict) else None
        caption = found.get("caption") if isinstance(found, dict) else None
        if not isinstance(picture, str) or not isinstance(caption, str):
            raise InputError(
                f"{where}: picture and caption must both be texts", hint='a line: {"picture": "a.jpg", "caption": "…"}'
            )
        yield Given(where, picture, caption)


def _folder(folder: Path) -> Iterator[Given]:
    found = sorted(path.relative_to(folder) for path in folder.rglob("*.txt"))
    if not found:
        raise InputError(f"{folder} holds no .txt file", hint=f"name {ALLOWED}")
    for name in found:
        path = inside(folder, name)
        if path.is_file():
            yield Given(str(path), name.with_suffix("").as_posix(), _text(path, MAX_CAPTION_BYTES))


def _text(path: Path, most_bytes: int) -> str:
    if path.stat().st_size > most_bytes:
        raise InputError(f"{path} is larger than {most_bytes:,} bytes", hint="split it into several")
    try:
        return captions.decode(path.read_bytes(), most_bytes)
    except Refused as refusal:
        raise InputError(f"{path}: {refusal.reason}", hint="save it as UTF-8") from refusal
