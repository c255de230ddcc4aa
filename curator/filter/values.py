"""Values that are no texts: numbers and ranges, yes and no, states of tasks."""

import re

from curator.filter.fields import STATES, Field
from curator.filter.tree import NONE, Nothing, Span, State, Switch, Value

NUMBER = r"\d+(?:\.\d+)?"
COMPARED = re.compile(rf"(>=|<=|>|<|=)?({NUMBER})")
RANGE = re.compile(rf"({NUMBER})?\.\.({NUMBER})?")
LONGEST_NUMBER = 15
YES, NO = ("yes", "true", "1"), ("no", "false", "0")


class Refused(Exception):
    """A value that the field cannot have. The reader of the filter adds the place."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def read_value(field: Field, word: str) -> Value:
    """The value that `word` means for a field of numbers, switches or states. Raises Refused."""
    if word.casefold() == NONE and field.optional:
        return Nothing()
    if field.kind == "number":
        return _span(field, word)
    return _switch(field, word) if field.kind == "switch" else _state(word)


def _span(field: Field, word: str) -> Span:
    if found := COMPARED.fullmatch(word):
        sign, value = found[1] or "=", _number(found[2])
        if sign == "=":
            return Span(value, value)
        return Span(value, None, above=sign == ">") if sign[0] == ">" else Span(None, value, below=sign == "<")
    if (found := RANGE.fullmatch(word)) and (found[1] or found[2]):
        low, high = (None if part is None else _number(part) for part in found.groups())
        if low is not None and high is not None and low > high:
            raise Refused(f"no number lies in {word!r}", hint=f"did you mean {found[2]}..{found[1]}?")
        return Span(low, high)
    raise Refused(
        f"{word!r} is no number and no range",
        hint=f"allowed: 4, >4, >=4, <4, <=4, 2..4, 2.., ..4; as in {field.example}",
    )


def _number(text: str) -> float:
    if len(text) > LONGEST_NUMBER:
        raise Refused(f"a number of {len(text)} digits; allowed are {LONGEST_NUMBER}")
    return float(text)


def _switch(field: Field, word: str) -> Switch:
    if word.casefold() not in YES + NO:
        raise Refused(f"{field.name} is either yes or no, not {word!r}", hint=f"for example {field.example}")
    return Switch(word.casefold() in YES)


def _state(word: str) -> State:
    name, at, whose = word.partition("@")
    if name.casefold() not in STATES:
        raise Refused(f"a task is never {name!r}", hint=f"allowed: {', '.join(STATES)}; open@ben for ben's")
    if at and not whose:
        raise Refused(f"a member is missing after '{name}@'", hint=f"{name}@ben for ben's, {name}@* for anybody's")
    return State(name.casefold(), whose or None)
