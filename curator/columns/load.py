"""Reads the table from the store in one snapshot, for one member: what others wrote of a blind picture is left out."""

import json
from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curator.captions import captions, conflicts, is_machine
from curator.columns.captions import Captions
from curator.columns.chosen import Choice, Written, choose
from curator.columns.column import Category, Numbers
from curator.columns.table import Columns, Tasks
from curator.config import RESERVED_ANSWERS
from curator.identity.gate import known_member
from curator.identity.roles import REVIEWERS
from curator.record import Caption, Revision
from curator.store import Store
from curator.store.columns import Rows

CAPTIONING = ("own", "overlap", "recaption")
PICTURE_CHECKS = frozenset({"unreadable-picture", "duplicate-across-splits", "exact-duplicate", "near-duplicate"})
"""Audit checks that look at pixels only: they say nothing of what somebody wrote."""


def load(store: Store, member: str | None = None, attributes: Iterable[str] = (), excluded: bool = False) -> Columns:
    """The table of all pictures as `member` may see them; without a member, as the command line shows them.

    `attributes` are those of curator.toml; pictures that were taken out of the set are in it only with `excluded`.
    Leads and reviewers see the captions of blind pictures. Raises InputError for an unknown member.
    """
    keys = tuple(dict.fromkeys((*attributes, *RESERVED_ANSWERS)))
    with store.read():
        sees_all = member is None or known_member(store.team.members(), member).role in REVIEWERS
        return _Reading(store, store.columns.read(keys), member, sees_all, keys, excluded).table()


def refresh(columns: Columns, store: Store, image: str) -> bool:
    """Read one picture anew, after a write; False where it is not in the table."""
    if columns.row(image) is None:
        return False
    columns.put(reread(columns, store, image))
    return True


def reread(columns: Columns, store: Store, image: str) -> Columns:
    """A table of one picture for the same eyes, for `Columns.put`; this half of `refresh` may run in a thread."""
    with store.read():
        rows = store.columns.read(columns.keys, image)
        return _Reading(store, rows, columns.member, columns.sees_all, columns.keys, excluded=True).table()


