"""The table: what is known of every picture, by row. Filters, lists and screens read it; `reading` makes it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curator.columns.captions import Captions
from curator.columns.column import Category, Numbers, Ragged


class Tasks(Ragged):
    """The newest captioning task of each picture and member."""

    COLUMNS = ("id", "member", "kind", "state")

    def __init__(
        self, rows: Numbers, pictures: int, numbers: Numbers, members: Sequence[str], kinds: Sequence[str],
        states: Sequence[str],
    ) -> None:  # fmt: skip
        super().__init__(rows, pictures)
        self.id: NDArray[np.int64] = numbers.astype(np.int64)
        self.member, self.kind, self.state = Category(members), Category(kinds), Category(states)


@dataclass
class Columns:
    """One row a picture, ordered by name and id. Arrays and categories have one entry a row."""

    member: str | None
    """Who looks; None: the command line, which shows everything."""
    sees_all: bool
    """Whether the captions of blind pictures are in it, too."""
    keys: tuple[str, ...]
    """The answers that were asked for: attributes, rating, flag, note."""
    ids: list[str]
    index: dict[str, int]
    """id → row."""
    blobs: list[str]
    names: list[str]
    """Path of the first source; the id where there is none."""
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    subject: Category
    split: Category
    owner: Category
    excluded: NDArray[np.bool_]
    overlap: NDArray[np.bool_]
    """Captioned by several members apart from each other."""
    conflict: NDArray[np.bool_]
    """Texts compete, as far as the member may see them."""
    waits: Category
    """Why an adjudicated text does not count yet, under the two-person rule; None: none waits."""
    draft: NDArray[np.bool_]
    """The member has a draft; without a member, anybody."""
    tasks: Tasks
    captions: Captions
    answers: dict[str, Category]
    """key → the newest value: the member's own where the picture is blind. A list of tags is a tuple."""
    findings: dict[str, NDArray[np.bool_]]
    """Check → the pictures with an open finding of it; where the picture is blind, only if it is not about captions."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def blind(self) -> NDArray[np.bool_]:
        """The pictures of which only the member's own words are in the table."""
        return np.zeros(len(self), np.bool_) if self.sees_all else self.overlap

    def row(self, image: str) -> int | None:
        """The row of a picture, or None where it is not in the table."""
        return self.index.get(image)

    def rows_of(self, images: Sequence[str]) -> Numbers:
        """The row of each picture, in their order; -1 for one that is not in the table."""
        return np.fromiter((self.index.get(image, -1) for image in images), np.int64, len(images))

    def put(self, one: "Columns") -> None:
        """Take over what the only row of another table of the same member says of its picture, which is in this one."""
        row = self.index[one.ids[0]]
        self.blobs[row] = one.blobs[0]
        for name in ("width", "height", "excluded", "overlap", "conflict", "draft"):
            getattr(self, name)[row] = getattr(one, name)[0]
        for name in ("subject", "split", "owner", "waits"):
            getattr(self, name)[row] = getattr(one, name)[0]
        self.tasks.splice(row, one.tasks)
        self.captions.splice(row, one.captions)
        for key, column in one.answers.items():
            self.answers[key][row] = column[0]
        for check in self.findings.keys() | one.findings.keys():
            found = self.findings.setdefault(check, np.zeros(len(self), np.bool_))
            found[row] = check in one.findings and one.findings[check][0]
