"""The texts that are compared: what each member wrote of a picture without seeing the others'."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curator.captions import ADJUDICATED, is_machine
from curator.record import Record, Revision, Task

SLOT = 0
"""Compared are the first captions: what a second one tells is up to its writer."""
BLIND = ("own", "overlap")
"""Kinds of tasks whose members do not see each other's captions where a picture is in the overlap."""


@dataclass(frozen=True)
class Text:
    """What one member wrote of one picture."""

    author: str
    text: str
    revision: int = 0
    """Its number in the store; 0 where it is in none."""


@dataclass(frozen=True)
class Shared:
    """A picture that several members captioned."""

    image: str
    name: str
    subject: str | None
    texts: tuple[Text, ...]
    """One an author, ordered by author."""

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote of it."""
        return tuple(text.author for text in self.texts)


def overlap(records: Iterable[Record], tasks: Iterable[Task]) -> list[Shared]:
    """The overlap pictures with the blind texts of their members, ordered by name; also those with one text or none.

    A member's text is the newest of the own line that the member worded: adjudicated texts, machine drafts, texts
    taken over unchanged from elsewhere and texts that somebody else put there are left out, and so is all that was
    written after the picture's first adjudication, when the others' texts had been seen.
    """
    members: dict[str, set[str]] = defaultdict(set)
    blind = set()
    for task in tasks:
        if task.image is not None and task.kind in BLIND and task.state != "passed":
            members[task.image].add(task.member)
        if task.image is not None and task.kind == "overlap":
            blind.add(task.image)
    return [
        Shared(record.image.id, record.name, record.image.subject, _texts(record, members[record.image.id]))
        for record in sorted(records, key=lambda each: (each.name, each.image.id))
        if record.image.id in blind
    ]


def captioned(records: Iterable[Record], members: Iterable[str]) -> list[Shared]:
    """Every picture of which at least one of `members` worded a text, blind or not, ordered by name."""
    names = sorted(members)
    found = [
        Shared(record.image.id, record.name, record.image.subject, _texts(record, names))
        for record in sorted(records, key=lambda each: (each.name, each.image.id))
    ]
    return [picture for picture in found if picture.texts]


def _texts(record: Record, members: Iterable[str]) -> tuple[Text, ...]:
    written = [each for each in record.revisions if each.slot == SLOT]
    decided = min((each.id for each in written if each.origin == ADJUDICATED), default=None)
    by_id = {each.id: each for each in record.revisions}
    found = []
    for member in sorted(members):
        own = [each for each in written if each.author == member and _worded(each, by_id)]
        own = [each for each in own if decided is None or each.id < decided]
        if own and (newest := max(own, key=lambda each: each.id)).state == "submitted" and newest.text.strip():
            found.append(Text(member, newest.text, newest.id))
    return tuple(found)


def _worded(revision: Revision, by_id: Mapping[int, Revision]) -> bool:
    """Whether the line's author worded a text."""
    if revision.origin == ADJUDICATED or is_machine(revision.origin):
        return False
    if revision.writer not in (None, revision.author):
        return False
    source = by_id.get(revision.source) if revision.source is not None else None
    return source is None or source.text.strip() != revision.text.strip()


def compared(pictures: Sequence[Shared]) -> list[Shared]:
    """The pictures with at least two texts."""
    return [picture for picture in pictures if len(picture.texts) > 1]
