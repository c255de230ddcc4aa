"""What a pattern finds in one text and what the text becomes. Pure, and bounded in time."""

import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import regex

from curator.errors import InputError
from curator.filter.expression import LONGEST, bounded, compiled

ALLOWED_S = 20.0
"""Processor time that a regular expression may take over all captions."""
Span = tuple[int, int]
"""From, and up to but without, in characters."""


@dataclass(frozen=True)
class Request:
    """What to look for, and what to put in its place."""

    pattern: str
    replacement: str
    regex: bool = False
    """Whether the pattern is a regular expression and `\\1` in the replacement means what its first group found."""
    case: bool = False
    """Whether upper and lower case are told apart."""
    words: bool = False
    """Whether only whole words are meant."""


@dataclass(frozen=True)
class Substituted:
    """A text before and after, in canonical form (NFC), and where they differ."""

    before: str
    after: str
    removed: tuple[Span, ...]
    added: tuple[Span, ...]


def substitution(request: Request) -> Callable[[str], Substituted | None]:
    """A function that carries the request out on one text; None where the text stays as it is.

    Raises InputError for an empty pattern and for what is no regular expression. The function raises it for a
    replacement that names a group which is not there, where a text results that cannot be stored, and where the pattern
    takes longer than ALLOWED_S over all calls.
    """
    pattern = _compiled(request)
    ends = time.thread_time() + ALLOWED_S

    def substitute(text: str) -> Substituted | None:
        before = unicodedata.normalize("NFC", text)
        found = bounded(request.pattern, ends, lambda left: list(pattern.finditer(before, timeout=left)))
        if not found:
            return None
        made = _replaced(before, found, request)
        return None if made.after == before else made

    return substitute


def _compiled(request: Request) -> Any:
    if not request.pattern:
        raise InputError("there is nothing to look for: the pattern is empty")
    wanted = unicodedata.normalize("NFC", request.pattern)
    if request.regex:
        return compiled(wanted, ignore_case=not request.case, whole_words=request.words)
    if len(wanted) > LONGEST:
        raise InputError(f"a pattern of {len(wanted)} characters; allowed are {LONGEST}")
    source = regex.escape(wanted)
    return regex.compile(
        rf"(?<!\w){source}(?!\w)" if request.words else source, 0 if request.case else regex.IGNORECASE
    )


def _replaced(before: str, found: list[Any], request: Request) -> Substituted:
    pieces, places, at = [], [], 0
    changing = [match for match in found if _filled(match, request) != match[0]]
    for match in changing:
        pieces += [before[at : match.start()], _filled(match, request)]
        places.append(len(pieces) - 1)
        at = match.end()
    pieces.append(before[at:])
    after = unicodedata.normalize("NFC", "".join(pieces))
    _check(after, request)
    starts = [len(unicodedata.normalize("NFC", "".join(pieces[:place]))) for place in range(len(pieces) + 1)]
    added = tuple((starts[place], starts[place + 1]) for place in places)
    return Substituted(before, after, tuple(match.span() for match in changing), added)


def _filled(match: Any, request: Request) -> str:
    if not request.regex:
        return request.replacement
    try:
        return str(match.expand(request.replacement))
    except (regex.error, IndexError, ValueError, OverflowError) as error:
        raise InputError(
            f"{request.replacement!r} is no replacement for {request.pattern!r}: {error}",
            hint=r"\1 is what the first pair of parentheses found; a backslash itself is written \\",
        ) from error


def _check(text: str, request: Request) -> None:
    """Raise InputError where a text cannot be stored."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{request.replacement!r} holds half a character, which cannot be stored") from error
    if "\0" in text:
        raise InputError("a text with the character U+0000 cannot be stored", hint="take it out of the replacement")
