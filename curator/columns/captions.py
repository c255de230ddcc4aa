"""The captions of all pictures beside each other, with what is counted and folded only once somebody asks."""

from collections.abc import Callable, Hashable, Iterable

import numpy as np
from numpy.typing import NDArray

from curator.columns.column import Category, Numbers, Ragged
from curator.filter.glob import folded
from curator.lengths import Lengths, clip_lengths, glide_lengths, word_lengths
from curator.record import UNKNOWN_AUTHOR, Caption

LENGTHS: dict[str, Callable[[], Lengths]] = {"words": word_lengths, "tokens": glide_lengths, "clip": clip_lengths}
"""What can be counted of a caption."""
UNCOUNTED = -1


class Captions(Ragged):
    """One entry a caption, ordered by picture and slot."""

    COLUMNS = ("slot", "revision", "author", "origin", "text")

    def __init__(
        self,
        rows: Numbers,
        pictures: int,
        slots: Numbers,
        revisions: Numbers,
        authors: Iterable[Hashable],
        origins: Iterable[Hashable],
        texts: list[str],
    ) -> None:
        super().__init__(rows, pictures)
        self.slot: NDArray[np.int16] = slots.astype(np.int16)
        self.revision: NDArray[np.int64] = revisions.astype(np.int64)
        self.author = Category(author or None for author in authors)
        self.origin = Category(origins)
        self.text = texts
        self._folded: list[str] | None = None
        self._counts: dict[str, NDArray[np.int32]] = {}
        self._lengths: dict[str, Lengths] = {}

    def of(self, picture: int) -> tuple[Caption, ...]:
        """The captions of one picture."""
        return tuple(
            Caption(
                int(self.slot[entry]),
                self.text[entry],
                self.author[entry] or UNKNOWN_AUTHOR,
                self.origin[entry],
                int(self.revision[entry]),
            )
            for entry in range(self.start[picture], self.start[picture + 1])
        )

    def folded(self) -> list[str]:
        """The texts as they are compared, made at the first call and kept."""
        if self._folded is None:
            self._folded = [folded(text) for text in self.text]
        return self._folded

    def counts(self, kind: str) -> NDArray[np.int32]:
        """How long every caption is, by one of LENGTHS; counted at the first call and kept."""
        self._count(kind, self._kept(kind) == UNCOUNTED)
        return self._counts[kind]

    def within(self, kind: str, low: float, high: float) -> NDArray[np.bool_]:
        """The captions that are at least `low` and at most `high` long, by one of LENGTHS.

        A bound spares counting the captions that cannot be long enough: few captions are near a limit of the model.
        """
        kept, lengths = self._kept(kind), self._lengths[kind]
        unknown = kept == UNCOUNTED
        if unknown.any():
            bounds = np.fromiter(map(lengths.bound, self.text), np.int64, len(self.text))
            self._count(kind, unknown & (bounds >= low))
        found: NDArray[np.bool_] = (kept != UNCOUNTED) & (kept >= low) & (kept <= high)
        return found

    def splice(self, picture: int, one: Ragged) -> None:
        """As in Ragged; what was folded and counted of the other pictures stays."""
        assert isinstance(one, Captions)
        first, last = self.start[picture], self.start[picture + 1]
        if self._folded is not None:
            self._folded[first:last] = one.folded()
        for kind, counts in self._counts.items():
            new = np.full(len(one.text), UNCOUNTED, np.int32)
            self._counts[kind] = np.concatenate((counts[:first], new, counts[last:]))
        super().splice(picture, one)

    def _kept(self, kind: str) -> NDArray[np.int32]:
        if kind not in self._lengths:
            self._lengths[kind] = LENGTHS[kind]()
            self._counts[kind] = np.full(len(self.text), UNCOUNTED, np.int32)
        return self._counts[kind]

    def _count(self, kind: str, which: NDArray[np.bool_]) -> None:
        count, places = self._lengths[kind].count, np.flatnonzero(which)
        new = (count(self.text[place]) for place in places.tolist())
        self._counts[kind][places] = np.fromiter(new, np.int32, len(places))
