"""Reads the table from the store in one snapshot, for one member: what others wrote of a blind picture is left out."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from curator.approval import Verdict, counting, verdicts, waits
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
PART = 500
"""Pictures whose revisions are held at a time."""
PICTURE_CHECKS = frozenset({"unreadable-picture", "duplicate-across-splits", "exact-duplicate", "near-duplicate"})
"""Audit checks that look at pixels only: they say nothing of what somebody wrote."""


def load(store: Store, member: str | None = None, attributes: Iterable[str] = (), excluded: bool = False) -> Columns:
    """The table of all pictures as `member` may see them; without a member, as the command line shows them.

    `attributes` are those of curator.toml; pictures that were taken out of the set are in it only with `excluded`.
    Leads and reviewers see the captions of blind pictures. Raises InputError for an unknown member.
    """
    keys = tuple(dict.fromkeys((*attributes, *RESERVED_ANSWERS)))
    with store.read(), _no_collections():
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


@contextmanager
def _no_collections() -> Iterator[None]:
    """Rows come and go by the hundred thousand, none of them in a cycle; looking for one takes a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Reading:
    """Makes a table of what the store gave."""

    def __init__(
        self, store: Store, rows: Rows, member: str | None, sees_all: bool, keys: tuple[str, ...], excluded: bool
    ) -> None:
        self._store, self._rows, self._member, self._sees_all, self._keys = store, rows, member, sees_all, keys
        ids: Sequence[str] = rows.images[0]
        statuses = rows.images[5]
        kept = [place for place, status in enumerate(statuses) if excluded or status == "ok"]
        self._places = sorted(kept, key=lambda place: (rows.names.get(place, ids[place]), ids[place]))
        self._names = [rows.names.get(place, ids[place]) for place in self._places]
        self._size = len(self._places)
        self._row = np.full(len(ids) + 1, -1, np.int64)
        """The row of each picture by its place in `rows`; the last entry stands for a picture that is nowhere."""
        self._row[self._places] = np.arange(self._size)

    def table(self) -> Columns:
        ids, blobs, widths, heights, subjects, statuses, splits = (
            [column[place] for place in self._places] for column in self._rows.images
        )
        self._verdicts = self._approvals()
        self._ids, self._index = ids, {image: row for row, image in enumerate(ids)}
        owner, overlap, tasks = self._work()
        self._blind = overlap & (not self._sees_all)
        written = self._written(owner)
        choice = choose(written, self._size, self._verdicts is not None)
        self._waits = Category.empty(self._size)
        shown, conflict = self._captions(written, choice, owner)
        return Columns(
            member=self._member,
            sees_all=self._sees_all,
            keys=self._keys,
            ids=ids,
            index=self._index,
            blobs=[blob or image for blob, image in zip(blobs, ids, strict=True)],
            names=self._names,
            width=np.array(widths, np.int32),
            height=np.array(heights, np.int32),
            subject=Category(subjects),
            split=Category(splits),
            owner=owner,
            excluded=np.array([status != "ok" for status in statuses], np.bool_),
            overlap=overlap,
            conflict=conflict,
            waits=self._waits,
            draft=self._drafts(),
            tasks=tasks,
            captions=shown,
            answers=self._answers(),
            findings=self._findings(),
        )

    def _approvals(self) -> dict[int, tuple[Verdict, ...]] | None:
        """What members said of adjudicated texts; None where such a text needs nobody's approval."""
        if not self._store.records.two_people:
            return None
        ids = self._rows.images[0]
        return verdicts(self._store.history.all_answers(ids[0] if len(ids) == 1 else None))

    def _work(self) -> tuple[Category, NDArray[np.bool_], Tasks]:
        """Owners, overlap, and the newest captioning task of each picture and member."""
        numbers, pictures, members, kinds, states = self._rows.tasks
        rows, number, member = self._of(pictures), np.array(numbers, np.int64), Category(members)
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
        lines, pictures, authors, slots = self._rows.lines
        self._line, self._line_row = np.array(lines, np.int64), self._of(pictures)
        self._line_slot = np.array(slots, np.int64)
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
        texts = self._store.columns.texts(clear.id.tolist())
        conflict = np.zeros(self._size, np.bool_)
        settled: list[tuple[int, Caption]] = []
        for row, revisions in self._doubted(choice.doubtful.tolist()):
            counted = revisions if self._verdicts is None else counting(revisions, self._verdicts)
            settled += [(row, caption) for caption in captions(counted, owner[row])]
            conflict[row] = bool(conflicts(revisions, owner[row]))
            if self._verdicts is not None:
                self._waits[row] = waits(revisions, self._verdicts)
        rows = np.append(clear.row, np.array([row for row, _ in settled], np.int64))
        slots = np.append(clear.slot, np.array([each.slot for _, each in settled], np.int64))
        numbers = np.append(clear.id, np.array([each.revision for _, each in settled], np.int64))
        origins = [*clear.origin.listed(), *(each.origin for _, each in settled)]
        authors = [*self._authors(clear.line), *(each.author for _, each in settled)]
        said = [*map(texts.__getitem__, clear.id.tolist()), *(each.text for _, each in settled)]
        order = np.lexsort((slots, rows))
        authors, origins, said = ([column[place] for place in order.tolist()] for column in (authors, origins, said))
        return Captions(rows[order], self._size, slots[order], numbers[order], authors, origins, said), conflict

    def _doubted(self, rows: Sequence[int]) -> Iterator[tuple[int, list[Revision]]]:
        """The rows with what may be seen of their revisions."""
        for start in range(0, len(rows), PART):
            part = rows[start : start + PART]
            found = self._store.captions.revisions_of([self._ids[row] for row in part])
            for row in part:
                seen = [each for each in found[self._ids[row]] if each.author == self._member or not self._blind[row]]
                yield row, seen

    def _authors(self, lines: Numbers) -> list[str]:
        return self._author.taken(np.searchsorted(self._line, lines)).listed()

    def _drafts(self) -> NDArray[np.bool_]:
        pictures, authors = self._rows.drafts
        return self._mask(
            [picture for picture, author in zip(pictures, authors, strict=True) if self._member in (None, author)]
        )

    def _answers(self) -> dict[str, Category]:
        pictures, members, keys, values = self._rows.answers
        rows, said, key = self._of(pictures), Category(values), Category(keys)
        mine = Category(members).where(lambda member: member == self._member)
        seen = (rows >= 0) & (mine | ~self._blind[rows]) if self._size else rows >= 0
        found = {}
        for name in self._keys:
            found[name] = Category.empty(self._size)
            those = np.flatnonzero(seen & (key.codes == key.known(name)))
            newest = said.taken(those).listed()
            found[name].codes[rows[those]] = found[name].encode(
                newest
            )  # the newest of a picture is the last, and stays
        return found

    def _findings(self) -> dict[str, NDArray[np.bool_]]:
        checks, images = self._rows.findings
        found: dict[str, NDArray[np.bool_]] = {}
        for check, named in zip(checks, images, strict=True):
            rows = [row for image in named if (row := self._index.get(image)) is not None]
            found.setdefault(check, np.zeros(self._size, np.bool_))[rows] = True
        for check in found.keys() - PICTURE_CHECKS:
            found[check] &= ~self._blind
        return found

    def _of(self, pictures: Sequence[int]) -> Numbers:
        """The row of each picture; -1 for one that is not in the table."""
        return self._row[np.array(pictures, np.int64)]

    def _mask(self, pictures: Sequence[int]) -> NDArray[np.bool_]:
        mask = np.zeros(self._size, np.bool_)
        rows = self._of(pictures)
        mask[rows[rows >= 0]] = True
        return mask
