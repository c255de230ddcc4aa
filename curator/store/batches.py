"""Many captions written as one act: the ends of lines to start from, and the revisions of a find-and-replace."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, insert, select

from curator.captions import MACHINE
from curator.store import tables
from curator.store.database import Database, now

line, revision = tables.line, tables.revision
PART = 500
"""Lines that one query asks for."""


@dataclass(frozen=True)
class End:
    """A text by a person that no later one of its line was based on. A line with several is in conflict."""

    line: int
    image: str
    author: str
    slot: int
    revision: int
    text: str
    origin: str
    submitted: bool
    draft: bool
    """Whether its author is typing another one."""


@dataclass(frozen=True)
class Rewriting:
    """A new text for a line, on its way into the store."""

    end: End
    """The text it takes the place of."""
    text: str
    origin: str
    writer: str | None
    """Who writes, where that is not the author of the line."""


@dataclass(frozen=True)
class Rewritten:
    """A revision that belongs to a batch, and the text before it."""

    revision: int
    line: int
    image: str
    author: str
    slot: int
    before: str
    after: str


class Batches:
    """What a find-and-replace reads and writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ends(self, author: str | None = None, lines: Sequence[int] | None = None) -> list[End]:
        """The ends of all lines on pictures in the set, of one author's or of these lines; by line and number."""
        with self._database.read() as connection:
            return [End(*row) for query in _queries(author, lines) for row in connection.execute(query)]

    def write(self, batch: int, rewritings: Sequence[Rewriting]) -> None:
        """Append a revision for each text, all of them or none; drafts stay. The caller has seen that no line moved."""
        rows = [
            {
                "line": each.end.line,
                "text": each.text,
                "origin": each.origin,
                "base": each.end.revision,
                "written": now(),
                "state": "submitted",
                "key": uuid.uuid4().hex,
                "writer": each.writer,
                "batch": batch,
            }
            for each in rewritings
        ]
        with self._database.write() as connection:
            if rows:
                connection.execute(insert(revision), rows)

    def of(self, batch: int) -> list[Rewritten]:
        """The revisions of a batch, oldest first."""
        earlier = revision.alias()
        query = (
            select(
                revision.c.id,
                revision.c.line,
                line.c.image,
                line.c.author,
                line.c.slot,
                earlier.c.text,
                revision.c.text,
            )
            .join_from(revision, line)
            .join(earlier, earlier.c.id == revision.c.base)
            .where(revision.c.batch == batch)
            .order_by(revision.c.id)
        )
        with self._database.read() as connection:
            return [Rewritten(*row) for row in connection.execute(query)]


def _queries(author: str | None, lines: Sequence[int] | None) -> Iterator[Select[Any]]:
    query = _ends() if author is None else _ends().where(line.c.author == author)
    if lines is None:
        yield query
        return
    for start in range(0, len(lines), PART):
        yield query.where(line.c.id.in_(lines[start : start + PART]))


def _ends() -> Select[Any]:
    later, image = revision.alias(), tables.image
    by_person = ~later.c.origin.startswith(MACHINE)
    return (
        select(
            line.c.id,
            line.c.image,
            line.c.author,
            line.c.slot,
            revision.c.id,
            revision.c.text,
            revision.c.origin,
            revision.c.state == "submitted",
            exists().where(tables.draft.c.line == line.c.id),
        )
        .join_from(revision, line)
        .join(image, image.c.id == line.c.image)
        .where(
            image.c.status == "ok",
            ~revision.c.origin.startswith(MACHINE),
            ~exists().where(later.c.base == revision.c.id, by_person),
            ~exists().where(later.c.merges == revision.c.id, by_person),
        )
        .order_by(line.c.id, revision.c.id)
    )
