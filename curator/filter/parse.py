"""Reads the text of a filter. Every complaint shows the place, what was expected there, and the nearest known name."""

import re
from collections.abc import Mapping
from typing import NoReturn

from curator.errors import InputError
from curator.filter.fields import Field, all_fields
from curator.filter.tree import KEYWORDS, NONE, All, Ask, Expression, Glob, Node, Not, Nothing, Some, Value
from curator.filter.values import Refused, read_value

LONGEST = 4000
"""Characters of a filter."""
DEEPEST = 40
"""Parentheses and negations inside each other."""
SHOWN = 60
"""Characters shown on either side of the place of a mistake."""

BLANKS = re.compile(r"\s*")
KEYWORD = re.compile(rf"({'|'.join(KEYWORDS)})(?=[\s()\"]|$)", re.IGNORECASE)
FIELD = re.compile(r"([^\W\d_][\w-]*):")
BARE = re.compile(r'(?:\\.|[^\s()"\\])+', re.DOTALL)
QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL)
SLASHED = re.compile(r"re:/((?:\\.|[^/\\])*)/", re.DOTALL)
PIECE = re.compile(r"\\(.)|\*+|[^\\*]+", re.DOTALL)


def parse_tree(text: str, attributes: Mapping[str, tuple[str, ...]]) -> Node:
    """The tree that a text means; the empty text means every picture. Raises InputError with the place."""
    if len(text) > LONGEST:
        raise InputError(f"a filter of {len(text)} characters; allowed are {LONGEST}", hint="use fewer words")
    reader = _Reader(text, all_fields(attributes))
    if reader.at_end():
        return All(())
    node = reader.either(0)
    if not reader.at_end():
        reader.fail("this parenthesis was never opened", hint="take it out, or open it before")
    return node


