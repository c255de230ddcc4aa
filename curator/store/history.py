"""Answers, releases and events. Events are for people to read; no logic reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from curator.store import tables
from curator.store.database import Database, now


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

    def answer(self, image: str, member: str, key: str, value: Any) -> None:
        """Append an answer (attribute, rating, flag, note) of a member about a picture."""
        row = {"image": image, "member": member, "key": key, "value": value, "written": now()}
        with self._database.write() as connection:
            connection.execute(insert(tables.answer), row)

    def answers(self) -> dict[str, dict[str, Any]]:
        """image → key → newest value."""
        table = tables.answer
        newest: dict[str, dict[str, Any]] = {}
        with self._database.read() as connection:
            for row in connection.execute(select(table.c.image, table.c.key, table.c.value).order_by(table.c.id)):
                newest.setdefault(row.image, {})[row.key] = row.value
        return newest

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
