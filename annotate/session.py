"""A member's captioning session: queue, place, text, undo. Pure state: it touches neither the store nor a widget."""

import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from annotate.history import History
from annotate.ledger import SLOT, Item, Line, Queue, Submission
from curator.captions import IMPORT
from curator.errors import InputError
from curator.record import Draft, Revision, TaskState
from curator.store.captions import Writing

IDLE_S = 60.0
"""A longer pause counts as this much work on a caption: the member was away."""


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


class Session:
    """The pictures of one member, the one being captioned, and what is typed for it."""

    def __init__(self, queue: Queue, place: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """Start at image `place` if there is still work on it, else at the first picture that needs work.

        The first `go` must follow at once: it hands over the line of the picture at `index`.
        """
        self.member = queue.member
        self.items = list(queue.items)
        self._drafts, self._conflicts = set(queue.drafts), set(queue.conflicts)
        self._clock = clock
        self.index = self._start(place)
        self._base: int | None = None
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
        return self.text != self._clean

    @property
    def conflict(self) -> bool:
        """Whether competing texts must be settled."""
        return self._overtaken or bool(self.line.competing)

    def go(self, index: int, line: Line) -> None:
        """Move to a picture whose line was just read."""
        self.index = index
        self._read(line)

    def typed(self, text: str) -> bool:
        """Take over what the editor holds; False if nothing changed."""
        return self._edit(text, block=False)

    def take_other(self) -> bool:
        """Put the next of the other texts into the editor; False if there is none."""
        others = [other.text for other in self.others]
        if not others:
            return False
        self._taken = (self._taken + 1) % len(others)
        return self._edit(others[self._taken], block=True)

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
        return Draft(self.item.image.id, self.member, SLOT, self.text, self._history.earlier, self._base)

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
            text=self.text,
            slot=SLOT,
            base=parents[0] if parents else None,
            merges=parents[1] if len(parents) > 1 else None,
            seconds=round(self._spend(), 1),
            key=key,
        )
        return Submission(self.item, writing, tuple(parents[2:]))

    def submitted(self, submission: Submission, revision: Revision, line: Line) -> bool:
        """Note that a caption is stored, and the line as it is now; False where it must still be settled.

        What was typed on while the store was working stays in the editor, as a change of the stored text.
        """
        image = submission.item.image.id
        self._set_state(submission.item, "submitted")
        self._mark(image, draft=False, conflict=bool(line.competing))
        if self.item.image.id != image:
            return True
        self.line = line
        self._base, self._clean, self._overtaken = revision.id, revision.text, False
        self._seconds = 0.0
        self._keys.clear()
        self._mark(image, draft=self.changed)
        return not self.conflict and not self.changed

    def skipped(self, item: Item, reason: str) -> None:
        """Note that a picture is set aside."""
        self._set_state(item, "skipped", reason)

    def step(self, by: int) -> int | None:
        """The index `by` pictures on, or None at either end of the list."""
        index = self.index + by
        return index if 0 <= index < len(self.items) else None

    def next_open(self) -> int | None:
        """The next picture that needs work, from here on and then from the start; None when all is done."""
        count = len(self.items)
        around = [(self.index + distance) % count for distance in range(1, count)]
        return next((index for index in around if self._needs_work(self.items[index])), None)

    def mark(self, item: Item) -> Mark:
        """What the list shows of a picture."""
        image = item.image.id
        if image in self._conflicts or (self.conflict and image == self.item.image.id):
            return Mark.CONFLICT
        if image in self._drafts:
            return Mark.DRAFT
        return Mark(item.task.state)

    def counts(self) -> Counter[TaskState]:
        """How many pictures are in each state."""
        return Counter(item.task.state for item in self.items)

    @property
    def others(self) -> list[Other]:
        """Texts to show beside the editor: what competes with the member's own, and further imported captions."""
        head = self.line.heads[-1] if self.line.heads else None
        shown = list(self.line.competing)
        if head is None:
            shown = [each for each in self.line.imported if each is not self._prefill]
        elif self._overtaken:
            shown.append(head)
        return [Other(self._label(each), each.text) for each in shown]

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
        if line.draft is not None:
            text, earlier = line.draft.text, list(line.draft.steps)
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
        everything = range(len(self.items))
        here = [index for index in everything if self.items[index].image.id == place]
        after = [index for index in everything if here and self.items[index].task.id > self.items[here[0]].task.id]
        drafts = [index for index in everything if self.items[index].image.id in self._drafts]
        wanted = [*here, *after, *drafts, *everything]
        return next((index for index in wanted if self._needs_work(self.items[index])), 0)

    def _needs_work(self, item: Item) -> bool:
        image, state = item.image.id, item.task.state
        return state == "open" or image in self._conflicts or (image in self._drafts and state == "submitted")

    def _mark(self, image: str, draft: bool, conflict: bool | None = None) -> None:
        (self._drafts.add if draft else self._drafts.discard)(image)
        if conflict is not None:
            (self._conflicts.add if conflict else self._conflicts.discard)(image)

    def _set_state(self, item: Item, state: TaskState, reason: str | None = None) -> None:
        for index, each in enumerate(self.items):
            if each.task.id == item.task.id:
                self.items[index] = replace(each, task=replace(each.task, state=state, reason=reason))

    def _label(self, revision: Revision) -> str:
        if revision.origin == IMPORT:
            return _by(revision, self.member)
        when = datetime.fromisoformat(revision.written).astimezone()
        what = "withdrawn" if revision.state == "withdrawn" else "submitted"
        return f"{what} {when:%d %b %H:%M}, {revision.origin}"


def _by(revision: Revision, member: str) -> str:
    author = "you" if revision.author == member else revision.author or "author unknown"
    return f"imported, by {author}" if revision.author else f"imported, {author}"
