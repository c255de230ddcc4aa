"""What a captioning session reads from the store and writes into it; every function here is one step that may fail."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from curator.captions import IMPORT, heads
from curator.errors import InputError
from curator.record import Draft, Image, Member, Revision, Task
from curator.store import Store
from curator.store.captions import Writing

SLOT = 0
"""A session writes the first caption of each picture."""

CAPTIONING = ("own", "overlap", "recaption")


@dataclass(frozen=True)
class Item:
    """A picture in a member's queue."""

    task: Task
    image: Image
    name: str
    blind: bool
    """Several members caption it apart from each other: only one's own words may be shown."""


@dataclass(frozen=True)
class Line:
    """What is written of one picture as far as a member may see it."""

    own: tuple[Revision, ...] = ()
    """Every text of the member's line, oldest first."""
    imported: tuple[Revision, ...] = ()
    """The newest imported text of each other line, oldest first; none where the picture is blind."""
    draft: Draft | None = None

    @property
    def heads(self) -> tuple[Revision, ...]:
        """The member's texts that no later one was based on, oldest first."""
        return tuple(heads(self.own))

    @property
    def competing(self) -> tuple[Revision, ...]:
        """Texts that speak against the newest head: other heads, and files that were edited after it was written."""
        if not self.heads:
            return ()
        head = self.heads[-1]
        edited = [each for each in self.imported if each.base is not None and each.id > head.id]
        return tuple(each for each in (*self.heads[:-1], *edited) if each.text != head.text)


@dataclass(frozen=True)
class Queue:
    """A member's pictures: those that are open or in conflict first, then the rest, in the order of the tasks."""

    member: str
    items: tuple[Item, ...]
    drafts: frozenset[str]
    """Images with a draft of the member."""
    conflicts: frozenset[str]
    """Images with competing texts."""


@dataclass(frozen=True)
class Submission:
    """A caption on its way into the store, and the task it finishes."""

    item: Item
    writing: Writing
    also: tuple[int, ...] = ()
    """Competing texts beyond the two that one revision can settle."""


def known_member(members: Iterable[Member], name: str) -> Member:
    """The member of that name. Raises InputError that lists the names there are."""
    found = {member.name: member for member in members}
    if name not in found:
        raise InputError(
            f"no member is called {name!r}; the team is: {', '.join(sorted(found)) or 'empty'}",
            hint="name one of them with --as",
        )
    return found[name]


def load_queue(store: Store, member: str) -> Queue:
    """A member's queue, in one snapshot. Raises InputError for an unknown member and for one without pictures."""
    with store.read():
        known_member(store.team.members(), member)
        tasks = store.team.tasks()
        records = {record.image.id: record for record in store.records.all()}
        drafts = {draft.image: draft for draft in store.captions.drafts(member) if draft.slot == SLOT}
    blind = {task.image for task in tasks if task.kind == "overlap"}
    mine = [task for task in tasks if task.member == member and task.kind in CAPTIONING and task.image in records]
    if not mine:
        raise InputError(f"{member!r} has no pictures to caption", hint="share them out: curator split")
    items = [
        Item(task, records[task.image].image, records[task.image].name, task.image in blind)
        for task in mine
        if task.image is not None
    ]
    lines = {item.image.id: _line(records[item.image.id].revisions, member, item.blind, None) for item in items}
    conflicts = frozenset(image for image, line in lines.items() if line.competing)
    items.sort(key=lambda item: item.task.state != "open" and item.image.id not in conflicts)
    return Queue(member, tuple(items), frozenset(drafts), conflicts)


def read_line(store: Store, member: str, item: Item) -> Line:
    """What is written of one picture now."""
    with store.read():
        revisions = store.captions.revisions(image=item.image.id)
        draft = store.captions.draft(item.image.id, member, SLOT)
    return _line(revisions, member, item.blind, draft)


def submit(store: Store, submission: Submission) -> tuple[Revision, Line]:
    """Store a caption, drop its draft and finish its task, all or nothing; then read the line again.

    Called again with the same submission it writes nothing and answers the same: an answer may have been lost.
    """
    writing = submission.writing
    with store.write():
        revision = store.captions.submit(writing)
        for number, parent in enumerate(submission.also):
            further = replace(writing, base=revision.id, merges=parent, seconds=None, key=f"{writing.key}-{number}")
            revision = store.captions.submit(further)
        store.captions.drop_draft(writing.image, writing.author, writing.slot)
        store.team.close_task(submission.item.task.id, "submitted")
    return revision, read_line(store, writing.author, submission.item)


def skip(store: Store, item: Item, reason: str) -> None:
    """Set a picture aside; a draft of it stays."""
    store.team.close_task(item.task.id, "skipped", reason)


def keep(store: Store, member: str, image: str, draft: Draft | None) -> None:
    """Make the stored draft of a picture what it should be: this one, or none."""
    if draft is None:
        store.captions.drop_draft(image, member, SLOT)
    else:
        store.captions.save_draft(draft)


def _line(revisions: Iterable[Revision], member: str, blind: bool, draft: Draft | None) -> Line:
    lines: defaultdict[int, list[Revision]] = defaultdict(list)
    for each in revisions:
        if each.slot == SLOT:
            lines[each.line].append(each)
    own = [each for line in lines.values() for each in line if each.author == member]
    others = [line[-1] for line in lines.values() if line[-1].author != member and not blind]
    imported = [each for each in others if each.origin == IMPORT and each.state == "submitted"]
    return Line(tuple(own), tuple(sorted(imported, key=lambda each: each.id)), draft)
