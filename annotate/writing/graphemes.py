"""Where a line may be cut: between what people see as characters (Unicode's extended grapheme clusters), and at words.

An emoji of a family is seven code points and one character; so is a flag, a letter with its accents, a Hangul syllable.
"""

import bisect
from collections.abc import Sequence
from itertools import pairwise

import regex

CLUSTER = regex.compile(r"\X")


def edges(line: str) -> Sequence[int]:
    """The places between the characters of a line, both ends included, in code points."""
    if line.isascii():
        return range(len(line) + 1)
    return [0, *(match.end() for match in CLUSTER.finditer(line))]


def snap(line: str, column: int) -> int:
    """The place itself, or the end of the character it lies in."""
    places = edges(line)
    return places[min(bisect.bisect_left(places, column), len(places) - 1)]


def before(line: str, column: int) -> int | None:
    """The place one character to the left, or None at the start."""
    places = edges(line)
    at = bisect.bisect_left(places, column) - 1
    return places[at] if at >= 0 else None


def after(line: str, column: int) -> int | None:
    """The place one character to the right, or None at the end."""
    places = edges(line)
    at = bisect.bisect_right(places, column)
    return places[at] if at < len(places) else None


def word_before(line: str, column: int) -> int:
    """Where the word, or the run of signs, begins that lies to the left; blanks on the way are passed over."""
    spans = [span for span in _spans(line) if span[0] < column]
    while spans and line[spans[-1][0]].isspace():
        spans.pop()
    if not spans:
        return 0
    kind = _kind(line, spans[-1])
    start = spans[-1][0]
    while spans and _kind(line, spans[-1]) == kind:
        start = spans.pop()[0]
    return start


def word_after(line: str, column: int) -> int:
    """Where the word, or the run of signs, ends that lies to the right; blanks on the way are passed over."""
    spans = [span for span in reversed(_spans(line)) if span[1] > column]
    while spans and line[spans[-1][0]].isspace():
        spans.pop()
    if not spans:
        return len(line)
    kind = _kind(line, spans[-1])
    end = spans[-1][1]
    while spans and _kind(line, spans[-1]) == kind:
        end = spans.pop()[1]
    return end


def _spans(line: str) -> list[tuple[int, int]]:
    return list(pairwise(edges(line)))


def _kind(line: str, span: tuple[int, int]) -> str:
    first = line[span[0]]
    if first.isspace():
        return "blank"
    return "word" if first.isalnum() or first == "_" else "sign"
