"""Reads an adjudicator's cases from the store and writes what they decide; every function is one step that may fail."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from annotate.adjudication.cases import Case, Snapshot, cases, decided, may_approve, picked_author
from curator.approval import approving, refusing, undecided, verdicts
from curator.audit.places import read_lexicon
from curator.captions import ADJUDICATED, conflicts, heads
from curator.config import Config
from curator.errors import GateError, InputError
from curator.record import Record, Revision
from curator.store import Store
from curator.store.captions import Writing
from curator.view.settle import settle

FLAG = "flag"
"""Key of the answer that flags a picture."""


@dataclass(frozen=True)
class Decision:
    """A caption on its way into the store."""

    case: Case
    text: str
    reason: str
    picked: int | None = None
    """The revision whose text it is, unchanged; None for a merge or a text of the adjudicator's own."""
    seconds: float | None = None


def read_cases(store: Store, config: Config, member: str) -> list[Case]:
    """What `member` can decide, in one snapshot of the store."""
    with store.read():
        snapshot = Snapshot(
            records=store.records.all(),
            tasks=store.team.tasks(),
            answers=store.history.all_answers(),
            team=store.team.members(),
            agree=config.adjudication.agree,
            two_people=config.adjudication.two_people,
            places=read_lexicon(config.audit.places),
        )
    return cases(snapshot, member)


def decide(store: Store, decision: Decision, member: str) -> Revision:
    """Store what was decided: an adjudicated text on the adjudicator's own line, or what settles the conflict.

    A flag on the picture is taken down, and the adjudicator's draft is dropped. Raises InputError for an empty text,
    for one without a reason, and where the caption was decided meanwhile.
    """
    case = decision.case
    if not decision.text.strip():
        raise InputError("an empty caption cannot be decided for", hint="write one, or exclude the picture")
    if not decision.reason.strip():
        raise InputError("a decision needs a reason", hint="say in a few words why")
    with store.write():
        record = _now(store, case)
        _check_current(store, case, record)
        store.captions.drop_draft(record.image.id, member, case.slot)
        written = _settled(store, decision, record, member) or _adjudicated(store, decision, record, member)
        if record.answers.get(FLAG) and case.slot == 0:
            store.history.answer(record.image.id, member, FLAG, None)
        store.history.note(
            "adjudicated", member=member, image=record.image.id, revision=written.id, picked=decision.picked
        )
    return written


def take_back(store: Store, case: Case, revision: Revision, member: str) -> Revision:
    """Undo a decision by a new revision: the line says again what it said before, or nothing.

    Raises InputError where something was written on top of the decision, and where it settled a conflict: that is
    decided anew instead.
    """
    with store.write():
        line = [each for each in store.captions.revisions(image=case.record.image.id) if each.line == revision.line]
        if [each.id for each in heads(line)] != [revision.id]:
            raise InputError("something was written on top of this decision", hint="decide again instead")
        if revision.merges is not None:
            raise InputError(
                "a settled conflict cannot be opened again", hint="decide again: the newest decision counts"
            )
        before = next((each for each in line if each.id == revision.base), None)
        kept = before is not None and before.state == "submitted"
        back = Writing(
            image=case.record.image.id,
            author=revision.author,
            text=before.text if before is not None and kept else "",
            slot=revision.slot,
            origin=before.origin if before is not None and kept else ADJUDICATED,
            base=revision.id,
            state="submitted" if kept else "withdrawn",
            writer=member,
            reason="decision taken back",
        )
        written = store.captions.submit(back)
        store.history.note("decision taken back", member=member, image=case.record.image.id, revision=revision.id)
    return written


def approve(store: Store, case: Case, member: str) -> None:
    """Make an adjudicated text count. Raises GateError for one who may not, InputError where it is decided anew."""
    with store.write():
        pending = _pending(store, case, member)
        key, value = approving(pending)
        store.history.answer(case.record.image.id, member, key, value, f"{key} {pending.id} {member} yes")


def refuse(store: Store, case: Case, member: str, reason: str) -> None:
    """Send an adjudicated text back, with a reason: it has to be decided anew. Raises as `approve` does."""
    if not reason.strip():
        raise InputError("a refusal needs a reason", hint="say in a few words what is wrong")
    with store.write():
        key, value = refusing(_pending(store, case, member), reason)
        store.history.answer(case.record.image.id, member, key, value)


def merged(texts: Sequence[Revision]) -> str:
    """The texts to begin a merge with: each on a line of its own, the same one once."""
    return "\n".join(dict.fromkeys(each.text.strip() for each in texts))


def _pending(store: Store, case: Case, member: str) -> Revision:
    record = _now(store, case)
    given = verdicts(store.history.all_answers(record.image.id))
    pending = undecided(record.revisions, given).get(case.slot)
    if pending is None or case.pending is None or pending.id != case.pending.id:
        raise InputError(f"{record.name} was decided anew or approved meanwhile", hint="look at it again")
    barred = may_approve(pending, picked_author(record, pending), member, store.team.members())
    if barred is not None:
        raise GateError(f"{record.name}: {barred}", hint="ask one of them")
    return pending


def _now(store: Store, case: Case) -> Record:
    """The picture of a case as it is now, without reading the whole set."""
    image = case.record.image.id
    revisions = store.captions.revisions(image=image)
    flags = [each.value for each in store.history.all_answers(image) if each.key == FLAG]
    return replace(
        case.record,
        revisions=tuple(revisions),
        conflicts=conflicts(revisions, case.record.owner),
        answers={FLAG: flags[-1]} if flags else {},
    )


def _check_current(store: Store, case: Case, record: Record) -> None:
    """Raise InputError where a decision was made since the case was read."""
    given = verdicts(store.history.all_answers(record.image.id))
    now, then = decided(record, case.slot, given), decided(case.record, case.slot, given)
    if now is not None and (then is None or now.id != then.id):
        by = now.writer or now.author
        raise InputError(f"{record.name} was decided meanwhile, by {by}", hint="read the list of cases again")


def _settled(store: Store, decision: Decision, record: Record, member: str) -> Revision | None:
    """What settles the conflict that the case is about, or None where there is none (any more)."""
    competing = {each.id for group in record.conflicts for each in group}
    texts = [each for each in decision.case.texts if each.id in competing]
    if decision.case.kind != "conflict" or not texts:
        return None
    keep = decision.picked if decision.picked in competing else texts[0].id
    assert keep is not None
    text = None if decision.picked == keep else decision.text
    return settle(store, record, keep, member, decision.reason, text)


def _adjudicated(store: Store, decision: Decision, record: Record, member: str) -> Revision:
    slot = decision.case.slot
    ends = heads([each for each in record.revisions if each.author == member and each.slot == slot])
    picked = next((each for each in record.revisions if each.id == decision.picked), None)
    writing = Writing(
        image=record.image.id,
        author=member,
        text=decision.text,
        slot=slot,
        origin=ADJUDICATED,
        base=ends[0].id if ends else None,
        merges=ends[1].id if len(ends) > 1 else None,
        seconds=decision.seconds,
        source=None if picked is None or picked.author == member else picked.id,
        writer=member,
        reason=decision.reason,
    )
    last = store.captions.submit(writing)
    for end in ends[2:]:
        last = store.captions.submit(replace(writing, base=last.id, merges=end.id, seconds=None))
    return last
