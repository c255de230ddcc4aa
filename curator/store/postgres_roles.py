"""A login of PostgreSQL for each member, with the rights of the member's role: the SQL, and carrying it out.

What a role may do stands in `postgres_policies`; here it is only who has which.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import text

from curator.errors import InputError
from curator.record import Member
from curator.store import Store
from curator.store.database import Database
from curator.store.postgres_policies import ACCESS, GROUPS, grants, policies

LONGEST = 63
"""Bytes of a PostgreSQL name; a longer one would be cut without an error, and two could become one."""
PREFIX = re.compile(r"(?!pg_)[^\W\d]\w{0,31}")
MARK = "glide-curator: "
"""Begins the comment of every role that was made here."""

FOUNDATION = (
    f"CREATE SCHEMA IF NOT EXISTS {ACCESS}",
    f"CREATE TABLE IF NOT EXISTS {ACCESS}.login (role name PRIMARY KEY, member text NOT NULL)",
    f"""CREATE OR REPLACE FUNCTION {ACCESS}.me() RETURNS text LANGUAGE sql STABLE SET search_path = '' AS
$body$ SELECT member FROM {ACCESS}.login WHERE role = current_user $body$""",
    f"""CREATE OR REPLACE FUNCTION {ACCESS}.make(wanted name, mark text) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $body$
DECLARE
  known oid := (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = wanted);
BEGIN
  IF known IS NULL THEN
    EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', wanted);
    EXECUTE pg_catalog.format('COMMENT ON ROLE %I IS %L', wanted, mark);
  ELSIF pg_catalog.shobj_description(known, 'pg_authid') IS DISTINCT FROM mark THEN
    RAISE EXCEPTION 'the role % is there already and was not made for this: choose another --prefix', wanted;
  END IF;
END $body$""",
    f"""CREATE OR REPLACE FUNCTION {ACCESS}.leave(login name) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $body$
DECLARE
  party name;
BEGIN
  FOR party IN
    SELECT held.rolname FROM pg_catalog.pg_auth_members AS seat
      JOIN pg_catalog.pg_roles AS held ON held.oid = seat.roleid
      JOIN pg_catalog.pg_roles AS holder ON holder.oid = seat.member
    WHERE holder.rolname = login AND pg_catalog.shobj_description(held.oid, 'pg_authid') LIKE '{MARK}all of %'
  LOOP
    EXECUTE pg_catalog.format('REVOKE %I FROM %I', party, login);
  END LOOP;
END $body$""",
    f"REVOKE ALL ON FUNCTION {ACCESS}.me(), {ACCESS}.make(name, text), {ACCESS}.leave(name) FROM PUBLIC",
)
"""Whose login is whose; a way to make roles that takes over none that was there before; a way out of all groups."""


@dataclass(frozen=True)
class RolePlan:
    """The logins that should be there, those that should not any more, and the SQL that makes it so."""

    logins: Mapping[str, str]
    """member → login"""
    closed: tuple[str, ...]
    """Logins of members who left, or of an earlier prefix: they stay, and can no longer be used."""
    statements: tuple[str, ...]
    database: Database

    @property
    def sql(self) -> str:
        """One script for psql: all of it happens, or nothing."""
        return "\n".join(f"{each};" for each in ("BEGIN", *self.statements, "COMMIT"))

    def apply(self) -> None:
        """Carry it out in one transaction. Raises StoreError where the store's own login may not."""
        with self.database.write() as connection:
            plain = connection.execution_options(no_parameters=True)  # a percent sign is a percent sign
            for statement in self.statements:
                plain.exec_driver_sql(statement)


def plan_roles(store: Store, prefix: str | None = None) -> RolePlan:
    """What the members of `store` need; the same for the same team, however often it was carried out.

    Raises InputError where the store is no PostgreSQL, or `prefix` or a member's name cannot be part of a role's name.
    """
    database = store.database
    if database.is_sqlite:
        raise InputError(
            "this store is a SQLite file, which has no logins: whoever can write the file can write all of it",
            hint="tokens guard against mistakes there: curator token new MEMBER; for a wall, use PostgreSQL",
        )
    name = database.url.database or ""
    prefix = re.sub(r"\W", "_", f"{name}_") if prefix is None else prefix
    if not PREFIX.fullmatch(prefix):
        raise InputError(
            f"{prefix!r} cannot begin the name of a login",
            hint="a letter or _, then letters, digits and _, at most 32, not pg_: curator roles --prefix dogs_",
        )
    with store.read():
        team = store.team.members()
    seats = {each: login_of(prefix, each.name) for each in team if each.left is None and each.role in GROUPS}
    closed = tuple(sorted(_logins(database) - set(seats.values())))
    statements = [*FOUNDATION, *_groups(prefix, name), *_seats(prefix, name, seats), *_closed(closed)]
    return RolePlan({each.name: login for each, login in seats.items()}, closed, tuple(statements), database)


def login_of(prefix: str, member: str) -> str:
    """The name of a member's login: `prefix` and name, shortened with a hash where PostgreSQL would cut it.

    Raises InputError for a name with characters that cannot be shown.
    """
    if not member.isprintable() or "\\" in member:
        raise InputError(f"{member!a} cannot be part of a login's name", hint="such a member needs another name")
    whole = f"{prefix}{member}"
    if len(whole.encode()) <= LONGEST:
        return whole
    mark = hashlib.sha256(member.encode()).hexdigest()[:12]
    kept = whole.encode()[: LONGEST - 1 - len(mark)].decode(errors="ignore")
    return f"{kept}~{mark}"


def _logins(database: Database) -> set[str]:
    """The logins that were made before."""
    with database.read() as connection:
        if connection.scalar(text(f"SELECT to_regclass('{ACCESS}.login')")) is None:
            return set()
        return set(connection.scalars(text(f"SELECT role FROM {ACCESS}.login")))


def _groups(prefix: str, database: str) -> list[str]:
    groups = {each: _identifier(_group(prefix, each)) for each in GROUPS}
    made = [_make(_group(prefix, each), f"all of {each}", database) for each in GROUPS]
    connect = f"GRANT CONNECT ON DATABASE {_identifier(database)} TO {', '.join(groups.values())}"
    return [*made, connect, *grants(groups), *policies(groups)]


def _seats(prefix: str, database: str, seats: Mapping[Member, str]) -> list[str]:
    statements = []
    for member, login in seats.items():
        role = _identifier(login)
        statements += [
            _make(login, member.name, database),
            f"ALTER ROLE {role} LOGIN",
            f"SELECT {ACCESS}.leave({_literal(login)})",
            f"GRANT {_identifier(_group(prefix, member.role))} TO {role}",
            f"INSERT INTO {ACCESS}.login VALUES ({_literal(login)}, {_literal(member.name)}) ON CONFLICT DO NOTHING",
        ]
    return statements


def _closed(closed: Iterable[str]) -> list[str]:
    statements = []
    for login in closed:
        statements += [
            f"ALTER ROLE {_identifier(login)} NOLOGIN",
            f"DELETE FROM {ACCESS}.login WHERE role = {_literal(login)}",
            f"SELECT {ACCESS}.leave({_literal(login)})",
        ]
    return statements


def _make(role: str, what: str, database: str) -> str:
    return f"SELECT {ACCESS}.make({_literal(role)}, {_literal(f'{MARK}{what} in {database}')})"


def _group(prefix: str, role: str) -> str:
    """No member is called like a group: their names begin with a letter or a digit."""
    return f"{prefix}_{role}"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
