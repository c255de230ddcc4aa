"""Getting a known set: a new folder with images/, captions/ and table.csv, the same bytes each time.

table.csv has the columns image, subject, caption, licence and source, then one a column for attributes.
"""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from curator.catalogue.item import Item
from curator.catalogue.known import KnownDataset, find_dataset
from curator.errors import InputError, UsageError
from curator.files import new_folder

COLUMNS = ("image", "subject", "caption", "licence", "source")
MARK = ".dataset.json"
SIZES_PX = range(16, 2049)


@dataclass(frozen=True)
class Choice:
    """Which part of a set, and from where."""

    group: str | None = None
    """Unicode group of emoji; None for all. openmoji only."""
    size_px: int | None = None
    """Side of a drawn picture; 256 if None. openmoji only."""
    origin: str | None = None
    """Address or file to take an archive from, instead of the one in its description."""


def get_dataset(name: str, folder: Path, choice: Choice | None = None) -> Path:
    """Make `folder` with the known set `name` and return it; the table is `folder / "table.csv"`.

    If `folder` holds the same choice of the same set already, nothing is done. It appears whole or not at all.
    Raises InputError for an unknown set, group or size and for a folder that holds something else, UsageError for a
    choice the set does not offer, MissingExtra where the packages of a drawn set are not installed, ServiceError where
    an archive cannot be fetched.
    """
    choice = choice or Choice()
    known = find_dataset(name)
    _check(known, choice)
    mark = _mark(known, choice)
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        if (folder / MARK).is_file() and (folder / MARK).read_text(encoding="utf-8") == mark:
            return folder
        raise InputError(f"{folder}: is there already and holds something else", hint="name a folder that is not there")
    if folder.is_dir():
        folder.rmdir()
    with new_folder(folder.absolute()) as part:
        _write(part, known, _items(known, choice))
        _put(part / MARK, mark)
    return folder


def _check(known: KnownDataset, choice: Choice) -> None:
    if known.method == "archive" and (choice.group or choice.size_px):
        raise UsageError(f"{known.name} has neither groups nor sizes", hint="leave --group and --size out")
    if known.method == "render" and choice.origin:
        raise UsageError(f"{known.name} is drawn on this machine, from nowhere else", hint="leave --from out")
    if choice.size_px is not None and choice.size_px not in SIZES_PX:
        raise InputError(
            f"a size of {choice.size_px} px", hint=f"sizes go from {SIZES_PX.start} to {SIZES_PX.stop - 1} px"
        )


def _mark(known: KnownDataset, choice: Choice) -> str:
    """What tells a finished folder from another one: the set, what it was made from, and the choice."""
    made_from = known.sha256 or (known.archive and known.archive.url)
    parts = {"name": known.name, "from": made_from, "group": choice.group, "size_px": choice.size_px}
    return json.dumps(parts, indent=2) + "\n"


def _items(known: KnownDataset, choice: Choice) -> Iterable[Item]:
    from curator.catalogue import archive, openmoji  # here: the commands start without HTTP and image libraries

    if known.archive is not None:
        return archive.items(known, known.archive, choice.origin)
    return openmoji.items(known, choice.group, choice.size_px or openmoji.SIZE_PX)


def _write(folder: Path, known: KnownDataset, items: Iterable[Item]) -> None:
    (folder / "images").mkdir()
    rows = []
    for item in items:
        (folder / "images" / item.image).write_bytes(item.content)
        if item.caption is not None:
            _put(folder / "captions" / f"{Path(item.image).stem}.txt", item.caption)
        row = dict(zip(COLUMNS, (item.image, item.subject, item.caption, known.licence, item.source), strict=True))
        rows.append({**row, **item.attributes})
    _put(folder / "table.csv", _table(rows))
    _put(folder / "README.md", _readme(known))


def _put(path: Path, text: str) -> None:
    """Write into a folder that is not there yet for anyone else."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def _table(rows: list[dict[str, str | None]]) -> str:
    attributes = sorted({key for row in rows for key in row} - set(COLUMNS))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, [*COLUMNS, *attributes], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _readme(known: KnownDataset) -> str:
    """What has to go with the pictures wherever they go."""
    return f"# {known.name}\n\n{known.title}\n\nSource: {known.source}\nLicence: {known.licence}\n{known.attribution}\n"
