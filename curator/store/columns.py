"""The whole set, or one picture of it, as columns: a few queries, no object a row. What they mean is not known here."""

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, String, case, cast, func, select

from curator.store import tables
from curator.store.database import Database

PART = 20_000
"""Rows that are held as rows at a time."""
FEW = 500
"""Up to so many texts are asked for by number; of more, all are read and the others dropped."""

Column: TypeAlias = Sequence[Any]


@dataclass(frozen=True)
class Rows:
    """Tables of the store, each as a list of its columns.

    A picture is named by its place in `images`, -1 for one that is not there, except in `findings`.
    """

    images: list[Column]
    """id, blob (None: the id itself), width, height, subject, status, split."""
    names: dict[int, str]
    """Picture → path of its first source, by root and path."""
    tasks: list[Column]
    """id, picture, member, kind, state; by id."""
    lines: list[Column]
    """id, picture, author, slot; by id."""
    revisions: list[Column]
    """id, line, base (0: none), merges (0: none), origin, whether submitted (1 or 0); by id."""
    answers: list[Column]
    """picture, member, key, value (lists as tuples, objects as JSON texts); oldest first."""
    drafts: list[Column]
    """picture, author."""
    findings: list[Column]
    """check, image ids; open ones only."""


class Columns:
    """Reads for tables of the whole set."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, keys: Iterable[str], image: str | None = None) -> Rows:
        """All of one picture, or of every picture, with the answers to `keys`; in one snapshot."""
        with self._database.read():
            text = _repeating()
            images = self._fetch(_images(image), (TEXT, text, NUMBER, NUMBER, text, text, text))
            places = {name: place for place, name in enumerate(images[0])}
            picture, said = _looked_up(places), _parsed()
            return Rows(
                images=images,
                names=self._names(image, places),
                tasks=self._fetch(_tasks(image), (NUMBER, picture, text, text, text)),
                lines=self._fetch(_lines(image), (NUMBER, picture, text, NUMBER)),
                revisions=self._fetch(_revisions(image), (NUMBER, NUMBER, NUMBER, NUMBER, text, NUMBER)),
                answers=self._fetch(_answers(keys, image), (picture, text, text, said)),
                drafts=self._fetch(_drafts(image), (picture, text)),
                findings=self._fetch(_findings(image), (text, said)),
            )

    def texts(self, revisions: Sequence[int]) -> dict[int, str]:
        """The texts of these revisions, by number."""
        revision = tables.revision
        query = select(revision.c.id, revision.c.text)
        if len(revisions) <= FEW:
            query = query.where(revision.c.id.in_(revisions))
        wanted = bytearray(max(revisions, default=0) + 1)  # a set of so many numbers takes a hundred times more
        for number in revisions:
            wanted[number] = 1
        return {
            number: text
            for part in self._parts(query)
            for number, text in part
            if number < len(wanted) and wanted[number]
        }

    def _names(self, image: str | None, places: Mapping[str, int]) -> dict[int, str]:
        """The first path of each picture. Sorting takes longer than reading: only pictures with several need it."""
        names: dict[int, str] = {}
        several: set[str] = set()
        for part in self._parts(_paths(image)):
            for picture, path in part:
                if names.setdefault(places[picture], path) is not path:
                    several.add(picture)
        for picture in several:
            del names[places[picture]]
        for start in range(0, len(several), FEW):
            for part in self._parts(_sorted_paths(sorted(several)[start : start + FEW])):
                for picture, path in part:
                    names.setdefault(places[picture], path)
        return names

    def _fetch(self, query: Select[Any], readings: Sequence["Reading"]) -> list[Column]:
        """The columns of a query, each through its reading."""
        columns: list[Any] = [array("q") if reading.gives_numbers else [] for reading in readings]
        for part in self._parts(query):
            for column, reading, values in zip(columns, readings, zip(*part, strict=True), strict=True):
                column.extend(reading.read(values))
        return columns

    def _parts(self, query: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query as the driver gives them: to make SQLAlchemy's rows takes longer than the query."""
        with self._database.read() as connection, connection.execute(query) as result:
            cursor: Any = result.cursor
            while part := cursor.fetchmany(PART):
                yield part


