"""A small boolean language over pictures: parsed once, then a mask over all pictures at a time. docs/filter.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from curator.filter.fields import FIELDS, FILTER_HELP, Field
from curator.filter.parse import parse_tree
from curator.filter.tree import Node, write

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from curator.columns import Columns

__all__ = ["FIELDS", "FILTER_HELP", "Field", "Filter", "order", "parse"]


@dataclass(frozen=True)
class Filter:
    """A question that every picture answers with yes or no. `str` gives a text that means the same."""

    tree: Node

    def mask(self, columns: "Columns") -> "NDArray[np.bool_]":
        """For each picture of the table, in its order, whether it matches. Shape (pictures,).

        Raises InputError where a regular expression takes too long, MissingExtra where CLIP's vocabulary is asked for
        and not installed.
        """
        from curator.filter.mask import mask  # numpy is not loaded for --help

        return mask(self.tree, columns)

    def __str__(self) -> str:
        return write(self.tree)


def parse(text: str, attributes: Mapping[str, tuple[str, ...]] | None = None) -> Filter:
    """The filter that a text means; the empty text matches every picture.

    `attributes` are those of curator.toml: name → choices, none for free tags. Raises InputError that shows the place.
    """
    return Filter(parse_tree(text, attributes or {}))


def order(field: str, columns: "Columns") -> "NDArray[np.intp]":
    """The rows of the table sorted by a field, descending with "-" before its name; pictures without a value last.

    Raises InputError for an unknown field. Equal pictures keep their order.
    """
    from curator.filter.order import order

    return order(field, columns)