class _Reader:
    """A text, and how far it has been read."""

    def __init__(self, text: str, fields: Mapping[str, Field]) -> None:
        self._text, self._fields, self._at = text, fields, 0

    def at_end(self) -> bool:
        self._skip()
        return self._at == len(self._text)

    def fail(self, what: str, hint: str | None = None, at: int | None = None, length: int = 1) -> NoReturn:
        raise mistake(self._text, self._at if at is None else at, what, hint, length)

    def either(self, depth: int) -> Node:
        parts = [self._every(depth)]
        while self._take("or"):
            parts.append(self._every(depth))
        parts = [each for part in parts for each in (part.parts if isinstance(part, Some) else (part,))]
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _every(self, depth: int) -> Node:
        parts = [self._one(depth)]
        while self._take("and") or not (self.at_end() or self._next() == ")" or self._keyword() == "or"):
            parts.append(self._one(depth))
        parts = [each for part in parts for each in (part.parts if isinstance(part, All) else (part,))]
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self, depth: int) -> Node:
        if self.at_end():
            self.fail("something to look for is missing here", hint="add a word, or take the last operator out")
        if depth > DEEPEST:
            self.fail(f"parentheses and negations more than {DEEPEST} deep", hint="make it simpler")
        if self._next() == "-":
            self._at += 1
            if self._next() in ("", ")") or self._next().isspace():
                self.fail("the dash excludes what follows it at once", 'as in -cat; the dash itself is "-", in quotes')
            return Not(self._one(depth + 1))
        if self._keyword() == "not":
            self._at += len("not")
            return Not(self._one(depth + 1))
        if keyword := self._keyword():
            hint = f'put a word before it; the word itself is searched for in quotes: "{keyword}"'
            self.fail(f"{keyword!r} joins two things, and there is none before it", hint, length=len(keyword))
        if self._next() == "(":
            return self._group(depth)
        if self._next() == ")":
            self.fail("something to look for is missing before this parenthesis", hint="add a word, or take it out")
        return self._test()

    def _group(self, depth: int) -> Node:
        start, self._at = self._at, self._at + 1
        node = self.either(depth + 1)
        if self.at_end():
            self.fail("this parenthesis is never closed", hint="close it with )", at=start)
        self._at += 1
        return node

    def _test(self) -> Node:
        start = self._at
        found = None if self._text.startswith("re:/", start) else FIELD.match(self._text, start)
        if found is None:
            return Ask("caption", self._expression() or self._glob())
        field = self._field(found[1], start)
        self._at = found.end()
        if self._at == len(self._text) or self._next().isspace() or self._next() in "()":
            self.fail(f"a value is missing after '{field.name}:'", hint=f"for example {field.example}")
        return Ask(field.name, self._value(field))

    def _value(self, field: Field) -> Value:
        start = self._at
        quoted = self._next() == '"'
        if field.kind in ("words", "name"):
            if expression := self._expression():
                return expression
            glob = self._glob()
            if glob == Glob((NONE,)) and field.optional and not quoted:
                return Nothing()
            self._check_choice(field, glob, start)
            return glob
        bare = BARE.match(self._text, self._at)
        word = bare[0] if bare else self._next()
        try:
            value = read_value(field, word)
        except Refused as refused:
            self.fail(refused.message, refused.hint, length=len(word))
        self._at += len(word)
        return value

    def _field(self, name: str, at: int) -> Field:
        if field := self._fields.get(name, self._fields.get(name.casefold())):
            return field
        near = nearest(name, self._fields)
        looked = f'to look for this text itself, write "{name}:…" in quotes'
        hint = f"did you mean {near!r}? {looked}" if near else f"known: {', '.join(self._fields)}; {looked}"
        self.fail(f"there is no field {name!r}", hint, at, len(name))

    def _check_choice(self, field: Field, glob: Glob, at: int) -> None:
        if len(glob.parts) > 1 or not field.choices:
            return
        value = glob.parts[0]
        if value.casefold() not in (choice.casefold() for choice in field.choices):
            near = nearest(value, field.choices)
            hint = f"did you mean {near!r}?" if near else None
            allowed = ", ".join((*field.choices, NONE) if field.optional else field.choices)
            self.fail(f"{field.name} is never {value!r}; it may be {allowed}", hint, at, self._at - at)

    def _expression(self) -> Expression | None:
        if not self._text.startswith("re:/", self._at):
            return None
        from curator.filter.expression import compiled

        start, found = self._at, SLASHED.match(self._text, self._at)
        if found is None:
            self.fail("this regular expression is never closed", hint="end it with /, as in re:/brown (dog|cat)/")
        expression = Expression(re.sub(r"\\(.)", lambda each: "/" if each[1] == "/" else each[0], found[1], flags=re.S))
        try:
            compiled(expression.pattern)
        except InputError as error:
            self.fail(error.message, error.hint, start, len(found[0]))
        self._at = found.end()
        if self._at < len(self._text) and not (self._next().isspace() or self._next() in "()"):
            self.fail("a blank is missing after the regular expression", hint=r"a slash inside it is written \/")
        return expression

    def _glob(self) -> Glob:
        start = self._at
        if self._next() == '"':
            found = QUOTED.match(self._text, start)
            if found is None:
                self.fail("this quotation mark is never closed", hint='close it with "')
            content = found[1]
        else:
            found = BARE.match(self._text, start)
            if found is None:
                self.fail("a character is missing after this backslash", hint=r"the backslash itself is written \\")
            content = found[0]
        parts = [""]
        for piece in PIECE.finditer(content):
            if piece[0][0] == "*":
                parts.append("")
            else:
                parts[-1] += piece[1] or piece[0]
        if len(parts) == 1 and not parts[0].strip():
            self.fail("there is nothing to look for between the quotation marks", length=len(found[0]))
        self._at = found.end()
        return Glob(tuple(parts))

    def _take(self, keyword: str) -> bool:
        self._skip()
        if self._keyword() != keyword:
            return False
        self._at += len(keyword)
        return True

    def _keyword(self) -> str | None:
        found = KEYWORD.match(self._text, self._at)
        return found[1].lower() if found else None

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip(self) -> None:
        found = BLANKS.match(self._text, self._at)
        assert found is not None
        self._at = found.end()


def nearest(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str | None:
    """The known name that looks most like `name`, or None where none does."""
    from rapidfuzz import process

    found = process.extractOne(name.casefold(), list(known), score_cutoff=60)
    return None if found is None else str(found[0])


def mistake(text: str, at: int, what: str, hint: str | None, length: int = 1) -> InputError:
    """An error that shows the filter with a line of carets below the place."""
    first, last = max(0, at - SHOWN), min(len(text), at + max(length, 1) + SHOWN)
    line = "".join(each if each.isprintable() else " " for each in text[first:last])
    before, under = _cells(line[: at - first]), _cells(line[at - first : at - first + length])
    carets = " " * before + "^" * max(1, under)
    return InputError(f"filter, character {at + 1}: {what}\n    {line}\n    {carets}", hint)


def _cells(text: str) -> int:
    """How many columns a terminal gives to a text, near enough for a caret."""
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)