class _Reading:
    """Makes a table of what the store gave."""

    def __init__(
        self, store: Store, rows: Rows, member: str | None, sees_all: bool, keys: tuple[str, ...], excluded: bool
    ) -> None:
        self._store, self._rows, self._member, self._sees_all, self._keys = store, rows, member, sees_all, keys
        self._size = 0
        self._pictures = self._ordered(excluded)
        self._size = len(self._pictures)
        self._row = {picture[1]: row for row, picture in enumerate(self._pictures)}

    def table(self) -> Columns:
        names, ids, blobs, widths, heights, subjects, statuses, splits = (
            [picture[place] for picture in self._pictures] for place in range(8)
        )
        owner, overlap, tasks = self._work()
        self._blind = overlap & (not self._sees_all)
        written = self._written(owner)
        choice = choose(written, self._size)
        shown, conflict = self._captions(written, choice, owner)
        return Columns(
            member=self._member,
            sees_all=self._sees_all,
            keys=self._keys,
            ids=ids,
            blobs=blobs,
            names=names,
            width=np.array(widths, np.int32),
            height=np.array(heights, np.int32),
            subject=Category(subjects),
            split=Category(splits),
            owner=owner,
            excluded=np.array([status != "ok" for status in statuses], np.bool_),
            overlap=overlap,
            conflict=conflict,
            draft=self._drafts(),
            tasks=tasks,
            captions=shown,
            answers=self._answers(),
            findings=self._findings(),
        )

    def _ordered(self, excluded: bool) -> list[tuple[Any, ...]]:
        """name, id and the rest of every picture, ordered by name and id."""
        names: dict[str, str] = {}
        for image, path in zip(*self._rows.sources, strict=True):
            names.setdefault(image, path)
        pictures = zip(*self._rows.images, strict=True)
        kept = [(names.get(each[0], each[0]), *each) for each in pictures if excluded or each[5] == "ok"]
        return sorted(kept, key=lambda picture: picture[:2])

    def _work(self) -> tuple[Category, NDArray[np.bool_], Tasks]:
        """Owners, overlap, and the newest captioning task of each picture and member."""
        numbers, images, members, kinds, states = self._rows.tasks
        rows, number, member = self._of(images), np.array(numbers, np.int64), Category(members)
        kind, state = Category(kinds), Category(states)
        given = (rows >= 0) & (state.codes != state.known("passed"))
        owner = Category(member.values)
        owner.codes = np.zeros(self._size, np.int32)
        own = np.flatnonzero(given & (kind.codes == kind.known("own")))
        owner.codes[rows[own]] = member.codes[own]  # the newest of a picture is the last, and stays
        overlap = np.zeros(self._size, np.bool_)
        overlap[rows[given & (kind.codes == kind.known("overlap"))]] = True
        places = np.flatnonzero((rows >= 0) & kind.where(lambda name: name in CAPTIONING))[::-1]
        _, newest = np.unique(rows[places] * len(member.values) + member.codes[places], return_index=True)
        kept = places[newest]
        columns = (column.taken(kept).listed() for column in (member, kind, state))
        return owner, overlap, Tasks(rows[kept], self._size, number[kept], *columns)

    def _written(self, owner: Category) -> Written:
        """Every revision by a person that may be seen."""
        lines, images, authors, slots = self._rows.lines
        self._line, self._line_row, self._line_slot = np.array(lines, np.int64), self._of(images), np.array(slots)
        self._author = Category(authors)
        seen = self._line_row >= 0
        if self._member is not None:
            mine = self._author.codes == self._author.known(self._member)
            seen &= mine | ~self._blind[self._line_row]
        as_owner = np.array([owner.known(name) for name in self._author.values], np.int32)[self._author.codes]
        by_owner = (owner.codes[self._line_row] == as_owner) & (as_owner > 0) if self._size else as_owner > 0
        numbers, of_lines, bases, merges, origins, submitted = self._rows.revisions
        origin, place = Category(origins), np.searchsorted(self._line, np.array(of_lines, np.int64))
        kept = np.flatnonzero(seen[place] & ~origin.where(lambda name: name is not None and is_machine(name)))
        place = place[kept]
        return Written(
            id=np.array(numbers, np.int64)[kept],
            line=self._line[place],
            base=np.array(bases, np.int64)[kept],
            merges=np.array(merges, np.int64)[kept],
            origin=origin.taken(kept),
            submitted=np.array(submitted, np.bool_)[kept],
            row=self._line_row[place],
            slot=self._line_slot[place],
            by_owner=by_owner[place],
        )

    def _captions(self, written: Written, choice: Choice, owner: Category) -> tuple[Captions, NDArray[np.bool_]]:
        """The captions of all pictures, and which pictures are in conflict."""
        clear = written.taken(choice.chosen)
        doubted = written.taken(np.flatnonzero(np.isin(written.row, choice.doubtful)))
        texts = self._store.columns.texts([*clear.id.tolist(), *doubted.id.tolist()])
        conflict = np.zeros(self._size, np.bool_)
        settled: list[tuple[int, Caption]] = []
        for row, revisions in self._revisions(doubted, texts).items():
            settled += [(row, caption) for caption in captions(revisions, owner[row])]
            conflict[row] = bool(conflicts(revisions, owner[row]))
        rows = np.append(clear.row, np.array([row for row, _ in settled], np.int64))
        slots = np.append(clear.slot, np.array([each.slot for _, each in settled], np.int64))
        numbers = np.append(clear.id, np.array([each.revision for _, each in settled], np.int64))
        origins = [*clear.origin.listed(), *(each.origin for _, each in settled)]
        authors = [*self._authors(clear.line), *(each.author for _, each in settled)]
        order = np.lexsort((slots, rows))
        places = order.tolist()
        listed = [texts[number] for number in numbers[order].tolist()]
        return Captions(
            rows[order], self._size, slots[order], numbers[order],
            [authors[place] for place in places], [origins[place] for place in places], listed,
        ), conflict  # fmt: skip

    def _revisions(self, doubted: Written, texts: dict[int, str]) -> dict[int, list[Revision]]:
        """The revisions of doubtful pictures as curator.captions wants them, by row."""
        found: dict[int, list[Revision]] = {}
        columns = [doubted.id, doubted.line, doubted.row, doubted.slot, doubted.base, doubted.merges, doubted.submitted]
        entries = zip(
            *(column.tolist() for column in columns), doubted.origin.listed(), self._authors(doubted.line), strict=True
        )
        for number, line, row, slot, base, merges, submitted, origin, author in entries:
            state: Any = "submitted" if submitted else "withdrawn"
            revision = Revision(
                number, line, self._pictures[row][1], author, slot, texts[number], origin, base or None, merges or None,
                "", None, state,
            )  # fmt: skip
            found.setdefault(row, []).append(revision)
        return found

    def _authors(self, lines: Numbers) -> list[str]:
        return self._author.taken(np.searchsorted(self._line, lines)).listed()

    def _drafts(self) -> NDArray[np.bool_]:
        images, authors = self._rows.drafts
        mine = [image for image, author in zip(images, authors, strict=True) if self._member in (None, author)]
        return self._mask(mine)

    def _answers(self) -> dict[str, Category]:
        found = {key: Category.empty(self._size) for key in self._keys}
        blind = self._blind.tolist()
        for image, member, key, value in zip(*self._rows.answers, strict=True):
            row = self._row.get(image)
            if row is not None and (member == self._member or not blind[row]):
                found[key][row] = _hashable(value)
        return found

    def _findings(self) -> dict[str, NDArray[np.bool_]]:
        found: dict[str, NDArray[np.bool_]] = {}
        for check, images in zip(*self._rows.findings, strict=True):
            named = self._mask(images)
            if check not in PICTURE_CHECKS:
                named &= ~self._blind
            found[check] = found.get(check, False) | named
        return found

    def _of(self, images: Iterable[str]) -> Numbers:
        """The row of each picture; -1 for one that is not in the table."""
        return np.fromiter((self._row.get(image, -1) for image in images), np.int64)

    def _mask(self, images: Iterable[str]) -> NDArray[np.bool_]:
        mask = np.zeros(self._size, np.bool_)
        rows = self._of(images)
        mask[rows[rows >= 0]] = True
        return mask


def _hashable(value: Any) -> Hashable:
    if isinstance(value, list):
        return tuple(_hashable(each) for each in value)
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else value