class Reading(NamedTuple):
    """How the values of a column are kept."""

    read: Callable[[Sequence[Any]], Iterable[Any]]
    gives_numbers: bool = False


NUMBER = Reading(lambda values: values, gives_numbers=True)
TEXT = Reading(lambda values: values)


def _repeating() -> Reading:
    """Texts of which many are equal: each is one object, in all columns that share the reading."""
    pool: dict[Any, Any] = {}
    return Reading(lambda values: map(pool.setdefault, values, values))


def _looked_up(places: Mapping[str, int]) -> Reading:
    """The numbers that stand for the texts; -1 for one without."""
    return Reading(lambda values: [places.get(value, -1) for value in values], gives_numbers=True)


def _parsed() -> Reading:
    """What JSON texts say, lists as tuples and objects as texts; equal texts are parsed once."""
    known: dict[str, Any] = {}

    def read(values: Sequence[str]) -> list[Any]:
        for text in set(values).difference(known):
            known[text] = _hashable(json.loads(text))
        return [known[text] for text in values]

    return Reading(read)


def _hashable(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_hashable(each) for each in value)
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else value


def _images(image: str | None) -> Select[Any]:
    picture = tables.image.c
    columns = (picture.width, picture.height, picture.subject, picture.status, picture.split)
    return _only(select(picture.id, func.nullif(picture.blob, picture.id), *columns), picture.id, image)


def _paths(image: str | None) -> Select[Any]:
    source = tables.source
    query = select(source.c.image, source.c.path).where(source.c.kind == "image", source.c.image.is_not(None))
    return _only(query, source.c.image, image)


def _sorted_paths(images: Sequence[str]) -> Select[Any]:
    source = tables.source
    return _paths(None).where(source.c.image.in_(images)).order_by(source.c.root, source.c.path)


def _tasks(image: str | None) -> Select[Any]:
    task = tables.task
    query = select(*(task.c[name] for name in ("id", "image", "member", "kind", "state")))
    return _only(query.where(task.c.image.is_not(None)).order_by(task.c.id), task.c.image, image)


def _lines(image: str | None) -> Select[Any]:
    line = tables.line
    return _only(select(line.c.id, line.c.image, line.c.author, line.c.slot).order_by(line.c.id), line.c.image, image)


def _revisions(image: str | None) -> Select[Any]:
    revision, line = tables.revision, tables.line
    query = select(
        revision.c.id,
        revision.c.line,
        func.coalesce(revision.c.base, 0),
        func.coalesce(revision.c.merges, 0),
        revision.c.origin,
        case((revision.c.state == "submitted", 1), else_=0),
    ).order_by(revision.c.id)
    return query if image is None else query.join(line).where(line.c.image == image)


def _answers(keys: Iterable[str], image: str | None) -> Select[Any]:
    answer = tables.answer
    query = select(answer.c.image, answer.c.member, answer.c.key, cast(answer.c.value, String))
    return _only(query.where(answer.c.key.in_(list(keys))).order_by(answer.c.id), answer.c.image, image)


def _drafts(image: str | None) -> Select[Any]:
    line = tables.line
    return _only(select(line.c.image, line.c.author).join_from(tables.draft, line), line.c.image, image)


def _findings(image: str | None) -> Select[Any]:
    finding = tables.finding
    images = cast(finding.c.images, String)
    query = select(finding.c.check, images).where(finding.c.state == "open")
    return query if image is None else query.where(images.contains(image))


def _only(query: Select[Any], column: Any, image: str | None) -> Select[Any]:
    return query if image is None else query.where(column == image)
