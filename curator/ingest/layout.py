"""Which caption, which row of the table and which subject belong to which picture. Pure: entries and rows in.

A caption belongs to the picture with the same path up to the extension, `dog/00.txt` to `dog/00.jpg` (or
`dog/00.jpg.txt`), or in the parallel folder `captions/00.txt` to `images/00.jpg`. Never by stem alone.
"""

import posixpath
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from curator.errors import InputError
from curator.ingest.scan import Entry
from curator.ingest.table import Row, Table

IMAGES, CAPTIONS = "images", "captions"


@dataclass(frozen=True)
class RowCaption:
    """A caption that a row of the table holds."""

    key: str
    """Names it among the captions of the table, whatever the order of the rows."""
    text: str
    author: str | None


@dataclass(frozen=True)
class Picture:
    """A picture file and what was found to belong to it. None is "not said"."""

    entry: Entry
    captions: tuple[Entry, ...] = ()
    author: str | None = None
    """Of the caption files."""
    rows: tuple[RowCaption, ...] = ()
    subject: str | None = None
    """As the table says."""
    folder_subject: str | None = None
    """As the folder's name says."""
    licence: str | None = None
    origin: str | None = None


@dataclass(frozen=True)
class Layout:
    """A folder, understood."""

    pictures: tuple[Picture, ...]
    captions_without_picture: tuple[str, ...]
    rows_without_picture: tuple[str, ...]
    other_files: tuple[Entry, ...]


def arrange(entries: Sequence[Entry], table: Table | None = None) -> Layout:
    """Pair up the files of a folder and the rows of a table.

    Raises InputError where a row could mean several pictures or rows contradict each other.
    """
    images = [entry for entry in entries if entry.kind == "image"]
    texts = [entry for entry in entries if entry.kind == "caption"]
    captions, lost = _pair([entry.path for entry in images], texts)
    rows, lost_rows = _resolve(table, [entry.path for entry in images])
    subjects = _folder_subjects([entry.path for entry in images])
    pictures = tuple(
        _picture(entry, captions[entry.path], rows[entry.path], subjects[entry.path], table) for entry in images
    )
    others = tuple(entry for entry in entries if entry.kind == "other" and entry.problem is None)
    return Layout(pictures, tuple(lost), tuple(lost_rows), others)


def _pair(images: Iterable[str], texts: Iterable[Entry]) -> tuple[dict[str, tuple[Entry, ...]], list[str]]:
    """The caption files of each picture, and those that belong to none or could belong to several."""
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for image in images:
        for key in _caption_keys(image):
            wanted[_same_letters(key)].append(image)
    captions: defaultdict[str, tuple[Entry, ...]] = defaultdict(tuple)
    lost = []
    for text in texts:
        owners = wanted[_same_letters(posixpath.splitext(text.path)[0])]
        if len(owners) == 1:
            captions[owners[0]] += (text,)
        else:
            lost.append(f"{text.path} (fits {', '.join(owners)})" if owners else text.path)
    return captions, lost


def _caption_keys(image: str) -> list[str]:
    """Paths without extension at which a picture's caption may lie."""
    stem = posixpath.splitext(image)[0]
    parts = stem.split("/")
    beside = [
        "/".join((*parts[:index], CAPTIONS, *parts[index + 1 :]))
        for index, part in enumerate(parts[:-1])
        if part == IMAGES
    ]
    return [stem, image, *beside]


def _resolve(table: Table | None, images: Sequence[str]) -> tuple[dict[str, list[Row]], list[str]]:
    """The rows of each picture, and the rows that mean none."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    lost = []
    exact = {_same_letters(image): image for image in images}
    endings: defaultdict[str, list[str]] = defaultdict(list)
    for key, image in exact.items():
        parts = key.split("/")
        for start in range(1, len(parts)):
            endings["/".join(parts[start:])].append(image)
    for row in table.rows if table else ():
        name = _same_letters(posixpath.normpath(row.image.replace("\\", "/")))
        direct = exact.get(name) or exact.get(f"{IMAGES}/{name}")
        meant = [direct] if direct else endings.get(name, [])
        if len(meant) > 1:
            some = ", ".join(meant[:4]) + (", …" if len(meant) > 4 else "")
            raise InputError(
                f"{table and table.name}, line {row.number}: {row.image!r} could be {len(meant)} pictures: {some}",
                hint="write the path below the ingested folder in the image column",
            )
        if meant:
            found[meant[0]].append(row)
        else:
            lost.append(f"line {row.number}: {row.image}")
    return found, lost


def _picture(
    entry: Entry, captions: tuple[Entry, ...], rows: list[Row], subject: str | None, table: Table | None
) -> Picture:
    where = f"{table.name}: {entry.path}" if table else entry.path
    texts = [row for row in rows if row.caption is not None]
    authors = {row.author for row in rows if row.author is not None}
    if len(authors) > 1 and captions and not texts:
        raise _contradiction(where, "author", authors)
    numbers = [sum(other.author == row.author for other in texts[:index]) for index, row in enumerate(texts)]
    return Picture(
        entry=entry,
        captions=captions,
        author=authors.pop() if len(authors) == 1 else None,
        rows=tuple(
            RowCaption(f"{entry.path}#{row.author or ''}#{number}", row.caption or "", row.author)
            for row, number in zip(texts, numbers, strict=True)
        ),
        subject=_agreed(where, "subject", [row.subject for row in rows]),
        folder_subject=subject,
        licence=_agreed(where, "licence", [row.licence for row in rows]),
        origin=_agreed(where, "source", [row.source for row in rows]),
    )


def _agreed(where: str, column: str, values: Iterable[str | None]) -> str | None:
    given = {value for value in values if value is not None}
    if len(given) > 1:
        raise _contradiction(where, column, given)
    return given.pop() if given else None


def _contradiction(where: str, column: str, values: Iterable[str]) -> InputError:
    said = " and ".join(repr(value) for value in sorted(values))
    return InputError(f"{where} has rows with {column} {said}", hint=f"give the picture one {column}")


def _folder_subjects(images: Sequence[str]) -> dict[str, str | None]:
    """The folder's name as subject, where the pictures lie in several folders; `images` itself says nothing."""
    parents = {image: PurePosixPath(image).parent for image in images}
    if len(set(parents.values())) < 2:
        return dict.fromkeys(images)
    return {
        image: next((part for part in reversed(parent.parts) if part != IMAGES), None)
        for image, parent in parents.items()
    }


def _same_letters(name: str) -> str:
    """Some systems store é as one character, others as two; a table from one must fit a folder from the other."""
    return unicodedata.normalize("NFC", name)
