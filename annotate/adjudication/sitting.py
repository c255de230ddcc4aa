"""An adjudicator's session: the cases, the one at hand, what is being written. Pure state: no store and no widget."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from annotate.adjudication.cases import LABELS, Case
from annotate.adjudication.decisions import Decision, merged
from annotate.agreement.marking import marked
from curator.approval import adjudicator
from curator.captions import heads
from curator.errors import InputError
from curator.record import Draft, Revision

Key = tuple[str, int]
IDLE_S = 60.0
"""A longer pause counts as this much work on a case: the adjudicator was away."""


@dataclass(frozen=True)
class Shown:
    """A text as the screen shows it."""

    title: str
    """Key, label, and the author where it may be told."""
    pieces: tuple[tuple[str, bool], ...]
    """The text in pieces, and whether each sets it apart."""
    chosen: bool = False
    """Whether the decision took it."""


@dataclass(frozen=True)
class Done:
    """What became of a case in this session."""

    what: str
    """In words."""
    revision: Revision | None
    """What a decision wrote; None for an approval or a refusal."""


class Sitting:
    """The cases of one adjudicator."""

    def __init__(
        self,
        member: str,
        found: Sequence[Case],
        drafts: Iterable[Draft] = (),
        names: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`names`: tell who wrote before a case is decided."""
        self.member, self.names = member, names
        self.cases = list(found)
        self.index = 0
        self.done: dict[Key, Done] = {}
        self.writing: str | None = None
        """What the editor holds, or None while it is closed."""
        self.reason = ""
        """For the next decision; empty: ask."""
        self._drafts: dict[Key, str] = {(draft.image, draft.slot): draft.text for draft in drafts}
        self._order: list[Key] = []
        self._clock, self._since = clock, clock()

    @property
    def case(self) -> Case | None:
        """The case at hand, or None where there is none at all."""
        return self.cases[self.index] if self.cases else None

    @property
    def left(self) -> int:
        """Cases of this list without a decision."""
        return sum(case.key not in self.done for case in self.cases)

    @property
    def kept(self) -> str | None:
        """A text that was begun for the case at hand and is not in the editor."""
        return None if self.case is None or self.writing is not None else self._drafts.get(self.case.key)

    def go(self, index: int) -> None:
        """Move to a case; what was written for the one before is kept."""
        self.close()
        self.index = index
        self.reason = ""
        self._since = self._clock()

    def step(self, by: int) -> int | None:
        """The index `by` cases on, or None at either end."""
        index = self.index + by
        return index if 0 <= index < len(self.cases) else None

    def next_open(self) -> int | None:
        """The next case without a decision, from here on and then from the start; None when all are decided."""
        count = len(self.cases)
        around = ((self.index + distance) % count for distance in range(1, count + 1))
        return next((index for index in around if self.cases[index].key not in self.done), None)

    def again(self, found: Sequence[Case]) -> None:
        """Take over the list as it is now, and stay at the case at hand where it is still there."""
        here = None if self.case is None else self.case.key
        self.cases = list(found)
        for case in self.cases:
            self.done.pop(case.key, None)
        self.go(next((index for index, case in enumerate(self.cases) if case.key == here), 0))

    def shown(self) -> list[Shown]:
        """The texts of the case at hand; a text to approve comes first."""
        case = self.case
        if case is None:
            return []
        told = self.names or case.key in self.done
        done = self.done.get(case.key)
        decided = done.revision if done is not None else None
        texts = [each.text for each in case.texts]
        found = [
            Shown(
                f"{number} · {each.author or 'author unknown'}" if told else f"{number} · {label}",
                tuple(marked(each.text, texts[: number - 1] + texts[number:])),
                decided is not None and decided.text == each.text,
            )
            for number, (label, each) in enumerate(zip(LABELS, case.texts, strict=False), start=1)
        ]
        if case.pending is not None:
            by = f" by {adjudicator(case.pending)}" if told else ""
            how = "words of their own" if case.pending.source is None else "one of these texts"
            found.insert(0, Shown(f"decided{by} · {how}", tuple(marked(case.pending.text, texts))))
        return found

    def open(self, merge: bool) -> str:
        """Begin to write, with all texts to merge or with an empty editor; a text that was kept comes back instead."""
        case = self._needed()
        begun = self._drafts.get(case.key)
        self.writing = begun if begun is not None else merged(case.texts) if merge else ""
        return self.writing

    def typed(self, text: str) -> bool:
        """Take over what the editor holds; False if nothing changed."""
        if self.writing is None or text == self.writing:
            return False
        self.writing = text
        return True

    def close(self) -> None:
        """Stop writing; the text is kept for another time."""
        if self.writing is not None and self.case is not None:
            if self.writing.strip():
                self._drafts[self.case.key] = self.writing
            else:
                self._drafts.pop(self.case.key, None)
        self.writing = None

    def draft(self) -> Draft | None:
        """What must be on disk for the case at hand: what is being written, on the adjudicator's own line."""
        case = self._needed()
        if not (self.writing or "").strip():
            return None
        own = [each for each in case.record.revisions if each.author == self.member and each.slot == case.slot]
        ends = heads(own)
        base = ends[-1].id if ends else None
        return Draft(case.record.image.id, self.member, case.slot, self.writing or "", (), base)

    def decision(self, number: int | None, reason: str) -> Decision:
        """The decision for text `number` (from 1), or for what the editor holds. Raises InputError for no such text."""
        case = self._needed()
        if number is None:
            text = self.writing or ""
            same = next((each for each in case.texts if each.text == text), None)
            return Decision(case, text, reason, None if same is None else same.id, self._seconds())
        if not 1 <= number <= len(case.texts):
            raise InputError(f"there is no text {number} here", hint=f"1 to {len(case.texts)}")
        picked = case.texts[number - 1]
        return Decision(case, picked.text, reason, picked.id, self._seconds())

    def decided(self, key: Key, what: str, revision: Revision | None) -> None:
        """Note what became of a case."""
        self.done[key] = Done(what, revision)
        if revision is not None:
            self._order.append(key)
            self._drafts.pop(key, None)
        if self.case is not None and self.case.key == key:
            self.writing, self.reason = None, ""

    def last(self) -> tuple[Case, Revision] | None:
        """The newest decision of this session that was not taken back."""
        while self._order:
            case = next((each for each in self.cases if each.key == self._order[-1]), None)
            done = self.done.get(self._order[-1])
            if case is not None and done is not None and done.revision is not None:
                return case, done.revision
            self._order.pop()
        return None

    def taken_back(self, key: Key) -> None:
        """Note that the newest decision was taken back, and go to its case."""
        self.done.pop(key, None)
        self._order = [each for each in self._order if each != key]
        self.go(next(index for index, case in enumerate(self.cases) if case.key == key))

    def _seconds(self) -> float:
        return round(min(self._clock() - self._since, IDLE_S), 1)

    def _needed(self) -> Case:
        if self.case is None:
            raise InputError("there is nothing to decide")
        return self.case
