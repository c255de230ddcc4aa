"""Which text is the caption of a picture, and which texts compete. Pure: revisions in, captions out.

Per slot, the first that exists of: the adjudicated text, the owner's newest, another member's newest, the newest
imported. "Newest" is by sequence number, never by clock. What other members wrote apart, in packs, has no order but
that in which the packs came back: among such texts the author's name decides, so that every order gives the same
caption, and what another member wrote in the store goes before them. A machine's draft never counts: it is a text to
look at, and becomes a caption when a member submits it.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from curator.record import Caption, Revision

IMPORT = "import"
ADJUDICATED = "adjudicated"
PACK = "pack"
FOLDER = "folder"
MACHINE = "draft:"
"""Origins of machine drafts begin with it; the model's name follows."""


def is_machine(origin: str) -> bool:
    """Whether a text of this origin was written by a model and not by a person."""
    return origin.startswith(MACHINE)


def heads(revisions: Sequence[Revision]) -> list[Revision]:
    """The revisions of one line that no later revision was based on, oldest first. More than one is a conflict."""
    overtaken = {parent for each in revisions for parent in (each.base, each.merges)}
    return [each for each in revisions if each.id not in overtaken]


def captions(revisions: Iterable[Revision], owner: str | None) -> tuple[Caption, ...]:
    """The caption of each slot of one picture, ordered by slot. A line whose newest text is withdrawn offers none."""
    chosen = []
    for slot, lines in _slots(revisions).items():
        candidates = [newest for line in lines if (newest := line[-1]).state == "submitted"]
        if candidates:
            best = max(candidates, key=lambda each: (_rank(each, owner), *_order(each)))
            chosen.append(Caption(slot, best.text, best.author, best.origin, best.id))
    return tuple(chosen)


def conflicts(revisions: Iterable[Revision], owner: str | None) -> tuple[tuple[Revision, ...], ...]:
    """The texts of one picture that compete, a group per conflict.

    Two heads of one line are one. So is a caption file that was edited on disk after a member wrote a newer caption
    elsewhere: the import is newer than the text that would be exported, and says something else.
    """
    found: list[tuple[Revision, ...]] = []
    for lines in _slots(revisions).values():
        for line in lines:
            ends = heads(line)
            if len({(end.text, end.state) for end in ends}) > 1:
                found.append(tuple(ends))
        everything = {each.id: each for line in lines for each in line}
        for caption in captions(everything.values(), owner):
            if caption.origin == IMPORT:
                continue
            edited = [line[-1] for line in lines if line[-1].origin == IMPORT and line[-1].base is not None]
            found.extend(
                (everything[caption.revision], each)
                for each in edited
                if each.id > caption.revision
                and each.text != caption.text
                and each.line != everything[caption.revision].line
            )
    return tuple(found)


def _rank(revision: Revision, owner: str | None) -> int:
    if revision.origin == ADJUDICATED:
        return 3
    if revision.origin == IMPORT:
        return 0
    return 2 if revision.author == owner else 1


def _order(revision: Revision) -> tuple[int, str]:
    return (0, revision.author) if revision.origin == PACK else (revision.id, "")


def _slots(revisions: Iterable[Revision]) -> dict[int, list[list[Revision]]]:
    written = (each for each in revisions if not is_machine(each.origin))
    ordered = sorted(written, key=lambda each: (each.slot, each.line, each.id))
    lines = [list(line) for _, line in groupby(ordered, key=lambda each: (each.slot, each.line))]
    return {slot: list(group) for slot, group in groupby(lines, key=lambda line: line[0].slot)}
