"""English words: which are known, and what an unknown one may have been meant to be. Knows nothing of captions."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from curator.audit.words import singular, without_accents

SURE = 5_000_000
"""Uses in the dictionary's corpus (1.6 billion words) of the words that a word of three letters may be a slip of."""
PLAUSIBLE = 100
"""Uses of the words that a longer one may differ from in one letter."""
ORDINARY = 1_000
"""Uses of the words that a long one may differ from in two letters."""
LONG = 7
"""Letters of a word that may differ from another in two of them."""
HALF = 200
"""Uses of a word that may be half of a compound."""

BRITISH = (
    (re.compile(r"our(?=(?:s|ed|ing|ful|fully|less|ite|ites|hood|able|er|ers|ly|y)?$)"), "or"),
    (re.compile(r"is(?=(?:e|es|ed|ing|ation|ations|er|ers)$)"), "iz"),
    (re.compile(r"(?<=[^aeiou][aeu])ll(?=(?:ed|ing|er|ers)$)"), "l"),
    (re.compile(r"ogue(?=s?$)"), "og"),
)
"""British spellings and what the dictionary writes instead. All other differences are words of words.toml."""


def is_known(word: str) -> bool:
    """Whether a word (lower case, no accents) is English: American or British spelling, or a plural of such a word."""
    known, own = _uses(), _own_words()
    forms = {word, singular(word), word.removesuffix("s")}
    forms |= {pattern.sub(american, form) for form in list(forms) for pattern, american in BRITISH}
    return any(form in known or form in own for form in forms)


@cache
def correction(word: str) -> str | None:
    """The known word that an unknown one was most likely meant to be, or None where none is near enough.

    Near means one letter added, missing, changed, or swapped with its neighbour (optimal string alignment); in long
    words two, in words of three only a swap. Of several, the most used.
    """
    uses = _uses()
    if len(word) <= 3:
        likely = [each for each in _one_edit_away(word) if uses[each] >= SURE and sorted(each) == sorted(word)]
    else:
        likely = [each for each in _one_edit_away(word) if uses[each] >= PLAUSIBLE]
    if not likely and len(word) >= LONG and compound(word) is None:
        likely = [each for each in _two_edits_away(word) if uses[each] >= ORDINARY]
    return min(likely, key=lambda each: (-uses[each], each), default=None)


def is_slip(word: str, meant: str) -> bool:
    """Whether one letter makes the difference between two words."""
    from rapidfuzz.distance import OSA

    return OSA.distance(word, meant, score_cutoff=1) <= 1


def compound(word: str) -> str | None:
    """A word as the two known words that it is written of, or None."""
    uses = _uses()
    cuts = [(word[:at], word[at:]) for at in range(3, len(word) - 2)]
    halves = [(first, second) for first, second in cuts if min(uses.get(first, 0), uses.get(second, 0)) >= HALF]
    if not halves:
        return None
    first, second = max(halves, key=lambda pair: (min(uses[pair[0]], uses[pair[1]]), pair[0]))
    return f"{first} {second}"


def _one_edit_away(word: str) -> set[str]:
    """The known words that one letter added, missing, changed, or swapped with its neighbour makes of a word.

    Trying every edit is a hundred times faster than measuring the distance to every word, and finds the same.
    """
    uses, letters = _uses(), _letters()
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    tried = {before + after[1:] for before, after in cuts if after}
    tried |= {before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1}
    tried |= {before + letter + after for before, after in cuts for letter in letters}
    tried |= {before + letter + after[1:] for before, after in cuts if after for letter in letters}
    return {each for each in tried if each in uses}


def _two_edits_away(word: str) -> list[str]:
    """The known words with the same first letter that at most two such edits make of a word."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    lengths = range(len(word) - 2, len(word) + 3)
    choices = [each for length in lengths for each in _by_shape().get((word[0], length), ())]
    return [each for each, _, _ in process.extract(word, choices, scorer=OSA.distance, score_cutoff=2, limit=None)]


@cache
def _uses() -> Mapping[str, int]:
    from spellchecker import SpellChecker

    uses: Counter[str] = Counter()
    for word, number in SpellChecker(language="en").word_frequency.dictionary.items():
        uses[without_accents(word)] += number
    return uses


@cache
def _letters() -> frozenset[str]:
    return frozenset(letter for word in _uses() for letter in word)


@cache
def _by_shape() -> Mapping[tuple[str, int], Sequence[str]]:
    """(first letter, length) → words."""
    grouped: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in filter(None, _uses()):
        grouped[word[0], len(word)].append(word)
    return dict(grouped)


@cache
def _own_words() -> frozenset[str]:
    lists = tomllib.loads((files("curator.audit") / "words.toml").read_text(encoding="utf-8"))
    return frozenset(word for text in lists.values() for word in text.split())
