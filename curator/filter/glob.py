"""How a text with wildcards is found: inside a text by whole words, or as the whole of it. Case never matters."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence

import regex

from curator.filter.expression import searching
from curator.filter.tree import Glob

CLOSED_LEFT, CLOSED_RIGHT = r"(?<!\w)", r"(?!\w)"
Find = Callable[[Sequence[str]], list[int]]
"""From folded texts to the numbers of those that match."""


def folded(text: str) -> str:
    """A text as it is compared: canonical form (NFC), without difference of case, each run of blanks as one."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = text.casefold()
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def in_words(glob: Glob) -> Find:
    """Finds whole words in a row, anywhere in a text. A wildcard stands for any part of one word."""
    parts = _folded_parts(glob)
    literal = max(parts, key=len)
    if not literal:
        return lambda texts: [index for index, text in enumerate(texts) if text.strip()]
    left = bool(parts[0]) and _is_wordy(parts[0][0])
    right = bool(parts[-1]) and _is_wordy(parts[-1][-1])
    if [part for part in parts if part] == [literal]:
        return lambda texts: [
            i for i, text in enumerate(texts) if literal in text and _stands(text, literal, left, right)
        ]
    pattern = r"\S*".join(regex.escape(part, literal_spaces=True) for part in parts)
    search = searching(CLOSED_LEFT * left + pattern + CLOSED_RIGHT * right)

    def find(texts: Sequence[str]) -> list[int]:
        likely = [index for index, text in enumerate(texts) if literal in text]
        return [likely[place] for place in search([texts[index] for index in likely])]

    return find


def as_whole(glob: Glob) -> Callable[[str], bool]:
    """Whether the whole of a folded text is this; a wildcard stands for anything."""
    parts = _folded_parts(glob)
    if len(parts) == 1:
        return lambda text: text == parts[0]
    first, *middle, last = parts

    def matches(text: str) -> bool:
        if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
            return False
        at, end = len(first), len(text) - len(last)
        for part in middle:  # the earliest place of each piece leaves the most room for the next
            at = text.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return True

    return matches


def likely(glob: Glob, texts: Iterable[str]) -> list[int]:
    """The numbers of the folded texts that hold the longest piece: no other can match."""
    literal = max(_folded_parts(glob), key=len)
    return [index for index, text in enumerate(texts) if literal in text]


def _folded_parts(glob: Glob) -> list[str]:
    if len(glob.parts) == 1:
        return [folded(glob.parts[0]).strip()]
    return [folded(part) for part in glob.parts]


def _is_wordy(character: str) -> bool:
    return character.isalnum() or character == "_"


def _stands(text: str, literal: str, left: bool, right: bool) -> bool:
    """Whether `literal` stands in `text` with no further letter at the sides that are closed."""
    at = text.find(literal)
    while at >= 0:
        end = at + len(literal)
        if not (left and at and _is_wordy(text[at - 1])) and not (right and end < len(text) and _is_wordy(text[end])):
            return True
        at = text.find(literal, at + 1)
    return False
