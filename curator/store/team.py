"""Members, rounds of splitting, and the tasks that a round gave to each member."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update

from curator.record import Member, Task, TaskState
from curator.store import tables
from curator.store.database import Database, now

MEMBER = [tables.member.c[name] for name in ("name", "role", "weight", "joined", "left")]


class Team:
    """Who works on the set, and on what."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, member: Member) -> bool:
        """Store a member who is not known yet; False where the name is known already (nothing changes then)."""
        with self._database.write() as connection:
            if connection.scalar(select(tables.member.c.name).where(tables.member.c.name == member.name)) is not None:
                return False
            connection.execute(insert(tables.member), {**vars(member), "joined": member.joined or now()})
        return True

    def members(self) -> list[Member]:
        """Every member, ordered by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(*MEMBER).order_by(tables.member.c.name)).mappings()
            return [Member(**row) for row in rows]

    def add_round(
        self,
        seed: int,
        overlap: str,
        overlap_by: int | None,
        proof: Mapping[str, Any],
        tasks: Iterable[tuple[str, str, str]],
    ) -> int:
        """Store a round with its tasks (member, kind, image), all open, and return its number.

        Open tasks of earlier rounds for the same pictures stay where they are: a picture has one owner.
        """
        row = {"seed": seed, "overlap": overlap, "overlap_by": overlap_by, "proof": dict(proof), "created": now()}
        with self._database.write() as connection:
            number = connection.execute(insert(tables.round_).returning(tables.round_.c.id), row).scalar_one()
            rows = [
                {"round": number, "member": member, "kind": kind, "image": image, "state": "open"}
                for member, kind, image in tasks
            ]
            if rows:
                connection.execute(insert(tables.task), rows)
        return int(number)

    def rounds(self) -> list[dict[str, Any]]:
        """Every round with seed, overlap, proof and time, oldest first."""
        with self._database.read() as connection:
            return [
                dict(row) for row in connection.execute(select(tables.round_).order_by(tables.round_.c.id)).mappings()
            ]

    def tasks(self, member: str | None = None, states: Sequence[TaskState] | None = None) -> list[Task]:
        """Tasks of one member or of all, in the states named or in all, in the order they were given."""
        query = select(tables.task).order_by(tables.task.c.id)
        if member is not None:
            query = query.where(tables.task.c.member == member)
        if states is not None:
            query = query.where(tables.task.c.state.in_(states))
        with self._database.read() as connection:
            return [_to_task(row) for row in connection.execute(query).mappings()]

    def owners(self) -> dict[str, str]:
        """The owner of each picture that a round has given away: image id → member."""
        query = (
            select(tables.task.c.image, tables.task.c.member)
            .where(tables.task.c.kind == "own", tables.task.c.state != "passed")
            .order_by(tables.task.c.id)
        )
        with self._database.read() as connection:
            return {row.image: row.member for row in connection.execute(query)}

    def close_task(self, task: int, state: TaskState, reason: str | None = None) -> None:
        """Move a task to another state (`open` to take it up again)."""
        with self._database.write() as connection:
            connection.execute(update(tables.task).where(tables.task.c.id == task).values(state=state, reason=reason))

    def task_counts(self) -> dict[str, dict[str, int]]:
        """member → state → number of tasks."""
        query = select(tables.task.c.member, tables.task.c.state, func.count()).group_by(
            tables.task.c.member, tables.task.c.state
        )
        counts: dict[str, dict[str, int]] = {}
        with self._database.read() as connection:
            for member, state, number in connection.execute(query):
                counts.setdefault(member, {})[state] = number
        return counts


def _to_task(row: RowMapping) -> Task:
    return Task(**row)
