"""Who has done how much and how fast, in figures that the database counts: no caption is read for them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select

from curator.captions import MACHINE
from curator.record import TaskKind, TaskState
from curator.store import tables
from curator.store.database import Database

task, image, line, revision, answer = tables.task, tables.image, tables.line, tables.revision, tables.answer

TYPED = ("tui", "studio", "pack")
"""Origins of captions that a member wrote one by one; the others tell nothing of a member's pace."""

PART = 500
"""Pictures that one statement asks for: engines bound the length of a list."""


class TaskCount(NamedTuple):
    """How many tasks of a kind a member has in a state."""

    member: str
    kind: TaskKind
    state: TaskState
    number: int


class Moment(NamedTuple):
    """When a member submitted a caption, and what time it took."""

    written: str
    """UTC, ISO 8601."""
    seconds: float | None


class Pairs(NamedTuple):
    """Pictures that several members caption, and the pairs of captions they make."""

    pictures: int
    finished: int
    """Pictures that all their captioners have submitted."""
    pairs: int
    done: int
    """Pairs of which both captions are submitted."""


class Activity:
    """Figures of work. Pictures that were taken out of the set are in none of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tasks(self) -> list[TaskCount]:
        """Tasks by member, kind and state."""
        query = (
            select(task.c.member, task.c.kind, task.c.state, func.count())
            .where(_in_the_set())
            .group_by(task.c.member, task.c.kind, task.c.state)
            .order_by(task.c.member, task.c.kind, task.c.state)
        )
        with self._database.read() as connection:
            return [TaskCount(*row) for row in connection.execute(query)]

    def pictures(self) -> int:
        """Pictures of the set."""
        query = select(func.count()).select_from(image).where(image.c.status == "ok")
        with self._database.read() as connection:
            return connection.scalar(query) or 0

    def pairs(self) -> Pairs:
        """What the overlap sets have come to."""
        shared = select(task.c.image).where(task.c.kind == "overlap", task.c.state != "passed")
        of_picture = (
            select(func.count().label("all"), func.sum(case((task.c.state == "submitted", 1), else_=0)).label("done"))
            .where(task.c.image.in_(shared), task.c.kind.in_(("own", "overlap")), task.c.state != "passed")
            .where(_in_the_set())
            .group_by(task.c.image)
            .subquery()
        )
        everyone, done = of_picture.c["all"], of_picture.c.done
        query = select(
            func.count(),
            func.sum(case((everyone == done, 1), else_=0)),
            func.sum(everyone * (everyone - 1) / 2),
            func.sum(done * (done - 1) / 2),
        )
        with self._database.read() as connection:
            return Pairs(*(int(number or 0) for number in connection.execute(query).one()))

    def captions(self) -> dict[str, int]:
        """Member → captions submitted one by one, each version counted."""
        query = select(line.c.author, func.count()).join_from(revision, line).where(_typed()).group_by(line.c.author)
        with self._database.read() as connection:
            return {author: number for author, number in connection.execute(query)}

    def seconds(self) -> dict[str, float]:
        """Member → median seconds spent on a caption, of those submitted one by one."""
        author = line.c.author
        ranked = (
            select(
                line.c.author,
                revision.c.seconds,
                func.row_number().over(partition_by=author, order_by=revision.c.seconds).label("place"),
                func.count().over(partition_by=author).label("number"),
            )
            .join_from(revision, line)
            .where(_typed(), revision.c.seconds.is_not(None))
            .subquery()
        )
        twice, number = 2 * ranked.c.place, ranked.c.number
        middle = and_(twice >= number, twice <= number + 2)
        query = select(ranked.c.author, func.avg(ranked.c.seconds)).where(middle).group_by(ranked.c.author)
        with self._database.read() as connection:
            return {author: float(median) for author, median in connection.execute(query)}

    def moments(self, author: str, newest: int | None = None) -> list[Moment]:
        """When a member submitted captions, oldest first: the newest so many, or all."""
        query = (
            select(revision.c.written, revision.c.seconds)
            .join_from(revision, line)
            .where(_typed(), line.c.author == author)
            .order_by(revision.c.id.desc())
            .limit(newest)
        )
        with self._database.read() as connection:
            return [Moment(*row) for row in connection.execute(query)][::-1]

    def drafts(self) -> dict[str, int]:
        """Member → pictures of which there is a draft."""
        query = (
            select(line.c.author, func.count(func.distinct(line.c.image)))
            .join_from(tables.draft, line)
            .group_by(line.c.author)
        )
        with self._database.read() as connection:
            return {author: number for author, number in connection.execute(query)}

    def flags(self) -> dict[str, int]:
        """Member → pictures that the member has flagged and not unflagged since."""
        newest = select(func.max(answer.c.id)).where(answer.c.key == "flag").group_by(answer.c.image, answer.c.member)
        query = select(answer.c.member, answer.c.value).where(answer.c.id.in_(newest))
        counts: dict[str, int] = {}
        with self._database.read() as connection:
            for member, value in connection.execute(query):
                counts[member] = counts.get(member, 0) + (value is not None)
        return counts

    def authors(self, pictures: Sequence[str]) -> dict[str, frozenset[str]]:
        """Picture → everyone who has a caption of it, imported or written; machines are no one."""
        person = ~revision.c.origin.startswith(MACHINE)
        query = select(line.c.image, line.c.author).join_from(revision, line).where(person).distinct()
        found: dict[str, set[str]] = {}
        with self._database.read() as connection:
            for start in range(0, len(pictures), PART):
                part = query.where(line.c.image.in_(pictures[start : start + PART]))
                for picture, author in connection.execute(part):
                    found.setdefault(picture, set()).add(author)
        return {picture: frozenset(names) for picture, names in found.items()}


def _in_the_set() -> ColumnElement[bool]:
    """Tasks on pictures that were not taken out; few are, which is quicker to look through than all that were not."""
    return task.c.image.not_in(select(image.c.id).where(image.c.status != "ok"))


def _typed() -> ColumnElement[bool]:
    """Captions that a member wrote one by one, in the member's own line."""
    return and_(revision.c.state == "submitted", revision.c.origin.in_(TYPED), revision.c.writer.is_(None))
