"""Work of a pack into a store: the same work again, or the works of several packs in any order, leave the same store.

Texts and answers are sets with a key each, so their union has no order. A task's state only ever rises: open, skipped,
submitted; the reasons of two who skipped it are kept side by side. What was given on to another member stays given on.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from annotate.pack.choice import HIDDEN_ANSWERS
from annotate.pack.form import Job, Said, Text, Work
from curator.captions import PACK
from curator.errors import InputError
from curator.record import Answer, Revision, Task, TaskState
from curator.store import Store
from curator.store.captions import Writing

RISING: tuple[TaskState, ...] = ("open", "skipped", "submitted", "passed")
BETWEEN_REASONS = " / "


@dataclass
class Absorbed:
    """What became of the work."""

    new: list[Text] = field(default_factory=list)
    known: list[Text] = field(default_factory=list)
    """Texts that the store had already."""
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """Image and reason of what the store does not take from a pack."""
    states: int = 0
    """Tasks whose state changed."""
    answers: int = 0
    """Answers that the store did not have."""


def absorb(store: Store, work: Work, member: str, rounds: Mapping[int, int]) -> Absorbed:
    """Write the work of `member` that the store does not have yet, in one transaction; its drafts are left alone.

    `rounds` gives the store's number of each round that the pack names. Raises InputError where a text builds on one
    that the store does not have, or stands in the store with other words.
    """
    done = Absorbed()
    with store.write():
        ids = {key: number for number, key in store.captions.keys().items()}
        for text in work.texts:
            if text.author != member:
                done.skipped.append((text.image, f"a text of {text.author!r}, which {member}'s pack cannot bring"))
            else:
                add_text(store, text, ids, done)
        _answers(store, work, member, done)
        _states(store, work, member, rounds, done)
    return done


def add_text(store: Store, text: Text, ids: dict[str, int], done: Absorbed, origin: str = PACK) -> Revision:
    """Write a text unless the store has it, and note its number in `ids`, which gives the number of each key."""
    is_new = text.key not in ids
    writing = Writing(
        image=text.image,
        author=text.author,
        text=text.text,
        slot=text.slot,
        origin=origin,
        base=_number(ids, text, text.base),
        merges=_number(ids, text, text.merges),
        seconds=text.seconds,
        state=text.state,
        key=text.key,
        source=None if text.source is None else ids.get(text.source),
        writer=text.writer,
        reason=text.reason,
        written=text.written,
    )
    stored = store.captions.submit(writing)
    if not same_text(text, stored):
        raise InputError(
            f"the pack and the store have different texts by the name {text.key[:12]} (revision {stored.id})",
            hint="the pack was changed by hand, or belongs to another data set; nothing of it was taken",
        )
    ids[text.key] = stored.id
    (done.new if is_new else done.known).append(text)
    return stored


def same_text(text: Text, stored: Revision) -> bool:
    """Whether a text of a pack is the one that the store has by its key."""
    return (text.image, text.author, text.slot, text.text) == (stored.image, stored.author, stored.slot, stored.text)


def identity(said: Said | Answer) -> str:
    """What names an act of answering in every store: all that it says, and when."""
    act = [said.image, said.member, said.key, said.value, said.written]
    return hashlib.sha256(json.dumps(act, sort_keys=True).encode()).hexdigest()


def risen(task: Task, job: Job) -> Task:
    """A task after what a pack says of it. Called in any order and again, it comes to the same."""
    if RISING.index(job.state) > RISING.index(task.state):
        return replace(task, state=job.state, reason=job.reason)
    if job.state == task.state == "skipped":
        reasons = {part for reason in (task.reason, job.reason) for part in (reason or "").split(BETWEEN_REASONS)}
        return replace(task, reason=BETWEEN_REASONS.join(sorted(reasons - {""})))
    return task


def _number(ids: Mapping[str, int], text: Text, key: str | None) -> int | None:
    if key is None:
        return None
    if key not in ids:
        raise InputError(
            f"a text of picture {text.image[:12]} builds on one that this store does not have",
            hint="the pack belongs to another data set, or to a store that was set back since; merge its packs first",
        )
    return ids[key]


def _answers(store: Store, work: Work, member: str, done: Absorbed) -> None:
    known = {identity(each) for each in store.history.all_answers()} if work.said else set()
    for each in work.said:
        if each.member != member or each.key.startswith(HIDDEN_ANSWERS):
            done.skipped.append((each.image, f"the answer {each.key!r} of {each.member!r}, which a pack cannot bring"))
        elif identity(each) not in known:
            store.history.answer(each.image, each.member, each.key, each.value, identity(each), each.written)
            done.answers += 1


def _states(store: Store, work: Work, member: str, rounds: Mapping[int, int], done: Absorbed) -> None:
    tasks = {(task.round, task.kind, task.image): task for task in store.team.tasks(member)}
    for job in work.jobs:
        task = tasks.get((rounds.get(job.round, 0), job.kind, job.image))
        if job.member != member or task is None:
            done.skipped.append(
                (job.image, f"the task of {job.member!r} in round {job.round}, which is not known here")
            )
            continue
        if task.state == "passed":
            done.skipped.append((job.image, f"its task was given on meanwhile; it stays so, not {job.state}"))
        after = risen(task, job)
        if after != task:
            store.team.close_task(task.id, after.state, after.reason)
            done.states += 1
