"""Kinds of columns: few different values in a row each, and several entries in a row. Knows nothing of pictures."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]


class Category:
    """A column of values that repeat: a number for each row, and each value once. The first value is None."""

    def __init__(self, values: Iterable[Hashable] = ()) -> None:
        self._numbers: dict[Hashable, int] = {None: 0}
        self.values: list[Any] = [None]
        """Every value that occurs or did, by its number."""
        self.codes: NDArray[np.int32] = self.encode(values if isinstance(values, list | tuple) else list(values))

    @classmethod
    def empty(cls, size: int) -> "Category":
        """A column of None."""
        made = cls()
        made.codes = np.zeros(size, np.int32)
        return made

    def code(self, value: Hashable) -> int:
        """The number of a value; one that is not known yet gets the next."""
        number = self._numbers.get(value)
        if number is None:
            number = self._numbers[value] = len(self.values)
            self.values.append(value)
        return number

    def encode(self, values: Sequence[Hashable]) -> NDArray[np.int32]:
        """The numbers of values."""
        for value in dict.fromkeys(values):
            self.code(value)
        return np.fromiter(map(self._numbers.__getitem__, values), np.int32, len(values))

    def known(self, value: Hashable) -> int:
        """The number of a value; -1 where no row ever had it."""
        return self._numbers.get(value, -1)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Any:
        return self.values[self.codes[row]]

    def __setitem__(self, row: int, value: Hashable) -> None:
        self.codes[row] = self.code(value)

    def listed(self) -> list[Any]:
        """The value of every row."""
        return [self.values[code] for code in self.codes.tolist()]

    def where(self, test: Callable[[Any], bool]) -> NDArray[np.bool_]:
        """The rows whose value passes a test, which is asked once for each value."""
        return self.table(test, np.bool_)[self.codes]

    def table(self, measure: Callable[[Any], Any], kind: Any) -> Numbers:
        """What `measure` says of each value, by its number."""
        return np.fromiter(map(measure, self.values), kind, len(self.values))

    def taken(self, rows: Numbers) -> "Category":
        """The column of these rows only; it shares the values."""
        made = Category()
        made._numbers, made.values, made.codes = self._numbers, self.values, self.codes[rows]
        return made

    def splice(self, first: int, last: int, values: Sequence[Hashable]) -> None:
        """Put `values` in place of the rows from `first` up to, but without, `last`."""
        self.codes = np.concatenate((self.codes[:first], self.encode(values), self.codes[last:]))


class Ragged:
    """Several entries a picture, those of one picture beside each other. A subclass names its columns."""

    COLUMNS: ClassVar[tuple[str, ...]]
    """Attributes with a value for each entry: arrays, categories or lists."""

    def __init__(self, rows: Numbers, pictures: int) -> None:
        """`rows`: the picture of each entry, ascending."""
        self.row: NDArray[np.int32] = rows.astype(np.int32)
        self.start: NDArray[np.int64] = np.searchsorted(self.row, np.arange(pictures + 1))
        """The entries of picture i are those from start[i] up to, but without, start[i + 1]."""

    def any_of(self, entries: Numbers) -> NDArray[np.bool_]:
        """The pictures that have at least one of these entries (a mask or numbers)."""
        found = np.zeros(len(self.start) - 1, np.bool_)
        found[self.row[entries]] = True
        return found

    def splice(self, picture: int, one: "Ragged") -> None:
        """Put the entries of the only picture of `one` in place of those of a picture."""
        first, last = self.start[picture], self.start[picture + 1]
        for name in self.COLUMNS:
            column, new = getattr(self, name), getattr(one, name)
            if isinstance(column, Category):
                column.splice(first, last, new.listed())
            elif isinstance(column, list):
                column[first:last] = new
            else:
                setattr(self, name, np.concatenate((column[:first], new, column[last:])))
        rows = np.full(len(one.row), picture, np.int32)
        self.row = np.concatenate((self.row[:first], rows, self.row[last:]))
        self.start[picture + 1 :] += len(one.row) - (last - first)
