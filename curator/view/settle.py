"""Settling a conflict: one text is kept, every other one stays in the history."""

from dataclasses import replace

from curator.captions import ADJUDICATED
from curator.errors import InputError
from curator.record import Record, Revision
from curator.store import Store
from curator.store.captions import Writing

BY_AUTHOR = "tui"
"""Origin of a text that its own author settles: a caption like any other of theirs, not a verdict over others."""


def settle(
    store: Store, record: Record, keep: int, member: str, reason: str | None = None, text: str | None = None
) -> Revision:
    """Make revision `keep` the caption of its conflict, by a revision that names what it settles.

    It is an adjudicated one unless `member` is the author of the line. `text` takes the place of the kept text: a merge
    of those that compete, or another. Raises InputError where `keep` is none of the competing texts.
    """
    group = _competing(record, keep)
    kept = next(each for each in group if each.id == keep)
    line = group[0]
    ends = [each for each in group if each.line == line.line]
    last, *others = sorted(ends, key=lambda each: each.id != keep)
    own = member == line.author
    settled = Writing(
        line.image,
        line.author,
        kept.text if text is None else text,
        line.slot,
        origin=BY_AUTHOR if own else ADJUDICATED,
        source=None if kept.line == line.line or text is not None else kept.id,
        writer=None if own else member,
        reason=reason,
    )
    with store.write():
        for other in others:  # a revision has two parents at most, so three heads take two revisions
            last = store.captions.submit(replace(settled, base=last.id, merges=other.id))
        if not others:
            last = store.captions.submit(replace(settled, base=last.id))
        store.history.note("settled", member=member, image=record.image.id, kept=keep)
    return last


def whose(record: Record, keep: int) -> str:
    """The author of the line that settling for revision `keep` writes in. Raises InputError as `settle` does."""
    return _competing(record, keep)[0].author


def _competing(record: Record, keep: int) -> tuple[Revision, ...]:
    groups = [group for group in record.conflicts if any(each.id == keep for each in group)]
    if not groups:
        known = ", ".join(str(each.id) for group in record.conflicts for each in group) or "there is no conflict"
        raise InputError(f"{record.name}: {keep} is not one of the competing revisions; known: {known}")
    return groups[0]
