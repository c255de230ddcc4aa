"""Members, rounds of splitting, and the tasks that a round gave to each member."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, func, insert, select, update

from curator.record import Member, Task, TaskState
from curator.store import tables
from curator.store.database import Database, now

MEMBER = [tables.member.c[name] for name in ("name", "role", "weight", "joined", "left")]


PART = 500
"""Tasks that one statement changes: engines bound the length of a list."""


class Given(NamedTuple):
    """A task that a round gives to a member."""

    member: str
    kind: str
    image: str
    state: TaskState = "open"
    """Another one than `open` where the task replaces one of the same member."""


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

    def change(self, name: str, **values: str | float | None) -> None:
        """Set role, weight or `left` (a time, or None for a member who is back) of a member."""
        assert values.keys() <= {"role", "weight", "left"}, values
        with self._database.write() as connection:
            connection.execute(update(tables.member).where(tables.member.c.name == name).values(**values))

    def add_round(
        self,
        seed: int,
        overlap: str,
        overlap_by: int | None,
        proof: Mapping[str, Any],
        tasks: Iterable[Given | tuple[str, str, str]],
    ) -> int:
        """Store a round with its tasks (member, kind, image, and a state other than open), and return its number.

        Tasks of earlier rounds for the same pictures stay as they are; `pass_on` marks those that are taken over.
        """
        row = {"seed": seed, "overlap": overlap, "overlap_by": overlap_by, "proof": dict(proof), "created": now()}
        with self._database.write() as connection:
            number = connection.execute(insert(tables.round_).returning(tables.round_.c.id), row).scalar_one()
            rows = [{"round": number, **Given(*task)._asdict()} for task in tasks]
            if rows:
                connection.execute(insert(tables.task), rows)
        return int(number)

    def rounds(self) -> list[dict[str, Any]]:
        """Every round with seed, overlap, proof and time, oldest first."""
        with self._database.read() as connection:
            return [
                dict(row) for row in connection.execute(select(tables.round_).order_by(tables.round_.c.id)).mappings()
            ]

    def tasks(
        self, member: str | None = None, states: Sequence[TaskState] | None = None, round_: int | None = None
    ) -> list[Task]:
        """Tasks of one member and round or of all, in the states named or in all, in the order they were given."""
        query = select(tables.task).order_by(tables.task.c.id)
        if round_ is not None:
            query = query.where(tables.task.c.round == round_)
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
        """Move a task to another state (`open` to take it up again). One that was passed on stays so.

        Who still had it before them keeps the caption, but no longer does the work that another member has now.
        """
        known = (tables.task.c.id == task) & (tables.task.c.state != "passed")
        with self._database.write() as connection:
            connection.execute(update(tables.task).where(known).values(state=state, reason=reason))

    def pass_on(self, tasks: Sequence[int], reason: str) -> None:
        """Mark tasks as given on to another member, in the same transaction as the round that gives them."""
        with self._database.write() as connection:
            for start in range(0, len(tasks), PART):
                those = tables.task.c.id.in_(tasks[start : start + PART])
                connection.execute(update(tables.task).where(those).values(state="passed", reason=reason))

    def task_counts(self) -> dict[str, dict[str, int]]:
        """member → state → number of tasks; those that were passed on belong to whoever has them now."""
        query = (
            select(tables.task.c.member, tables.task.c.state, func.count())
            .where(tables.task.c.state != "passed")
            .group_by(tables.task.c.member, tables.task.c.state)
        )
        counts: dict[str, dict[str, int]] = {}
        with self._database.read() as connection:
            for member, state, number in connection.execute(query):
                counts.setdefault(member, {})[state] = number
        return counts


def _to_task(row: RowMapping) -> Task:
    return Task(**row)
