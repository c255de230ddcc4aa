"""What an adjudicator has to decide: pictures whose texts disagree or compete, flags, and texts to approve. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from annotate.agreement.ranking import Ranked, ranked
from annotate.agreement.reading import read
from annotate.agreement.similarity import Words
from annotate.agreement.texts import SLOT, Shared, compared, overlap
from curator.approval import Verdict, adjudicator, undecided, verdict_on, verdicts
from curator.audit.places import Lexicon as Places
from curator.captions import ADJUDICATED, heads, is_machine
from curator.identity.roles import EVERYONE, REVIEWERS
from curator.record import Answer, Member, Record, Revision, Task

Kind = Literal["disagreement", "conflict", "flag", "approval"]
KINDS: tuple[Kind, ...] = ("disagreement", "conflict", "flag", "approval")
"""In the order in which they are worked on."""
LABELS = "ABCDEFGHI"


@dataclass(frozen=True)
class Case:
    """One caption to decide about."""

    kind: Kind
    record: Record
    slot: int
    why: str
    """In words, without the names of those who wrote."""
    texts: tuple[Revision, ...]
    """The texts to choose from, in an order that does not tell who wrote them; at most nine."""
    pending: Revision | None = None
    """The adjudicated text to approve or refuse."""
    score: float = 0.0
    """Of a disagreement, in bits: see annotate.agreement.ranking."""

    @property
    def key(self) -> tuple[str, int]:
        """What names the caption that it is about."""
        return self.record.image.id, self.slot

    def text(self, number: int) -> Revision:
        """The text of that revision number. Raises KeyError for another."""
        return {each.id: each for each in self.texts}[number]


@dataclass(frozen=True)
class Snapshot:
    """What cases are told from: read in one snapshot of the store."""

    records: Sequence[Record]
    tasks: Sequence[Task]
    answers: Sequence[Answer]
    team: Sequence[Member]
    agree: float
    """Content words in common below which captions disagree."""
    two_people: bool
    places: Places


def cases(snapshot: Snapshot, member: str) -> list[Case]:
    """What `member` can decide, the worst disagreement first, then conflicts, flags, and what waits for approval.

    A caption is one case: a conflict comes before a disagreement, and that before a flag. What the member may not
    approve is left out.
    """
    given = verdicts(snapshot.answers) if snapshot.two_people else {}
    found: dict[tuple[str, int], Case] = {}
    everything = [
        *_approvals(snapshot, given, member),
        *_conflicts(snapshot.records),
        *_disagreements(snapshot, given),
        *_flags(snapshot, given),
    ]
    settled = _settled(snapshot, given)
    for each in everything:
        if each.kind in ("approval", "conflict") or each.key not in settled:
            found.setdefault(each.key, each)
    return sorted(found.values(), key=lambda each: (KINDS.index(each.kind), -each.score, each.record.name, each.slot))


def decided(record: Record, slot: int, given: Mapping[int, Sequence[Verdict]]) -> Revision | None:
    """The adjudicated text that stands for a caption now, whether or not it was approved; None where none does."""
    ends = [each for line in _lines(record, slot) for each in heads(line)]
    standing = [each for each in ends if each.origin == ADJUDICATED and each.state == "submitted"]
    newest = max(standing, default=None, key=lambda each: each.id)
    verdict = None if newest is None else verdict_on(newest, given)
    return None if verdict is not None and verdict.reason is not None else newest


def may_approve(revision: Revision, picked: str | None, member: str, team: Iterable[Member]) -> str | None:
    """Why `member` may not approve an adjudicated text, or None. `picked` is who wrote the text that was picked.

    Nobody approves what they decided. Who wrote the text does only where nobody else is left to do it.
    """
    if member == adjudicator(revision):
        return "you decided it: somebody else has to approve it"
    here = [each for each in team if each.left is None]
    able = [each.name for each in here if each.role in REVIEWERS] or [
        each.name for each in here if each.role in EVERYONE
    ]
    others = [name for name in able if name not in (adjudicator(revision), picked)]
    if member == picked and others:
        return f"you wrote the text that was picked: {', '.join(others)} can approve it"
    return None


def picked_author(record: Record, revision: Revision) -> str | None:
    """Who wrote the text that an adjudicator took over unchanged; None for a text of the adjudicator's own."""
    if revision.source is not None:
        return next((each.author for each in record.revisions if each.id == revision.source), None)
    return revision.author if revision.author != adjudicator(revision) else None


