"""What a captioning session reads from the store and writes into it; every function here is one step that may fail."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from annotate.captioner.deck import Deck
from annotate.drafts.machine import drafts_for
from annotate.writing.answers import Answers, answers_to_write, current
from curator.captions import IMPORT, heads, is_machine
from curator.errors import InputError
from curator.identity.gate import known_member
from curator.record import Draft, Revision, TaskKind
from curator.store import Store
from curator.store.captions import Writing
from curator.store.queues import Item

CAPTIONING: tuple[TaskKind, ...] = ("own", "overlap", "recaption")


@dataclass(frozen=True)
class Line:
    """What is written of one picture in one slot, as far as a member may see it."""

    own: tuple[Revision, ...] = ()
    """Every text of the member's line, oldest first."""
    imported: tuple[Revision, ...] = ()
    """The newest imported text of each other line, oldest first; none where the picture is blind."""
    beside: tuple[Revision, ...] = ()
    """The newest text of each further caption: the member's own in other slots, and, unless blind, those of others."""
    machine: tuple[Revision, ...] = ()
    """The newest draft of each model, in any slot; none where the picture is blind: it would make members agree."""
    draft: Draft | None = None
    filled: frozenset[int] = frozenset()
    """The slots in which the member has submitted a caption."""

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
    deck: Deck
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
    slots: int = 1
    """Captions that the picture needs before its task is finished."""


def load_queue(store: Store, member: str) -> Queue:
    """A member's queue, in one snapshot. Raises InputError for an unknown member and for one without pictures."""
    with store.read():
        known_member(store.team.members(), member)
        places = store.queues.places(member, CAPTIONING)
        if not places:
            raise InputError(f"{member!r} has no pictures to caption", hint="share them out: curator split")
        drafts = store.queues.drafts(member)
        conflicts = _conflicts(store, member, {place.image for place in places})
    return Queue(member, Deck(places, store.queues.items, conflicts), drafts, conflicts)


def read_line(store: Store, member: str, item: Item, slot: int = 0) -> Line:
    """What is written of one picture now."""
    with store.read():
        revisions = store.captions.revisions(image=item.image.id)
        draft = store.captions.draft(item.image.id, member, slot)
    return _line(revisions, member, slot, item.blind, draft)


def submit(store: Store, submission: Submission) -> tuple[Revision, Line]:
    """Store a caption, drop its draft and finish its task, all or nothing; then read the line again.

    Called again with the same submission it writes nothing and answers the same: an answer may have been lost. Where
    the connection broke, it is done again by itself.
    """
    return store.database.again(lambda: _submit(store, submission))


def _submit(store: Store, submission: Submission) -> tuple[Revision, Line]:
    writing = submission.writing
    with store.write():
        revision = store.captions.submit(writing)
        for number, parent in enumerate(submission.also):
            further = replace(writing, base=revision.id, merges=parent, seconds=None, key=f"{writing.key}-{number}")
            revision = store.captions.submit(further)
        store.captions.drop_draft(writing.image, writing.author, writing.slot)
        line = read_line(store, writing.author, submission.item, writing.slot)
        if line.filled.issuperset(range(submission.slots)):
            store.team.close_task(submission.item.task.id, "submitted")
    return revision, line


def skip(store: Store, item: Item, reason: str) -> None:
    """Set a picture aside; a draft of it stays."""
    store.team.close_task(item.task.id, "skipped", reason)


def read_answers(store: Store, member: str, image: str, attributes: Mapping[str, tuple[str, ...]]) -> Answers:
    """What the member has said of a picture beside its caption."""
    return current(store.history.all_answers(image), member, attributes)


def answer(store: Store, member: str, image: str, before: Answers, after: Answers) -> None:
    """Store what the member says differently now."""
    with store.write():
        for key, value in answers_to_write(before, after):
            store.history.answer(image, member, key, value)


def keep(store: Store, member: str, image: str, slot: int, draft: Draft | None) -> None:
    """Make the stored draft of a caption what it should be: this one, or none."""
    if draft is None:
        store.captions.drop_draft(image, member, slot)
    else:
        store.captions.save_draft(draft)


def _conflicts(store: Store, member: str, images: set[str]) -> frozenset[str]:
    """The pictures on which texts compete with the member's."""
    perhaps = [image for image in store.queues.perhaps_in_conflict(member) if image in images]
    written = store.captions.revisions_of(perhaps)
    slots = {image: {each.slot for each in revisions} for image, revisions in written.items()}
    return frozenset(
        image
        for image, revisions in written.items()
        if any(_line(revisions, member, slot, store.queues.is_blind(image), None).competing for slot in slots[image])
    )


def _line(revisions: Sequence[Revision], member: str, slot: int, blind: bool, draft: Draft | None) -> Line:
    lines: defaultdict[int, list[Revision]] = defaultdict(list)
    for each in revisions:
        lines[each.line].append(each)
    newest = sorted((line[-1] for line in lines.values()), key=lambda each: each.id)
    offered = [each for each in newest if each.author != member and not blind and each.state == "submitted"]
    own = [each for line in lines.values() for each in line if each.author == member and each.slot == slot]
    return Line(
        own=tuple(own),
        imported=tuple(each for each in offered if each.origin == IMPORT and each.slot == slot),
        beside=tuple(
            each
            for each in newest
            if each.state == "submitted"
            and not is_machine(each.origin)
            and (each.slot != slot if each.author == member else not blind)
        ),
        machine=() if blind else tuple(drafts_for(revisions)),
        draft=draft,
        filled=frozenset(
            each.slot
            for each in newest
            if each.author == member and each.state == "submitted" and each.origin != IMPORT
        ),
    )
