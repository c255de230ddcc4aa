"""What tells members apart: the salted hashes of their tokens, and the member that a login of PostgreSQL belongs to."""

from sqlalchemy import select, text, update

from curator.errors import InputError
from curator.store import tables
from curator.store.database import Database


class Tokens:
    """Hashes only: no token is ever in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def guard(self, member: str) -> str | None:
        """The salted hash of a member's token, or None where there is no token or no such member."""
        table = tables.member
        with self._database.read() as connection:
            return connection.scalar(select(table.c.token).where(table.c.name == member))

    def guarded(self) -> frozenset[str]:
        """The members who have a token."""
        table = tables.member
        with self._database.read() as connection:
            return frozenset(connection.scalars(select(table.c.name).where(table.c.token.is_not(None))))

    def set_guard(self, member: str, guard: str | None) -> None:
        """Give a member another token, by its salted hash, or none. Raises InputError for an unknown name."""
        table = tables.member
        with self._database.write() as connection:
            changed = connection.execute(update(table).where(table.c.name == member).values(token=guard))
            if changed.rowcount == 0:
                raise InputError(f"no member is called {member!r}", hint="curator status")

    def login(self) -> str | None:
        """The member whose login this connection has; None in SQLite and for other logins."""
        if self._database.is_sqlite:
            return None
        with self._database.read() as connection:
            if connection.scalar(text("SELECT to_regclass('curator_access.login')")) is None:
                return None
            query = text("SELECT member FROM curator_access.login WHERE role = current_user")
            member: str | None = connection.scalar(query)
            return member
