"""Answers, releases and events. Events are for people to read; no logic reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from curator.record import Answer
from curator.store import tables
from curator.store.database import Database, insert_new, now


@dataclass(frozen=True)
class ReleaseRow:
    name: str
    digest: str
    """sha256 over everything the release holds."""
    sequence: int
    """The newest revision it could read."""
    counts: Mapping[str, Any]
    created: str


class History:
    """What happened to the set beside captioning."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def answer(
        self,
        image: str,
        member: str,
        key: str,
        value: Any,
        write_key: str | None = None,
        written: str | None = None,
    ) -> None:
        """Append an answer (attribute, rating, flag, note) of a member about a picture.

        `write_key` names this act of writing: the same one again writes nothing. `written` is the time of an answer
        that was given elsewhere and only arrives now; None for now.
        """
        row = {
            "image": image, "member": member, "key": key, "value": value,
            "written": written or now(), "write_key": write_key,
        }  # fmt: skip
        with self._database.write() as connection:
            connection.execute(insert_new(connection, tables.answer), row)

    def answers(self) -> dict[str, dict[str, Any]]:
        """image → key → newest value; references and approvals, which are no answers about the picture, left out."""
        newest: dict[str, dict[str, Any]] = {}
        for each in self.all_answers():
            if not each.key.startswith(("gold.", "approve.")):
                newest.setdefault(each.image, {})[each.key] = each.value
        return newest

    def all_answers(self, image: str | None = None) -> list[Answer]:
        """Every answer, about one picture or all, oldest first."""
        table = tables.answer
        columns = [table.c[name] for name in ("id", "image", "member", "key", "value", "written")]
        query = select(*columns).order_by(table.c.id)
        if image is not None:
            query = query.where(table.c.image == image)
        with self._database.read() as connection:
            return [Answer(**row) for row in connection.execute(query).mappings()]

    def add_release(self, name: str, digest: str, sequence: int, counts: Mapping[str, Any]) -> None:
        """Record a release that lies on disk, proved."""
        row = {"name": name, "digest": digest, "sequence": sequence, "counts": dict(counts), "created": now()}
        with self._database.write() as connection:
            connection.execute(insert(tables.release), row)

    def releases(self) -> list[ReleaseRow]:
        """Every release, in the order they were made."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(tables.release).order_by(tables.release.c.sequence, tables.release.c.created)
            ).mappings()
            return [ReleaseRow(**row) for row in rows]

    def note(self, what: str, member: str | None = None, **detail: Any) -> None:
        """Append an event for people to read."""
        row = {"at": now(), "what": what, "member": member, "detail": detail}
        with self._database.write() as connection:
            connection.execute(insert(tables.event), row)

    def events(self) -> list[dict[str, Any]]:
        """Every event, oldest first."""
        with self._database.read() as connection:
            return [
                dict(row) for row in connection.execute(select(tables.event).order_by(tables.event.c.id)).mappings()
            ]
