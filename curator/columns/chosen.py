"""Which revisions are the captions of many pictures at once: curator.captions, decided for whole columns.

Only what is beyond doubt is decided here: pictures where one text outranks all others and no line has two ends. The
rest, few in any set, is named for curator.captions itself to decide.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curator.captions import ADJUDICATED, IMPORT
from curator.columns.column import Category, Numbers

OTHER, OWNER, SETTLED = 1, 2, 3
"""Ranks of texts above an import, which is 0."""


@dataclass(frozen=True)
class Written:
    """Revisions by people, each with the picture and slot of its line; ordered by number."""

    id: Numbers
    line: Numbers
    base: Numbers
    """0: none."""
    merges: Numbers
    """0: none."""
    origin: Category
    submitted: NDArray[np.bool_]
    row: Numbers
    slot: Numbers
    by_owner: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.id)

    def taken(self, which: Numbers) -> "Written":
        """Only these revisions, in this order."""
        return Written(**{name: _taken(column, which) for name, column in vars(self).items()})


@dataclass(frozen=True)
class Choice:
    """What was decided."""

    chosen: Numbers
    """Places of the captions among the revisions, ordered by picture and slot; none of a doubtful picture."""
    doubtful: Numbers
    """Pictures that curator.captions has to look at, ascending."""


def choose(written: Written, pictures: int, two_people: bool = False) -> Choice:
    """The captions of all pictures that are beyond doubt; under the two-person rule, what was adjudicated never is."""
    by_line = np.argsort(written.line, kind="stable")
    lines = written.line[by_line]
    newest = by_line[np.append(lines[1:] != lines[:-1], True)] if len(by_line) else by_line
    candidates = newest[written.submitted[newest]]
    ranks = _ranks(written)
    slots, rows = written.slot[candidates], written.row[candidates]
    candidates = candidates[np.lexsort((ranks[candidates], slots, rows))]
    slots, rows = written.slot[candidates], written.row[candidates]
    same_slot = (rows[1:] == rows[:-1]) & (slots[1:] == slots[:-1])
    best = np.append(~same_slot, True)[: len(candidates)]
    tied = same_slot & (ranks[candidates][1:] == ranks[candidates][:-1])
    doubt = np.zeros(pictures, np.bool_)
    doubt[rows[1:][tied & best[1:]]] = True
    doubt[_with_two_ends(written)] = True
    edited = newest[(ranks[newest] == 0) & (written.base[newest] != 0)]  # a file that changed may speak against a text
    doubt[written.row[edited]] = True
    if two_people:
        doubt[written.row[written.origin.where(lambda origin: origin == ADJUDICATED)]] = True
    chosen = candidates[best]
    return Choice(chosen[~doubt[written.row[chosen]]], np.flatnonzero(doubt))


def _ranks(written: Written) -> NDArray[np.int8]:
    ranks: NDArray[np.int8] = np.where(written.by_owner, OWNER, OTHER).astype(np.int8)
    ranks[written.origin.where(lambda origin: origin == IMPORT)] = 0
    ranks[written.origin.where(lambda origin: origin == ADJUDICATED)] = SETTLED
    return ranks


def _with_two_ends(written: Written) -> Numbers:
    """The pictures with a line of which more than one revision was never overtaken."""
    overtaken = np.union1d(written.base, written.merges)
    ends = np.flatnonzero(~np.isin(written.id, overtaken))
    _, first, count = np.unique(written.line[ends], return_index=True, return_counts=True)
    return written.row[ends[first[count > 1]]]


def _taken(column: Any, which: Numbers) -> Any:
    return column.taken(which) if isinstance(column, Category) else column[which]
