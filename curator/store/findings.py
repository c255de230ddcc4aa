"""What audits found. A finding is known by its check and what it concerns, so that a later audit updates it."""

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import RowMapping, insert, select, update

from curator.record import Finding
from curator.store import tables
from curator.store.database import Database, now


class Findings:
    """Findings of all audits, with what people decided about them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, found: Sequence[Finding]) -> list[Finding]:
        """Store the findings of an audit and return them as stored.

        A known finding keeps its number and an `accepted` state; one that is not found any more becomes `resolved`.
        """
        table = tables.finding
        with self._database.write() as connection:
            known = {row.fingerprint: row for row in connection.execute(select(table))}
            prints = {fingerprint(each): each for each in found}
            for mark, each in prints.items():
                values = {key: value for key, value in vars(each).items() if key not in ("id", "state")}
                values |= {"images": list(each.images), "members": list(each.members)}
                if mark in known:
                    state = "accepted" if known[mark].state == "accepted" else "open"
                    connection.execute(update(table).where(table.c.fingerprint == mark).values(**values, state=state))
                else:
                    connection.execute(insert(table).values(**values, fingerprint=mark, state="open", found=now()))
            gone = [mark for mark, row in known.items() if mark not in prints and row.state == "open"]
            for mark in gone:
                connection.execute(update(table).where(table.c.fingerprint == mark).values(state="resolved"))
            stored = {row["fingerprint"]: row for row in connection.execute(select(table)).mappings()}
            return [_to_finding(stored[mark]) for mark in prints]

    def all(self, state: str | None = None) -> list[Finding]:
        """Findings in one state or in all, oldest first."""
        query = select(tables.finding).order_by(tables.finding.c.id)
        if state is not None:
            query = query.where(tables.finding.c.state == state)
        with self._database.read() as connection:
            return [_to_finding(row) for row in connection.execute(query).mappings()]


def fingerprint(finding: Finding) -> str:
    """What makes two findings of different audits the same: the check, and the pictures and members it concerns."""
    about = [finding.check, sorted(finding.images), sorted(finding.members)]
    if not finding.images and not finding.members:
        about.append(finding.message)
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()


def _to_finding(row: RowMapping) -> Finding:
    kept = {key: value for key, value in row.items() if key not in ("fingerprint", "found")}
    return Finding(**{**kept, "images": tuple(row["images"]), "members": tuple(row["members"])})
