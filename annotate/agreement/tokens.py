"""A caption as words in order, with its clauses and what is denied in it. Knows no lexicon."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from curator.audit.words import FUNCTION_WORDS, WORD, singular

BREAK = re.compile(r"[,.;:!?()\n|–—]")
DENIALS = frozenset(
    ("no", "not", "without", "never", "isn't", "aren't", "doesn't", "don't", "wasn't", "hasn't", "lacks")
)
GOES_ON = frozenset(("or", "nor", "a", "an", "any", "the", "its", "his", "her", "wearing", "on"))
"""Words that a denial reaches across; "on" only where it comes first ("not on the sofa")."""
REACH = 4
"""Words that a denial reaches at most, articles left out."""


@dataclass(frozen=True)
class Token:
    """One word; the parts of a hyphenated one are words of their own."""

    word: str
    """In lower case, as written."""
    stem: str
    """Without the ending of a regular plural or possessive."""
    after_break: bool
    """Whether a comma, full stop or the like stands before it."""


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a caption in order."""
    found, end = [], 0
    for match in WORD.finditer(text):
        broken = bool(BREAK.search(text[end : match.start()]))
        end = match.end()
        for part in match[0].lower().replace("’", "'").split("-"):
            found.append(Token(part, singular(part), broken))
            broken = False
    return tuple(found)


def denied(spoken: Sequence[Token]) -> frozenset[int]:
    """The places of the words that a "no", "not" or "without" denies.

    A denial reaches to the end of its clause, or to the next word that holds a sentence together; "or" takes it on
    ("no collar or leash"), "and" and "but" do not ("no collar and a red leash").
    """
    places: set[int] = set()
    for start, token in enumerate(spoken):
        if token.word in DENIALS:
            places.update(_reached(spoken, start))
    return frozenset(places)


def _reached(spoken: Sequence[Token], start: int) -> list[int]:
    reached: list[int] = []
    for place in range(start + 1, len(spoken)):
        token = spoken[place]
        if token.after_break or len(reached) == REACH:
            break
        if token.word in GOES_ON:
            if token.word == "on" and reached:
                break
            continue
        if token.word in FUNCTION_WORDS:
            break
        reached.append(place)
    return reached
