"""Where competing texts parted: the text that they all go back to. Pure: revisions in, a revision out."""

from collections.abc import Mapping, Sequence

from curator.record import Revision


def fork(competing: Sequence[Revision], revisions: Sequence[Revision]) -> Revision | None:
    """The newest text that all competing ones were built upon, or None where there is none.

    Where a text follows one of another line (`source`), that one counts as built upon as well.
    """
    by_id = {each.id: each for each in revisions}
    common: set[int] | None = None
    for each in competing:
        above = _above(each, by_id)
        common = above if common is None else common & above
    return by_id[max(common)] if common else _taken_over(competing, by_id)


def _above(revision: Revision, by_id: Mapping[int, Revision]) -> set[int]:
    """The numbers of all texts that a revision was built upon."""
    found: set[int] = set()
    waiting = [revision]
    while waiting:
        here = waiting.pop()
        for parent in (here.base, here.merges, here.source):
            if parent is not None and parent in by_id and parent not in found:
                found.add(parent)
                waiting.append(by_id[parent])
    return found


def _taken_over(competing: Sequence[Revision], by_id: Mapping[int, Revision]) -> Revision | None:
    """What one of the texts was taken from, where the others began with nothing: an imported caption, say."""
    sources = {each.source for each in competing if each.source is not None}
    beginnings = [each for each in competing if each.base is None]
    return by_id.get(sources.pop()) if len(sources) == 1 and len(beginnings) == len(competing) else None
