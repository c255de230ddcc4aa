"""A filter's tree over the columns of a set: for every picture, yes or no."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curator.columns.captions import LENGTHS
from curator.columns.column import Category
from curator.columns.table import Columns
from curator.filter.expression import searching
from curator.filter.glob import as_whole, folded, in_words, likely
from curator.filter.tree import All, Ask, Expression, Glob, Node, Not, Nothing, Some, Span, State, Switch, Value

Mask = NDArray[np.bool_]
ANYBODY = "*"
SWITCHES = ("draft", "conflict", "overlap", "blind", "excluded")
OF_PICTURES = ("subject", "split", "owner")
OF_CAPTIONS = ("author", "origin")


def mask(tree: Node, columns: Columns) -> Mask:
    """For each picture, whether it matches. Shape (pictures,)."""
    match tree:
        case All(parts):
            found = np.ones(len(columns), np.bool_)
            for part in parts:
                found &= mask(part, columns)
            return found
        case Some(parts):
            found = np.zeros(len(columns), np.bool_)
            for part in parts:
                found |= mask(part, columns)
            return found
        case Not(inner):
            return ~mask(inner, columns)
        case Ask(field, value):
            return _test(field, value, columns)


def number_of(field: str, columns: Columns) -> NDArray[np.float64] | None:
    """The number of each picture for a field that has one a picture, or None; a picture without it has NaN."""
    match field:
        case "width" | "height":
            return np.asarray(getattr(columns, field), np.float64)
        case "ratio":
            return np.round(columns.width / columns.height, 2)
        case "slots":
            return np.diff(columns.captions.start).astype(np.float64)
        case "rating":
            rating = columns.answers["rating"]
            return np.asarray(rating.table(_as_number, np.float64)[rating.codes])
    return None


def _test(field: str, value: Value, columns: Columns) -> Mask:
    match value:
        case Switch(on):
            assert field in SWITCHES
            found: Mask = getattr(columns, field)
            return found if on else ~found
        case State():
            return _state(value, columns)
        case Span():
            return _number(field, value, columns)
        case Nothing():
            return ~_any(field, columns)
        case Glob() | Expression():
            return _caption(value, columns) if field == "caption" else _text(field, value, columns)


def _any(field: str, columns: Columns) -> Mask:
    """The pictures that have a value at all."""
    if field == "rating":
        return ~np.isnan(_known(number_of(field, columns)))
    return _test(field, Glob(("", "")), columns)


def _number(field: str, span: Span, columns: Columns) -> Mask:
    low, high = _limits(span)
    if field in LENGTHS:
        return columns.captions.any_of(columns.captions.within(field, low, high))
    numbers = _known(number_of(field, columns))
    return (numbers >= low) & (numbers <= high)


def _limits(span: Span) -> tuple[float, float]:
    """The span as closed limits."""
    low, high = -np.inf if span.low is None else span.low, np.inf if span.high is None else span.high
    return np.nextafter(low, np.inf) if span.above else low, np.nextafter(high, -np.inf) if span.below else high


def _state(state: State, columns: Columns) -> Mask:
    tasks, whose = columns.tasks, state.whose or columns.member or ANYBODY
    found = tasks.state.codes == tasks.state.known(state.name)
    if whose != ANYBODY:
        found &= tasks.member.where(_same(whose))
    return tasks.any_of(found)


def _caption(value: Glob | Expression, columns: Columns) -> Mask:
    captions = columns.captions
    if isinstance(value, Expression):
        places = searching(value.pattern)(captions.text)
    else:
        places = in_words(value)(captions.folded())
    return captions.any_of(np.array(places, np.int64))


def _text(field: str, value: Glob | Expression, columns: Columns) -> Mask:
    if field == "id":
        return _listed(value, columns.ids, columns.ids, _beginning(value))
    if field == "name":
        return _listed(value, columns.names, None, _path(value))
    test = _tester(value)
    if field in OF_PICTURES:
        column: Category = getattr(columns, field)
        return column.where(test)
    if field in OF_CAPTIONS:
        captions = columns.captions
        return captions.any_of(getattr(captions, field).where(test))
    if field == "member":
        tasks = columns.tasks
        return tasks.any_of(tasks.member.where(test) & (tasks.state.codes != tasks.state.known("passed")))
    if field == "finding":
        found = np.zeros(len(columns), np.bool_)
        for check, named in columns.findings.items():
            found |= named & test(check)
        return found
    answers = columns.answers[field]
    if field in ("flag", "note"):
        return _words(value, answers)
    return answers.where(lambda answer: any(test(each) for each in _each(answer)))


def _words(value: Glob | Expression, answers: Category) -> Mask:
    """Answers with words in them, searched once for each different text."""
    texts = [folded(str(answer)) if answer is not None else "" for answer in answers.values]
    if value == Glob(("", "")):
        return answers.codes > 0
    find = searching(value.pattern) if isinstance(value, Expression) else in_words(value)
    found = np.zeros(len(texts), np.bool_)
    found[[place for place in find(texts) if place]] = True
    return found[answers.codes]


def _listed(value: Glob | Expression, texts: list[str], alike: list[str] | None, test: Callable[[str], bool]) -> Mask:
    """Texts of which every row has one of its own; `alike` are the same folded, where that costs nothing."""
    found = np.zeros(len(texts), np.bool_)
    if isinstance(value, Expression):
        found[searching(value.pattern)(texts)] = True
        return found
    alike = [folded(text) for text in texts] if alike is None else alike
    found[[place for place in likely(value, alike) if test(alike[place])]] = True
    return found


def _beginning(value: Glob | Expression) -> Callable[[str], bool]:
    """Whether an id begins like this."""
    return as_whole(Glob((*value.parts, ""))) if isinstance(value, Glob) else bool


def _path(value: Glob | Expression) -> Callable[[str], bool]:
    """Whether a path, its file name, or its file name without ending is this."""
    if isinstance(value, Expression):
        return bool
    whole = as_whole(value)

    def matches(path: str) -> bool:
        name = path.rpartition("/")[2]
        return whole(path) or whole(name) or whole(name.rpartition(".")[0])

    return matches


def _tester(value: Glob | Expression) -> Callable[[Any], bool]:
    """Whether a value that is none of text or number or yes and no is this; None never is."""
    if isinstance(value, Expression):
        find = searching(value.pattern)
        return lambda text: text is not None and bool(find([_shown(text)]))
    whole = as_whole(value)
    return lambda text: text is not None and whole(folded(_shown(text)))


def _same(name: str) -> Callable[[Any], bool]:
    return lambda other: other is not None and folded(other) == folded(name)


def _each(answer: Any) -> tuple[Any, ...]:
    return answer if isinstance(answer, tuple) else (answer,)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _as_number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else np.nan


def _known(numbers: NDArray[np.float64] | None) -> NDArray[np.float64]:
    assert numbers is not None, "a field of numbers without numbers"
    return numbers
