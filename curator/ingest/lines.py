"""Which line an imported caption belongs in. Pure: what is there and what was found in, what to write out."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from curator.captions import IMPORT
from curator.record import Revision


@dataclass(frozen=True)
class Wanted:
    """A text that one or more sources hold for one picture, and its author."""

    author: str
    text: str
    before: tuple[int, ...] = ()
    """Lines that its sources were read into before, best first."""


@dataclass(frozen=True)
class Placed:
    """Where a wanted text goes."""

    wanted: Wanted
    slot: int
    line: int | None
    """None for a line that does not exist yet."""
    base: int | None
    """The revision that the text follows."""
    new: bool
    """Whether a revision has to be written; else the line says this already."""

    def key(self, image: str) -> str:
        """Names this act of writing, so that an ingest that was cut off writes nothing twice."""
        act = [IMPORT, image, self.wanted.author, self.slot, self.base, self.wanted.text]
        return hashlib.sha256(json.dumps(act).encode()).hexdigest()


def place(wanted: Sequence[Wanted], revisions: Sequence[Revision], held: Collection[int | None]) -> list[Placed]:
    """A line for each wanted text of one picture, whose revisions are given oldest first.

    A text that a line of its author already says stays there. Else it is an edit of the line that its source held
    before, unless another source still holds that one (`held`). Else it is a new slot.
    """
    lines: dict[int, list[Revision]] = {}
    for revision in revisions:
        lines.setdefault(revision.line, []).append(revision)
    placed: dict[int, Placed] = {}
    taken: set[int | None] = set(held)
    for index, each in enumerate(wanted):
        same = [line for line, texts in lines.items() if texts[0].author == each.author and each.text in said(texts)]
        if same:
            line = min(same, key=lambda number: lines[number][0].slot)
            placed[index] = Placed(each, lines[line][0].slot, line, None, new=False)
            taken.add(line)
    for index, each in enumerate(wanted):
        if index in placed:
            continue
        free = [
            line for line in each.before if line not in taken and line in lines and lines[line][0].author == each.author
        ]
        if free:
            taken.add(free[0])
            texts = lines[free[0]]
            placed[index] = Placed(each, texts[0].slot, free[0], (_imported(texts) or texts[-1]).id, new=True)
        else:
            used = {texts[0].slot for texts in lines.values() if texts[0].author == each.author}
            used |= {other.slot for other in placed.values() if other.wanted.author == each.author}
            slot = next(number for number in range(len(used) + 1) if number not in used)
            placed[index] = Placed(each, slot, None, None, new=True)
    return [placed[index] for index in range(len(wanted))]


def said(texts: Sequence[Revision]) -> set[str]:
    """What a line says: its newest text, and the newest one that came from a file."""
    imported = _imported(texts)
    return {texts[-1].text} | ({imported.text} if imported else set())


def _imported(texts: Sequence[Revision]) -> Revision | None:
    return next((each for each in reversed(texts) if each.origin == IMPORT), None)