def _approvals(snapshot: Snapshot, given: Mapping[int, Sequence[Verdict]], member: str) -> Iterable[Case]:
    if not snapshot.two_people:
        return
    for record in snapshot.records:
        for slot, pending in sorted(undecided(record.revisions, given).items()):
            barred = may_approve(pending, picked_author(record, pending), member, snapshot.team)
            if verdict_on(pending, given) is None and barred is None:
                texts = _shuffled(_standing(record, slot), record)
                yield Case("approval", record, slot, f"decided: {pending.reason or 'no reason given'}", texts, pending)


def _settled(snapshot: Snapshot, given: Mapping[int, Sequence[Verdict]]) -> set[tuple[str, int]]:
    """The captions that are decided, also those that wait for approval, and that nobody flagged since."""
    return {
        (record.image.id, slot)
        for record in snapshot.records
        for slot in {each.slot for each in record.revisions}
        if decided(record, slot, given) is not None and not _flagged(snapshot, record, slot)
    }


def _disagreements(snapshot: Snapshot, given: Mapping[int, Sequence[Verdict]]) -> Iterable[Case]:
    """Overlap pictures whose captions share too few words or contradict each other, and refused decisions."""
    records = {record.image.id: record for record in snapshot.records}
    pictures = compared(overlap(snapshot.records, snapshot.tasks))
    readings = {text.text: read(text.text, snapshot.places) for picture in pictures for text in picture.texts}
    for row in ranked(pictures, readings, Words()):
        record = records[row.picture.image]
        refused = _refusal(record, SLOT, given)
        if refused or row.alike < snapshot.agree or row.contradictions:
            texts = _shuffled(_of(record, row.picture), record)
            why = f"refused: {refused}" if refused else _why(row)
            yield Case("disagreement", record, SLOT, why, texts, score=row.score)


def _conflicts(records: Iterable[Record]) -> Iterable[Case]:
    for record in records:
        for group in record.conflicts:
            texts = _shuffled(group, record)
            yield Case("conflict", record, group[0].slot, f"{len(group)} texts compete for one caption", texts)


def _flags(snapshot: Snapshot, given: Mapping[int, Sequence[Verdict]]) -> Iterable[Case]:
    """Flagged captions, and refused decisions that are no disagreement."""
    for record in snapshot.records:
        flag = record.answers.get("flag")
        for slot in sorted({each.slot for each in record.revisions}):
            refused = _refusal(record, slot, given)
            texts = _shuffled(_standing(record, slot), record)
            if texts and (refused or (flag and slot == SLOT)):
                why = f"refused: {refused}" if refused else f"flagged: {flag}"
                yield Case("flag", record, slot, why, texts)


def _flagged(snapshot: Snapshot, record: Record, slot: int) -> bool:
    return slot == SLOT and bool(record.answers.get("flag"))


def _refusal(record: Record, slot: int, given: Mapping[int, Sequence[Verdict]]) -> str | None:
    pending = undecided(record.revisions, given).get(slot)
    verdict = None if pending is None else verdict_on(pending, given)
    return None if verdict is None else verdict.reason


def _why(row: Ranked) -> str:
    said = [each.unordered for _, _, each in row.differing if each.contradiction] or [
        each.unordered for _, _, each in row.differing
    ]
    share = f"{row.alike:.0%} of the words in common"
    return "; ".join([*dict.fromkeys(said), share])


def _of(record: Record, picture: Shared) -> list[Revision]:
    by_id = {each.id: each for each in record.revisions}
    return [by_id[text.revision] for text in picture.texts]


def _standing(record: Record, slot: int) -> list[Revision]:
    """The newest submitted text of each line that a person wrote."""
    ends = [line[-1] for line in _lines(record, slot)]
    return [each for each in ends if each.state == "submitted" and each.text.strip()]


def _lines(record: Record, slot: int) -> list[list[Revision]]:
    lines: dict[int, list[Revision]] = {}
    for each in record.revisions:
        if each.slot == slot and not is_machine(each.origin):
            lines.setdefault(each.line, []).append(each)
    return list(lines.values())


def _shuffled(texts: Iterable[Revision], record: Record) -> tuple[Revision, ...]:
    """Texts in an order that follows from the picture and tells no author; each text once."""

    def place(revision: Revision) -> str:
        return hashlib.sha256(f"{record.image.id} {revision.text}".encode()).hexdigest()

    once = {each.text.strip(): each for each in reversed(list(texts))}
    return tuple(sorted(once.values(), key=place)[: len(LABELS)])
