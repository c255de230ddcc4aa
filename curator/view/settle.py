"""Settling a conflict: one text is kept, every other one stays in the history."""

from dataclasses import replace

from curator.captions import ADJUDICATED
from curator.errors import InputError
from curator.record import Record, Revision
from curator.store import Store
from curator.store.captions import Writing


def settle(store: Store, record: Record, keep: int, member: str) -> Revision:
    """Make revision `keep` the caption of its conflict, by an adjudicated revision that names what it settles.

    Raises InputError where `keep` is none of the competing texts.
    """
    groups = [group for group in record.conflicts if any(each.id == keep for each in group)]
    if not groups:
        known = ", ".join(str(each.id) for group in record.conflicts for each in group) or "there is no conflict"
        raise InputError(f"{record.name}: {keep} is not one of the competing revisions; known: {known}")
    kept = next(each for each in groups[0] if each.id == keep)
    line = groups[0][0]
    ends = [each for each in groups[0] if each.line == line.line]
    last, *others = sorted(ends, key=lambda each: each.id != keep)
    settled = Writing(line.image, line.author, kept.text, line.slot, origin=ADJUDICATED)
    with store.write():
        for other in others:  # a revision has two parents at most, so three heads take two revisions
            last = store.captions.submit(replace(settled, base=last.id, merges=other.id))
        if not others:
            last = store.captions.submit(replace(settled, base=last.id))
        store.history.note("settled", member=member, image=record.image.id, kept=keep)
    return last
