"""Which words of a text are in doubt, and what they may be meant to be. Knows nothing of pictures or findings."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from curator.audit.dictionary import compound, correction, is_known
from curator.audit.words import POSSESSIVE, WORD, singular, without_accents

LATIN = re.compile(r"[a-z]+(?:['\-][a-z]+)*")
OPENING = "\"'“‘("
SENTENCE_ENDS = ".!?…:"
SHORTEST = 3
"""Letters of the shortest word that is judged."""


@dataclass(frozen=True)
class Piece:
    """A part of a text that can be judged."""

    word: str
    """In lower case, without accents."""
    start: int
    """Where it stands in the text, in characters."""
    end: int


@dataclass(frozen=True)
class Doubt:
    """A word that is not known."""

    correction: str | None
    """The word that was probably meant."""
    compound: str | None
    """The word written as two, where it is two known words in one."""


def pieces(text: str) -> Iterator[Piece]:
    """The parts of a caption that can be judged, in lower case, hyphenated words in pieces.

    Left out: words with digits or in other scripts than Latin, acronyms, and names (a capital inside a sentence).
    """
    shouted = text.isupper()
    for match in WORD.finditer(text):
        word = match[0]
        if shouted or (word.istitle() and _begins_sentence(text, match.start())):
            word = word.lower()
        plain = without_accents(POSSESSIVE.sub("", word.replace("’", "'")))
        if LATIN.fullmatch(plain):
            yield from _placed(plain.split("-"), match)


def doubt(word: str, accepted: Collection[str]) -> Doubt | None:
    """What is wrong with a piece's word, or None where it is known, too short, or its singular is accepted."""
    if len(word) < SHORTEST or singular(word) in accepted or is_known(word):
        return None
    return Doubt(correction(word), compound(word))


def accepted(texts: Iterable[str]) -> frozenset[str]:
    """The words of these texts as `doubt` wants them."""
    return frozenset(
        singular(part) for text in texts for word in WORD.findall(text) for part in word.casefold().split("-")
    )


def _begins_sentence(text: str, at: int) -> bool:
    while at and (text[at - 1].isspace() or text[at - 1] in OPENING):
        at -= 1
    return at == 0 or text[at - 1] in SENTENCE_ENDS


def _placed(words: list[str], match: re.Match[str]) -> Iterator[Piece]:
    written = match[0].split("-")
    start = match.start()
    for word, shown in zip(words, written, strict=True):
        yield Piece(word, start, start + len(shown))
        start += len(shown) + 1
