"""A filter as a tree of questions, and the text that means the same tree. Knows nothing of pictures."""

import re
from dataclasses import dataclass
from decimal import Decimal

PLAIN = re.compile(r"[\w.,@/'’*+=!?;–—…&%#][\w.,@/'’*+=!?;–—…&%#-]*")
"""Bare text that needs no quotes."""
KEYWORDS = ("and", "or", "not")
NONE = "none"


@dataclass(frozen=True)
class Glob:
    """A text with gaps: the pieces between the wildcards. One piece: no wildcard. Only ends may be empty."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Expression:
    """A regular expression, upper and lower case alike."""

    pattern: str


@dataclass(frozen=True)
class Span:
    """Numbers from `low` to `high`, both included unless said otherwise; None: no limit."""

    low: float | None
    high: float | None
    above: bool = False
    """Whether `low` itself is out."""
    below: bool = False
    """Whether `high` itself is out."""


@dataclass(frozen=True)
class Switch:
    """Yes or no."""

    on: bool


@dataclass(frozen=True)
class State:
    """A task's state."""

    name: str
    whose: str | None
    """A member, `*` for anybody, None for the one who asks."""


@dataclass(frozen=True)
class Nothing:
    """That there is no value."""


Value = Glob | Expression | Span | Switch | State | Nothing


@dataclass(frozen=True)
class Ask:
    """Whether a field has a value. Bare words ask for `caption`."""

    field: str
    value: Value


@dataclass(frozen=True)
class Not:
    inner: "Node"


@dataclass(frozen=True)
class All:
    """Every part; without parts, every picture. No part is an All itself."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True)
class Some:
    """At least one of at least two parts. No part is a Some itself."""

    parts: "tuple[Node, ...]"


Node = Ask | Not | All | Some


def write(node: Node) -> str:
    """The text of a tree; read again, it gives the same tree."""
    match node:
        case All(parts):
            return " ".join(_inner(part) if isinstance(part, Some) else write(part) for part in parts)
        case Some(parts):
            return " or ".join(write(part) for part in parts)
        case Not(inner):
            return f"-{write(inner) if isinstance(inner, Ask) else _inner(inner)}"
        case Ask(field, value):
            return _test(field, value)


def _inner(node: Node) -> str:
    return f"({write(node)})"


def _test(field: str, value: Value) -> str:
    match value:
        case Glob() if field == "caption":
            text = _glob(value)
            return _quoted(value) if text.casefold() in KEYWORDS else text
        case Glob():
            text = _glob(value)
            return f"{field}:{_quoted(value) if text.casefold() == NONE else text}"
        case Expression(pattern):
            return f"{'' if field == 'caption' else f'{field}:'}re:/{_slashed(pattern)}/"
        case Span():
            return f"{field}:{_span(value)}"
        case Switch(on):
            return f"{field}:{'yes' if on else 'no'}"
        case State(name, whose):
            return f"{field}:{name}{'' if whose is None else f'@{whose}'}"
        case Nothing():
            return f"{field}:{NONE}"


def _glob(glob: Glob) -> str:
    text = "*".join(glob.parts)
    return text if not any("*" in part for part in glob.parts) and PLAIN.fullmatch(text) else _quoted(glob)


def _quoted(glob: Glob) -> str:
    return '"' + "*".join(re.sub(r'([\\"*])', r"\\\1", part) for part in glob.parts) + '"'


def _slashed(pattern: str) -> str:
    return re.sub(r"(\\.)|/", lambda found: found[1] or r"\/", pattern, flags=re.DOTALL)


def _span(span: Span) -> str:
    if span.low is not None and span.high is not None:
        return number(span.low) if span.low == span.high else f"{number(span.low)}..{number(span.high)}"
    if span.low is not None:
        return f"{'>' if span.above else '>='}{number(span.low)}"
    assert span.high is not None
    return f"{'<' if span.below else '<='}{number(span.high)}"


def number(value: float) -> str:
    """A number without exponent, as short as it can be read again."""
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")
