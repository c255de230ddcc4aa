"""What a synced folder and the store last agreed on, file by file: the base of the next three-way merge."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from curator.store import tables
from curator.store.database import Database


@dataclass(frozen=True)
class Agreed:
    """The text that a file and the store both knew when they last met."""

    line: int
    revision: int


class Synced:
    """Agreements by folder and path. They are bookkeeping: the texts themselves stay in their revisions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, folder: str) -> dict[str, Agreed]:
        """Every agreement of a folder, by path."""
        table = tables.synced
        query = select(table.c.path, table.c.line, table.c.revision).where(table.c.folder == folder)
        with self._database.read() as connection:
            return {row.path: Agreed(row.line, row.revision) for row in connection.execute(query)}

    def get(self, folder: str, path: str) -> Agreed | None:
        """The agreement about one file, or None where it never met the store."""
        table = tables.synced
        query = select(table.c.line, table.c.revision).where(table.c.folder == folder, table.c.path == path)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Agreed(row.line, row.revision)

    def agree(self, folder: str, path: str, agreed: Agreed) -> None:
        """Record an agreement about a file in place of the earlier one."""
        table = tables.synced
        same = (table.c.folder == folder) & (table.c.path == path)
        row = {"folder": folder, "path": path, "line": agreed.line, "revision": agreed.revision}
        with self._database.write() as connection:
            connection.execute(delete(table).where(same))
            connection.execute(insert(table), row)
