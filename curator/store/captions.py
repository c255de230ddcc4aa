"""Lines, their append-only revisions, and drafts. Every text that was ever submitted stays."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, delete, func, insert, select

from curator.captions import FOLDER, IMPORT, PACK
from curator.errors import InputError
from curator.record import Batch, Draft, Revision
from curator.store import tables
from curator.store.database import Database, insert_new, now

FROM_ELSEWHERE = (IMPORT, FOLDER, PACK, "replace")
"""Origins of texts that were not written in the place where the line's draft is."""


@dataclass(frozen=True)
class Writing:
    """A text on its way into the store."""

    image: str
    author: str
    text: str
    slot: int = 0
    origin: str = "tui"
    base: int | None = None
    """The revision of this line that the writer saw; None where the line was empty."""
    merges: int | None = None
    seconds: float | None = None
    state: str = "submitted"
    key: str | None = None
    """Names this act of writing: the same key again writes nothing and returns the first revision."""
    source: int | None = None
    """The revision of another line of this picture whose text was taken over, or None."""
    writer: str | None = None
    """Who writes, where that is not the author of the line."""
    reason: str | None = None
    batch: int | None = None
    written: str | None = None
    """When (UTC, ISO 8601), where it was written elsewhere and only arrives now; None for now."""


class Captions:
    """The texts of the set. A write never needs to know what others wrote, so two writers cannot lose each other's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def submit(self, writing: Writing) -> Revision:
        """Append a revision and, unless it comes from elsewhere, drop the line's draft; in one transaction.

        Two submissions with the same base are both kept: the line then has two heads, a conflict to settle.
        Raises InputError where `base` or `merges` is not a revision of this line, `source` none of this picture, or the
        text cannot be stored.
        """
        _check_text(writing.text)
        key = writing.key or uuid.uuid4().hex
        return self._database.again(lambda: self._submit(writing, key))

    def _submit(self, writing: Writing, key: str) -> Revision:
        with self._database.write() as connection:
            known = self._one(connection, tables.revision.c.key == key)
            if known is not None:
                return known
            line = _made_line(connection, writing.image, writing.author, writing.slot)
            self._check_parents(connection, line, writing)
            row = {
                "line": line,
                "text": writing.text,
                "origin": writing.origin,
                "base": writing.base,
                "merges": writing.merges,
                "written": writing.written or now(),
                "seconds": writing.seconds,
                "state": writing.state,
                "key": key,
                "source": writing.source,
                "writer": writing.writer,
                "reason": writing.reason,
                "batch": writing.batch,
            }
            # Two processes may hold the same key: the unique column decides, and the loser reads what the winner wrote.
            connection.execute(insert_new(connection, tables.revision), row)
            if writing.origin not in FROM_ELSEWHERE:  # they must not cost what somebody is typing
                connection.execute(delete(tables.draft).where(tables.draft.c.line == line))
            stored = self._one(connection, tables.revision.c.key == key)
        assert stored is not None
        return stored

    def revisions(self, image: str | None = None, author: str | None = None) -> list[Revision]:
        """All revisions, of one picture or author or of all, oldest first."""
        query = _revisions().order_by(tables.revision.c.id)
        if image is not None:
            query = query.where(tables.line.c.image == image)
        if author is not None:
            query = query.where(tables.line.c.author == author)
        with self._database.read() as connection:
            return [_to_revision(row) for row in connection.execute(query).mappings()]

    def keys(self) -> dict[int, str]:
        """Number of each revision → the key of its act of writing, which is the same in every store that has it."""
        query = select(tables.revision.c.id, tables.revision.c.key)
        with self._database.read() as connection:
            return {row.id: row.key for row in connection.execute(query)}

    def add_batch(self, member: str, what: Mapping[str, Any], undoes: int | None = None) -> int:
        """Record a find-and-replace, before the revisions that belong to it, and return its number."""
        row = {"member": member, "what": dict(what), "undoes": undoes, "written": now()}
        with self._database.write() as connection:
            number = connection.execute(insert(tables.batch).returning(tables.batch.c.id), row).scalar_one()
        return int(number)

    def batches(self) -> list[Batch]:
        """Every find-and-replace, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(tables.batch).order_by(tables.batch.c.id)).mappings()
            return [Batch(**row) for row in rows]

    def revisions_of(self, images: Sequence[str]) -> dict[str, list[Revision]]:
        """All revisions of some pictures, oldest first; pictures without any are left out."""
        found: dict[str, list[Revision]] = {}
        with self._database.read() as connection:
            for start in range(0, len(images), 500):
                of_images = tables.line.c.image.in_(images[start : start + 500])
                rows = connection.execute(_revisions().where(of_images).order_by(tables.revision.c.id))
                for row in rows.mappings():
                    found.setdefault(row["image"], []).append(_to_revision(row))
        return found

    def sequence(self) -> int:
        """The sequence number of the newest revision; 0 before the first."""
        with self._database.read() as connection:
            return connection.scalar(select(func.max(tables.revision.c.id))) or 0

    def line(self, image: str, author: str, slot: int = 0) -> int | None:
        """The number of a line, or None where nothing was written in it yet."""
        with self._database.read() as connection:
            return _line(connection, image, author, slot)

    def save_draft(self, draft: Draft) -> None:
        """Keep what a member is typing; the line's earlier draft is replaced. Raises InputError as `submit` does."""
        for text in (draft.text, *draft.steps):
            _check_text(text)
        self._database.again(lambda: self._save_draft(draft))

    def _save_draft(self, draft: Draft) -> None:
        with self._database.write() as connection:
            line = _made_line(connection, draft.image, draft.author, draft.slot)
            connection.execute(delete(tables.draft).where(tables.draft.c.line == line))
            row = {
                "line": line,
                "text": draft.text,
                "steps": list(draft.steps),
                "base": draft.base,
                "saved": now(),
                "source": draft.source,
            }
            connection.execute(insert(tables.draft), row)

    def drafts(self, author: str) -> list[Draft]:
        """The drafts of a member."""
        return self._drafts(tables.line.c.author == author)

    def _drafts(self, *conditions: ColumnElement[bool]) -> list[Draft]:
        columns = (tables.line.c.image, tables.line.c.author, tables.line.c.slot)
        query = (
            select(*columns, *(tables.draft.c[name] for name in ("text", "steps", "base", "source")))
            .join_from(tables.draft, tables.line)
            .where(*conditions)
            .order_by(tables.draft.c.line)
        )
        with self._database.read() as connection:
            return [Draft(**{**row, "steps": tuple(row["steps"])}) for row in connection.execute(query).mappings()]

    def draft(self, image: str, author: str, slot: int = 0) -> Draft | None:
        """The draft of one line, or None."""
        return next(
            (
                each
                for each in self._drafts(
                    tables.line.c.author == author, tables.line.c.image == image, tables.line.c.slot == slot
                )
            ),
            None,
        )

    def drop_draft(self, image: str, author: str, slot: int = 0) -> None:
        """Forget a line's draft."""
        self._database.again(lambda: self._drop_draft(image, author, slot))

    def _drop_draft(self, image: str, author: str, slot: int) -> None:
        with self._database.write() as connection:
            line = _line(connection, image, author, slot)
            connection.execute(delete(tables.draft).where(tables.draft.c.line == line))

    def _one(self, connection: Connection, condition: ColumnElement[bool]) -> Revision | None:
        row = connection.execute(_revisions().where(condition)).mappings().one_or_none()
        return None if row is None else _to_revision(row)

    def _check_parents(self, connection: Connection, line: int, writing: Writing) -> None:
        for parent in (writing.base, writing.merges):
            if parent is None:
                continue
            of_line = connection.scalar(select(tables.revision.c.line).where(tables.revision.c.id == parent))
            if of_line != line:
                raise InputError(
                    f"revision {parent} is no text of {writing.author!r} for picture {writing.image[:12]}",
                    hint="reload the picture and write again; your text was not stored",
                )
        if writing.source is not None:
            of_image = connection.scalar(
                select(tables.line.c.image)
                .join_from(tables.line, tables.revision)
                .where(tables.revision.c.id == writing.source)
            )
            if of_image != writing.image:
                raise InputError(f"revision {writing.source} is no text for picture {writing.image[:12]}")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"a text with {text[error.start]!a}, half a character, cannot be stored") from error
    if "\0" in text:  # SQLite would take it, PostgreSQL cannot
        raise InputError("a text with the character U+0000 cannot be stored", hint="take it out and write again")


def _line(connection: Connection, image: str, author: str, slot: int) -> int | None:
    lines = tables.line
    where = (lines.c.image == image) & (lines.c.author == author) & (lines.c.slot == slot)
    return connection.scalar(select(lines.c.id).where(where))


def _made_line(connection: Connection, image: str, author: str, slot: int) -> int:
    values = {"image": image, "author": author, "slot": slot}
    connection.execute(insert_new(connection, tables.line), values)
    line = _line(connection, image, author, slot)
    assert line is not None
    return line


def _revisions() -> Select[Any]:
    line, revision = tables.line, tables.revision
    return select(revision, line.c.image, line.c.author, line.c.slot).join_from(revision, line)


def _to_revision(row: RowMapping) -> Revision:
    return Revision(**{key: value for key, value in row.items() if key != "key"})
