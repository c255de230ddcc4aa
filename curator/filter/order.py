"""Sorting pictures by a field. The longest of several captions counts, and the first of several names."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from curator.columns.captions import LENGTHS
from curator.columns.column import Category, Numbers
from curator.columns.table import Columns
from curator.errors import InputError
from curator.filter.fields import FIELDS, STATES
from curator.filter.mask import OF_CAPTIONS, OF_PICTURES, SWITCHES, number_of
from curator.filter.parse import nearest

UNSORTED = ("finding", "member")
"""Fields of which a picture may have several values in no order."""


def order(field: str, columns: Columns) -> NDArray[np.intp]:
    """The rows sorted by a field; see curator.filter.order."""
    name = field.removeprefix("-")
    known = [each.name for each in FIELDS if each.name not in UNSORTED] + list(columns.keys)
    if name not in known:
        near = nearest(name, tuple(known))
        hint = f"did you mean {near!r}?" if near else f"known: {', '.join(dict.fromkeys(known))}"
        raise InputError(f"pictures cannot be sorted by {name!r}", hint)
    keys = _keys(name, columns)
    if name != field:
        keys = -keys
    keys[np.isnan(keys)] = np.inf
    return np.argsort(keys, kind="stable")


def _keys(name: str, columns: Columns) -> NDArray[np.float64]:
    """A number for each picture, in the order that the field means; NaN for a picture without a value."""
    numbers = number_of(name, columns)
    if numbers is not None:
        return numbers.copy()
    if name in LENGTHS:
        return _of_captions(columns.captions.counts(name).astype(np.float64), columns, np.fmax)
    if name in SWITCHES:
        return np.where(getattr(columns, name), 0.0, 1.0)
    if name in OF_PICTURES:
        return _ranks(getattr(columns, name))
    if name in OF_CAPTIONS:
        return _of_captions(_ranks(getattr(columns.captions, name)), columns, np.fmin)
    if name == "caption":
        return _of_captions(_ranked(columns.captions.folded()), columns, np.fmin)
    if name in ("name", "id"):
        return _ranked(columns.names if name == "name" else columns.ids)
    return _states(columns) if name == "state" else _ranks(columns.answers[name])


def _of_captions(keys: NDArray[np.float64], columns: Columns, choose: Any) -> NDArray[np.float64]:
    """One key a picture of a key a caption."""
    found = np.full(len(columns), np.nan)
    choose.at(found, columns.captions.row, keys)
    return found


def _states(columns: Columns) -> NDArray[np.float64]:
    """Open pictures first; of the member, or the earliest state of anybody's tasks."""
    tasks, found = columns.tasks, np.full(len(columns), np.nan)
    states = tasks.state.table(lambda state: STATES.index(state) if state in STATES else np.nan, np.float64)
    mine = np.ones(len(tasks.id), np.bool_)
    if columns.member is not None:
        mine = tasks.member.codes == tasks.member.known(columns.member)
    np.fmin.at(found, tasks.row[mine], states[tasks.state.codes[mine]])
    return found


def _ranks(column: Category) -> NDArray[np.float64]:
    texts = ["" if value is None else str(value).casefold() for value in column.values]
    ranks = _ranked(texts)
    ranks[0] = np.nan
    return np.asarray(ranks[column.codes])


def _ranked(texts: list[str]) -> NDArray[np.float64]:
    """The place of each text among all; equal texts have the same."""
    places: dict[str, int] = {text: place for place, text in enumerate(sorted(set(texts)))}
    keys: Numbers = np.fromiter((places[text] for text in texts), np.float64, len(texts))
    return keys
