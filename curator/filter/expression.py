"""Regular expressions from outside, within bounds: a pattern that would run for hours is stopped and named."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import regex

from curator.errors import InputError

LONGEST = 500
"""Characters of a pattern."""
ALLOWED_S = 2.0
"""Processor time that a pattern may take over all texts: a busy machine does not make it wrong."""
SAFE_STEPS = 10_000_000
"""A search that takes at most so many steps is over in a tenth of a second: it needs no clock."""
COUNTED = "*+?{|"
"""What makes a search try again; a pattern without them is linear."""
UNBOUNDED = regex.compile(r"\(\?(?:R|[0-9+-]|&|P>)|\\[1-9gkL]|\{[^0-9,]")


def compiled(pattern: str, ignore_case: bool = True, whole_words: bool = False) -> Any:
    """A compiled pattern. Raises InputError where it is none, or too long."""
    if len(pattern) > LONGEST:
        raise InputError(f"a regular expression of {len(pattern)} characters; allowed are {LONGEST}")
    source = rf"(?<!\w)(?:{pattern})(?!\w)" if whole_words else pattern
    try:
        regex.compile(pattern)
        return regex.compile(source, regex.IGNORECASE if ignore_case else 0)
    except (regex.error, OverflowError, RecursionError, MemoryError) as error:
        raise InputError(
            f"{pattern!r} is no regular expression: {error}", hint="correct it, or quote the text"
        ) from error


def searching(pattern: str) -> Callable[[Iterable[str]], list[int]]:
    """A function from texts to the numbers of those in which the pattern is found, upper and lower case alike.

    The function raises InputError where it takes longer than ALLOWED_S.
    """
    search = compiled(pattern).search
    safe = safe_length(pattern)

    def find(texts: Iterable[str]) -> list[int]:
        ends = time.thread_time() + ALLOWED_S
        found = []
        for index, text in enumerate(texts):
            if len(text) <= safe:
                if search(text) is not None:
                    found.append(index)
                if index % 256 == 0 and time.thread_time() > ends:
                    raise too_slow(pattern)
            elif bounded(pattern, ends, partial(_timed, search, text)) is not None:
                found.append(index)
        return found

    return find


def _timed(search: Any, text: str, seconds: float) -> Any:
    return search(text, timeout=seconds)


def bounded(pattern: str, ends: float, action: Callable[[float], Any]) -> Any:
    """What `action` gives with the seconds left until `ends`, in this thread's time. Raises InputError after them."""
    try:
        return action(max(ends - time.thread_time(), 1e-3))
    except TimeoutError:
        raise too_slow(pattern) from None


def safe_length(pattern: str) -> int:
    """The length of texts up to which no search with the pattern can take more than SAFE_STEPS steps.

    Each repetition, option or alternative may multiply the tries by the length of the text, and so may the place where
    the search begins. Counting the signs themselves, escaped or not, errs on the careful side. A pattern that calls
    itself, looks back at what it found, or allows for errors has no such bound.
    """
    if UNBOUNDED.search(pattern):
        return 0
    choices = pattern.replace("(?", "(")
    return int(SAFE_STEPS ** (1 / (1 + sum(choices.count(sign) for sign in COUNTED))))


def too_slow(pattern: str) -> InputError:
    """The error for a pattern that was stopped."""
    return InputError(
        f"the regular expression {pattern!r} takes too long",
        hint="make it simpler: repetitions inside repetitions, as in (a+)+, try every way to divide a text",
    )
