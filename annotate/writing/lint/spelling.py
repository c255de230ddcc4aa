"""Remarks on words: misspelt, unknown, forbidden, and the subject's that is missing."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from annotate.writing.lint.remark import Remark
from curator.audit.dictionary import is_slip
from curator.audit.doubts import Doubt, doubt, pieces
from curator.audit.words import WORD, singular, without_accents

NOTHING: frozenset[str] = frozenset()
LETTERS = re.compile(r"[^\W\d_]+")

Term = tuple[str, ...]
"""Words as they are compared: lower case, no accents, in the singular."""


def misspelt(text: str, accepted: Collection[str], shared: Collection[str], typing: int | None) -> list[Remark]:
    """Words that are not known, with what was probably meant.

    `accepted` are words of the team in the singular; `shared` are words that two people have written, which count as
    words unless one letter makes them known ones. The word that ends at `typing` is still being written.
    """
    found = []
    for piece in pieces(text):
        if piece.end == typing or singular(piece.word) in accepted:
            continue
        doubtful = _doubt(piece.word)
        if doubtful is None:
            continue
        meant = doubtful.correction
        if piece.word in shared and not (meant and is_slip(piece.word, meant)):
            continue
        written, span = text[piece.start : piece.end], (piece.start, piece.end)
        if meant:
            meant = meant.capitalize() if written[:1].isupper() else meant
            found.append(Remark("misspelt", "warning", f"“{written}”: {meant}?", span, meant))
        elif doubtful.compound:
            message = f"“{written}” is written as one: {doubtful.compound}?"
            found.append(Remark("unknown-word", "hint", message, span, doubtful.compound))
        else:
            found.append(Remark("unknown-word", "hint", f"“{written}” is not in the dictionary", span))
    return found


def forbidden(text: str, terms: Collection[Term]) -> list[Remark]:
    """Words, or several in a row, that no caption should hold: whole words, in any case and number."""
    if not terms:
        return []
    spoken = [(_normal(part), span) for match in WORD.finditer(text) for part, span in _parts(match)]
    found = []
    for at in range(len(spoken)):
        for term in terms:
            run = spoken[at : at + len(term)]
            if tuple(word for word, _ in run) == term:
                span = (run[0][1][0], run[-1][1][1])
                message = f"“{text[slice(*span)]}” is not to be used"
                found.append(Remark("forbidden-word", "error", message, span, ""))
    return found


def as_terms(texts: Sequence[str]) -> frozenset[Term]:
    """The terms of a list in the settings; entries without a word are left out."""
    return frozenset(filter(None, (term(text) for text in texts)))


def term(text: str) -> Term:
    """The words of a text as they are compared."""
    return tuple(_normal(part) for match in WORD.finditer(text) for part, _ in _parts(match))


def subject(text: str, name: str | None) -> list[Remark]:
    """Whether a text names its subject: one of the words of the subject's name, digits left out ("dog2": dog)."""
    wanted = [word for word in LETTERS.findall(name or "") if len(word) > 1]
    if not wanted or not text.strip():
        return []
    spoken = set(term(text))
    if any(_normal(word) in spoken for word in wanted):
        return []
    shown = " or ".join(f"“{word.lower()}”" for word in wanted)
    return [Remark("no-subject", "warning", f"the subject, {shown}, is not named", None, wanted[0].lower())]


@lru_cache(maxsize=10_000)
def _doubt(word: str) -> Doubt | None:
    return doubt(word, NOTHING)


def _normal(word: str) -> str:
    return singular(without_accents(word.casefold().replace("’", "'")))


def _parts(match: re.Match[str]) -> list[tuple[str, tuple[int, int]]]:
    """(part, where it stands) of a word, in pieces at its hyphens."""
    found, start = [], match.start()
    for part in match[0].split("-"):
        found.append((part, (start, start + len(part))))
        start += len(part) + 1
    return found
