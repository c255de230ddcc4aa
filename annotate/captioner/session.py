"""A member's captioning session: queue, place, text, undo. Pure state: it touches neither the store nor a widget."""

import time
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from annotate.captioner.history import History
from annotate.captioner.ledger import Line, Queue, Submission
from curator.captions import IMPORT, MACHINE, is_machine
from curator.errors import InputError
from curator.record import Draft, Revision, TaskState
from curator.store.captions import Writing
from curator.store.queues import Item

IDLE_S = 60.0
"""A longer pause counts as this much work on a caption: the member was away."""


MOST_SLOTS = 20
"""Captions of one picture."""


class Mark(StrEnum):
    """What the list shows of a picture: each has a sign and a word, so that none needs a colour."""

    OPEN = "open"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Other:
    """A text to show beside the editor, and where it comes from."""

    label: str
    text: str
    revision: int


class Session:
    """The pictures of one member, the one being captioned, and what is typed for it."""

    def __init__(
        self,
        queue: Queue,
        place: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        slots: int = 1,
    ) -> None:
        """Start at image `place` if there is still work on it, else at the first picture that needs work.

        `slots` is the number of captions that every picture needs. The first `go` must follow at once: it hands over
        the line of the picture at `index`.
        """
        self.member = queue.member
        self.items = queue.deck
        self.slots = slots
        self.slot = 0
        self._drafts, self._conflicts = set(queue.drafts), set(queue.conflicts)
        self._clock = clock
        self.index = self._start(place)
        self._base: int | None = None
        self._source: int | None = None
        self._taken = -1
        self._read(Line())

    @property
    def item(self) -> Item:
        """The picture being captioned."""
        return self.items[self.index]

    @property
    def text(self) -> str:
        """The caption as it stands in the editor."""
        return self._history.text

    @property
    def changed(self) -> bool:
        """Whether the text differs from what is stored, or from the imported caption it began with."""
        return _nfc(self.text) != _nfc(self._clean)

    @property
    def conflict(self) -> bool:
        """Whether competing texts must be settled."""
        return self._overtaken or bool(self.line.competing)

    def go(self, index: int, line: Line, slot: int = 0) -> None:
        """Move to a picture, or to another caption of it, whose line was just read."""
        self.index, self.slot = index, slot
        self._read(line)

    def show_only(self, mask: Sequence[bool] | None) -> int:
        """Show only the pictures for which `mask` is true (None: all); returns the place to go to next.

        The place is that of the picture being captioned, or the first where that one is not shown. Raises InputError
        where no picture is left, and changes nothing then.
        """
        if mask is not None and not any(mask):
            raise InputError("no picture matches", hint="change the filter, or leave it with Esc")
        here = self.item.image.id
        self.items.show(mask)
        self.index = self.items.place(here) or 0
        return self.index

    def typed(self, text: str) -> bool:
        """Take over what the editor holds; False if nothing changed."""
        return self._edit(text, block=False)

    def take_other(self) -> bool:
        """Put the next of the other texts into the editor; False if there is none."""
        others = self.others
        if not others:
            return False
        self._taken = (self._taken + 1) % len(others)
        taken = others[self._taken]
        if taken.revision not in {each.id for each in self.line.own}:
            self._source = taken.revision
        return self._edit(taken.text, block=True)

    def undo(self) -> bool:
        """Go one step back; False if there is none."""
        return self._tracked(self._history.undo())

    def redo(self) -> bool:
        """Take the newest undo back; False if there is none."""
        return self._tracked(self._history.redo())

    def draft(self) -> Draft | None:
        """What must be on disk for this picture now: a draft, or None where the text is the stored one."""
        if not self.changed:
            return None
        image = self.item.image.id
        return Draft(image, self.member, self.slot, self.text, self._history.earlier, self._base, self._source)

    def submission(self) -> Submission | None:
        """The caption to store, or None where the same text is stored already and nothing is left to settle.

        The same text makes the same submission, so that a second try cannot store it twice. Raises InputError for an
        empty caption.
        """
        if not self.text.strip():
            raise InputError("an empty caption cannot be submitted", hint="write one, or skip the picture and say why")
        if not self.changed and not self.conflict and self.item.task.state == "submitted":
            return None
        parents = [head.id for head in self.line.heads]
        key = self._keys.setdefault((self.text, *parents), uuid.uuid4().hex)
        writing = Writing(
            image=self.item.image.id,
            author=self.member,
            text=_nfc(self.text),
            slot=self.slot,
            base=parents[0] if parents else None,
            merges=parents[1] if len(parents) > 1 else None,
            seconds=round(self._spend(), 1),
            key=key,
            source=self._source,
        )
        return Submission(self.item, writing, tuple(parents[2:]), self.slots)

    def submitted(self, submission: Submission, revision: Revision, line: Line) -> bool:
        """Note that a caption is stored, and the line as it is now; False where it must still be settled.

        What was typed on while the store was working stays in the editor, as a change of the stored text.
        """
        image = submission.item.image.id
        if line.filled.issuperset(range(submission.slots)):
            self.items.set_state(submission.item, "submitted")
        self._mark(image, draft=False, conflict=bool(line.competing))
        if (self.item.image.id, self.slot) != (image, submission.writing.slot):
            return True
        self.line = line
        self._base, self._clean, self._overtaken = revision.id, revision.text, False
        self._source = None
        self._seconds = 0.0
        self._keys.clear()
        self._mark(image, draft=self.changed)
        return not self.conflict and not self.changed

    def skipped(self, item: Item, reason: str) -> None:
        """Note that a picture is set aside."""
        self.items.set_state(item, "skipped", reason)

    def step(self, by: int) -> int | None:
        """The index `by` pictures on, or None at either end of the list."""
        index = self.index + by
        return index if 0 <= index < len(self.items) else None

    def next_open(self) -> int | None:
        """The next picture that needs work, from here on and then from the start; None when all is done."""
        open_one = self.items.next_open(self.index)
        found = [] if open_one is None else [open_one]
        count = len(self.items)
        begun = self._places(self._conflicts | self._drafts)
        found += [place for place in begun if place != self.index and self._needs_work(place)]
        return min(found, key=lambda place: (place - self.index) % count, default=None)

    def next_slot(self) -> int | None:
        """The first caption of this picture that is still to be written; None where all are there."""
        return next((slot for slot in range(self.slots) if slot not in self.line.filled), None)

    def turn_slot(self) -> int:
        """The slot to go to from here: the next of those in use, then a new one, then the first again."""
        last = max(self.slots - 1, *self.line.filled, self.slot if self.text.strip() else 0)
        new = last + 1 if self.line.filled.issuperset(range(last + 1)) else last
        return self.slot + 1 if self.slot < min(new, MOST_SLOTS - 1) else 0

    def mark(self, index: int) -> Mark:
        """What the list shows of the picture at a place; nothing is read."""
        image = self.items.image(index)
        if image in self._conflicts or (self.conflict and index == self.index):
            return Mark.CONFLICT
        if image in self._drafts:
            return Mark.DRAFT
        return Mark(self.items.state(index))

    def counts(self) -> Counter[TaskState]:
        """How many pictures are in each state."""
        return self.items.counts()

    @property
    def others(self) -> list[Other]:
        """Texts to show beside the editor: what competes with it first, then further captions, then machine drafts."""
        head = self.line.heads[-1] if self.line.heads else None
        shown = list(self.line.competing)
        if head is None:
            shown = [each for each in self.line.imported if each is not self._prefill]
        elif self._overtaken:
            shown.append(head)
        known = {self._prefill, *shown}
        shown += [each for each in self.line.beside if each not in known and each.text != self._clean]
        shown += self.line.machine
        return [Other(self._label(each), each.text, each.id) for each in shown]

    def provenance(self) -> str:
        """Where the text in the editor comes from, in a few words."""
        if self.conflict:
            return "conflict: both are kept; submit the one that holds"
        if self.changed:
            return "draft" if self._prefill is None else f"draft, from the text {_by(self._prefill, self.member)}"
        start = self.line.heads[-1] if self.line.heads else self._prefill
        if start is None:
            return "nothing written yet"
        waits = start.origin == IMPORT and self.item.task.state == "open"
        return self._label(start) + (": submit it as yours, or change it" if waits else "")

    def _read(self, line: Line) -> None:
        self.line = line
        head = line.heads[-1] if line.heads else None
        self._prefill = line.imported[-1] if head is None and line.imported else None
        start = head or self._prefill
        self._clean = start.text if start and start.state == "submitted" else ""
        self._base = head.id if head else None
        self._overtaken = False
        earlier = [each.text for each in line.own if each is not head]
        text = self._clean
        self._source = self._prefill.id if self._prefill is not None and self._prefill.author != self.member else None
        if line.draft is not None:
            text, earlier, self._source = line.draft.text, list(line.draft.steps), line.draft.source
            self._overtaken = line.draft.base != self._base and text != self._clean
            self._base = line.draft.base
        self._history = History(text, earlier)
        self._taken = -1
        self._keys: dict[tuple[object, ...], str] = {}
        self._seconds, self._active = 0.0, self._clock()
        self._mark(self.item.image.id, draft=self.changed, conflict=bool(line.competing))

    def _edit(self, text: str, block: bool) -> bool:
        return self._tracked(self._history.change(text, self._clock(), block))

    def _tracked(self, moved: bool) -> bool:
        if moved:
            self._spend()
            self._mark(self.item.image.id, draft=self.changed)
        return moved

    def _spend(self) -> float:
        now = self._clock()
        self._seconds += min(now - self._active, IDLE_S)
        self._active = now
        return self._seconds

    def _start(self, place: str | None) -> int:
        """The place itself, the next in the order of the tasks, a draft, or the first: whichever needs work."""
        here = None if place is None else self.items.place(place)
        if here is not None and self._needs_work(here):
            return here
        begun = self._places(self._drafts)
        after = None if here is None else self.items.open_after(here)
        first = self.items.next_open(-1)
        wanted = [after, *begun, *self._places(self._conflicts), first]
        return next((index for index in wanted if index is not None and self._needs_work(index)), 0)

    def _places(self, images: set[str]) -> list[int]:
        return sorted(place for image in images if (place := self.items.place(image)) is not None)

    def _needs_work(self, index: int) -> bool:
        image, state = self.items.image(index), self.items.state(index)
        return state == "open" or image in self._conflicts or (image in self._drafts and state == "submitted")

    def _mark(self, image: str, draft: bool, conflict: bool | None = None) -> None:
        (self._drafts.add if draft else self._drafts.discard)(image)
        if conflict is not None:
            (self._conflicts.add if conflict else self._conflicts.discard)(image)

    def _label(self, revision: Revision) -> str:
        if is_machine(revision.origin):
            return f"machine draft, {revision.origin.removeprefix(MACHINE)}"
        if revision.origin == IMPORT:
            return _by(revision, self.member) + self._which(revision)
        if revision.author != self.member:
            return f"by {revision.author}{self._which(revision)}"
        when = datetime.fromisoformat(revision.written).astimezone()
        what = "withdrawn" if revision.state == "withdrawn" else "submitted"
        return f"{what} {when:%d %b %H:%M}, {revision.origin}{self._which(revision)}"

    def _which(self, revision: Revision) -> str:
        """Says of a text that belongs to another caption of the picture which one that is."""
        return "" if revision.slot == self.slot else f", caption {revision.slot + 1}"


def _nfc(text: str) -> str:
    """A text in the form in which captions are stored: letters with their accents in one piece."""
    return unicodedata.normalize("NFC", text)


def _by(revision: Revision, member: str) -> str:
    author = "you" if revision.author == member else revision.author or "author unknown"
    return f"imported, by {author}" if revision.author else f"imported, {author}"
