"""The whole set, or one picture of it, as columns: a few queries, no object per row. What it means is not known here."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Select, String, case, cast, func, select

from curator.store import tables
from curator.store.database import Database

PART = 20_000
"""Rows that are held as rows at a time."""
FEW = 500
"""Up to so many texts are asked for by number; of more, all are read and the others dropped."""

Column: TypeAlias = "list[Any] | array[int]"


@dataclass(frozen=True)
class Rows:
    """Tables of the store, each as a list of its columns; the same text is one object everywhere."""

    images: list[Column]
    """id, blob, width, height, subject, status, split; by id."""
    sources: list[Column]
    """image, path; by root and path."""
    members: list[Column]
    """name, role."""
    tasks: list[Column]
    """id, image, member, kind, state; by id."""
    lines: list[Column]
    """id, image, author, slot; by id."""
    revisions: list[Column]
    """id, line, base (0: none), merges (0: none), origin, whether submitted (1 or 0); by id."""
    answers: list[Column]
    """image, member, key, value; oldest first."""
    drafts: list[Column]
    """image, author."""
    findings: list[Column]
    """check, list of images; open ones only."""


class Columns:
    """Reads for tables of the whole set."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, keys: Iterable[str], image: str | None = None) -> Rows:
        """All of one picture, or of every picture, with the answers to `keys`; in one snapshot."""
        pool: dict[Any, Any] = {}
        members = select(tables.member.c.name, tables.member.c.role)
        with self._database.read():
            return Rows(
                images=self._fetch(_images(image), "ttiittt", pool),
                sources=self._fetch(_sources(image), "to", pool),
                members=self._fetch(members, "tt", pool),
                tasks=self._fetch(_tasks(image), "itttt", pool),
                lines=self._fetch(_lines(image), "itti", pool),
                revisions=self._fetch(_revisions(image), "iiiiti", pool),
                answers=self._fetch(_answers(keys, image), "ttto", pool),
                drafts=self._fetch(_drafts(image), "tt", pool),
                findings=self._fetch(_findings(image), "to", pool),
            )

    def texts(self, revisions: Sequence[int]) -> dict[int, str]:
        """The texts of these revisions, by number."""
        revision = tables.revision
        query = select(revision.c.id, revision.c.text)
        if len(revisions) <= FEW:
            query = query.where(revision.c.id.in_(revisions))
        wanted = frozenset(revisions)
        with self._database.read() as connection:
            rows = connection.execute(query, execution_options={"yield_per": PART})
            return {number: text for part in rows.partitions() for number, text in part if number in wanted}

    def _fetch(self, query: Select[Any], kinds: str, pool: dict[Any, Any]) -> list[Column]:
        """The columns of a query. Kinds: `i` a whole number, `t` a text that repeats (kept in `pool`), `o` the rest."""
        columns: list[Column] = [array("q") if kind == "i" else [] for kind in kinds]
        with self._database.read() as connection:
            rows = connection.execute(query, execution_options={"yield_per": PART})
            for part in rows.partitions():
                for kind, column, values in zip(kinds, columns, zip(*part, strict=True), strict=True):
                    column.extend(map(pool.setdefault, values, values) if kind == "t" else values)
        return columns


def _images(image: str | None) -> Select[Any]:
    columns = [tables.image.c[name] for name in ("id", "blob", "width", "height", "subject", "status", "split")]
    return _only(select(*columns).order_by(tables.image.c.id), tables.image.c.id, image)


def _sources(image: str | None) -> Select[Any]:
    source = tables.source
    query = select(source.c.image, source.c.path).where(source.c.kind == "image", source.c.image.is_not(None))
    return _only(query.order_by(source.c.root, source.c.path), source.c.image, image)


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
    query = select(answer.c.image, answer.c.member, answer.c.key, answer.c.value).where(answer.c.key.in_(list(keys)))
    return _only(query.order_by(answer.c.id), answer.c.image, image)


def _drafts(image: str | None) -> Select[Any]:
    line = tables.line
    return _only(select(line.c.image, line.c.author).join_from(tables.draft, line), line.c.image, image)


def _findings(image: str | None) -> Select[Any]:
    finding = tables.finding
    query = select(finding.c.check, finding.c.images).where(finding.c.state == "open")
    return query if image is None else query.where(cast(finding.c.images, String).contains(image))


def _only(query: Select[Any], column: Any, image: str | None) -> Select[Any]:
    return query if image is None else query.where(column == image)
