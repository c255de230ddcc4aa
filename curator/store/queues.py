"""The pictures of one member in the order they are worked on: numbers of all, and the rest of a page at a time.

A queue of 100,000 pictures is opened in a fraction of a second and takes a few megabytes, because names, sizes and
subjects are read only for the lines that are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Exists, and_, exists, func, select

from curator.record import Image, Task, TaskKind, TaskState
from curator.store import tables
from curator.store.database import Database
from curator.store.pictures import to_image

task, image, line, revision = tables.task, tables.image, tables.line, tables.revision


class Place(NamedTuple):
    """A task of the queue, with no more than is needed to order and count it."""

    task: int
    image: str
    state: TaskState


@dataclass(frozen=True)
class Item:
    """A picture in a member's queue."""

    task: Task
    image: Image
    name: str
    """Path of its first source."""
    blind: bool
    """Several members caption it apart from each other: only one's own words may be shown."""


class Queues:
    """Reads of one member's work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def places(self, member: str, kinds: Sequence[TaskKind]) -> list[Place]:
        """The member's tasks of these kinds on pictures that are in the set, in the order they were given."""
        # Few pictures are taken out of the set: to leave these out takes half as long as to look each one up.
        taken_out = select(image.c.id).where(image.c.status != "ok")
        query = (
            select(task.c.id, task.c.image, task.c.state)
            .where(task.c.member == member, task.c.kind.in_(kinds), task.c.state != "passed")
            .where(task.c.image.not_in(taken_out))
            .order_by(task.c.id)
        )
        with self._database.read() as connection:
            return [Place(*row) for row in connection.execute(query)]

    def items(self, tasks: Sequence[int]) -> list[Item]:
        """All that the captioner shows of these tasks, in their order."""
        source = tables.source
        name = (
            select(source.c.path)
            .where(source.c.image == image.c.id, source.c.kind == "image")
            .order_by(source.c.root, source.c.path)
            .limit(1)
            .scalar_subquery()
        )
        query = (
            select(
                task,
                *(column.label(f"image_{column.name}") for column in image.c),
                name.label("name"),
                _blind(task.c.image),
            )
            .join_from(task, image)
            .where(task.c.id.in_(tasks))
        )
        with self._database.read() as connection:
            rows = [tuple(row) for row in connection.execute(query)]
        width = len(task.c)
        found: dict[int, Item] = {}
        for row in rows:
            mine = Task(**dict(zip(task.c.keys(), row[:width], strict=True)))
            shown = to_image(dict(zip(image.c.keys(), row[width:-2], strict=True)))
            found[mine.id] = Item(mine, shown, row[-2] or shown.id, bool(row[-1]))
        return [found[number] for number in tasks]

    def is_blind(self, picture: str) -> bool:
        """Whether several members caption a picture apart from each other."""
        with self._database.read() as connection:
            return bool(connection.scalar(select(_blind(picture))))

    def drafts(self, member: str) -> frozenset[str]:
        """The pictures of which the member has a draft."""
        query = select(line.c.image).join_from(tables.draft, line).where(line.c.author == member)
        with self._database.read() as connection:
            return frozenset(connection.scalars(query))

    def perhaps_in_conflict(self, member: str) -> list[str]:
        """The pictures on which texts may compete with the member's: two heads of a line, or an edited caption file."""
        later = revision.alias()
        overtaken = exists().where((later.c.base == revision.c.id) | (later.c.merges == revision.c.id))
        other = revision.alias()
        beside = exists().where(and_(other.c.line == revision.c.line, other.c.id != revision.c.id))
        # Most lines have one text: only those with a second one are looked at closely.
        two_heads = (
            select(line.c.image)
            .join_from(revision, line)
            .where(line.c.author == member, beside, ~overtaken)
            .group_by(line.c.id, line.c.image)
            .having(func.count() > 1)
        )
        edited = (
            select(line.c.image)
            .join_from(revision, line)
            .where(revision.c.origin == "import", revision.c.base.is_not(None))
        )
        with self._database.read() as connection:
            return sorted({*connection.scalars(two_heads), *connection.scalars(edited)})


def _blind(picture: Any) -> Exists:
    """Whether the picture, a column or an id, has been given to further members."""
    other = tables.task.alias()
    return exists().where(other.c.image == picture, other.c.kind == "overlap", other.c.state != "passed")
