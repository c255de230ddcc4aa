"""Finds texts that are the same as another, or nearly. Fast among 100,000: most are never looked at.

The same are found by a hash. For near ones, only texts that share a rare word are measured: two sets of words that
have a share t of the larger one in common have a word in common among the n - ⌈t·n⌉ + 1 rarest of each, whatever the
order, as long as it is one order (prefix filtering: Chaudhuri, Ganti and Kaushik 2006, "A primitive operator for
similarity joins in data cleaning").
"""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from annotate.writing.wordings import Wording
from curator.audit.shape import same_form

NEAR = 90.0
"""Likeness (0..100, normalised indel similarity of the characters) from which on a text is nearly another."""
SHARED = 0.7
"""Share of the words that texts have in common which are measured."""
LEAST_WORDS = 5
"""Different words of the shortest text that can be nearly another."""
MOST_MEASURED = 1_000
"""Texts measured for one text, those with the most rare words in common."""
SLACK = 2 * 100 / NEAR - 2
"""A text that is longer or shorter by more than this share cannot be so like."""


@dataclass(frozen=True)
class Likeness:
    """A text like the one looked for."""

    wording: Wording
    score: float
    """0..100; 100 for the same, whatever case, blanks and final full stop."""


class Copies:
    """An index of texts; a later text of a line takes the place of the earlier one."""

    def __init__(self, texts: Iterable[Wording] = ()) -> None:
        self._texts: list[Wording | None] = []
        self._forms: list[str] = []
        self._lines: dict[tuple[str, str, int], int] = {}
        self._same: dict[str, int] = {}
        """Form → the newest text of it; `_before` leads on to the older ones."""
        self._before = array("q")
        self._lengths = array("I")
        self._rare: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        known = list(texts)
        self._uses: Counter[str] = Counter()
        for text in known:
            self._uses.update(_spoken(same_form(text.text)))
        for text in known:
            self.add(text)

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, wording: Wording) -> None:
        """Take a text in."""
        number = len(self._texts)
        key = (wording.image, wording.author, wording.slot)
        if (old := self._lines.get(key)) is not None:
            self._texts[old] = None
        self._lines[key] = number
        form = same_form(wording.text)
        self._texts.append(wording)
        self._forms.append(form)
        self._lengths.append(len(form))
        self._before.append(self._same.get(form, -1))
        self._same[form] = number
        for word in self._rarest(form):
            self._rare[word].append(number)

    def like(self, text: str, image: str, author: str, slot: int) -> Likeness | None:
        """The text most like this one, of another picture or of the author's other captions of this one."""
        form = same_form(text)
        number = self._same.get(form, -1) if form else -1
        while number >= 0:
            if (same := self._counts(number, image, author, slot)) is not None:
                return Likeness(same, 100.0)
            number = self._before[number]
        return self._nearest(form, image, author, slot)

    def _nearest(self, form: str, image: str, author: str, slot: int) -> Likeness | None:
        from rapidfuzz import fuzz, process

        choices = {
            number: self._forms[number]
            for number in self._likely(form)
            if self._counts(number, image, author, slot) is not None
        }
        best = process.extractOne(form, choices, scorer=fuzz.ratio, score_cutoff=NEAR)
        if best is None:
            return None
        _, score, number = best
        found = self._texts[number]
        assert found is not None
        return Likeness(found, score)

    def _likely(self, form: str) -> list[int]:
        """The texts to measure: about as long, with rare words in common; those with the most where they are many."""
        lists = [np.frombuffer(numbers, np.uint32) for word in self._rarest(form) if (numbers := self._rare.get(word))]
        if not lists:
            return []
        hits = np.bincount(np.concatenate(lists))
        lengths = np.frombuffer(self._lengths, np.uint32)[: len(hits)].astype(np.int64)
        hits[np.abs(lengths - len(form)) > SLACK * len(form) + 1] = 0
        likely = np.flatnonzero(hits)
        if len(likely) > MOST_MEASURED:
            likely = likely[np.argpartition(-hits[likely], MOST_MEASURED)[:MOST_MEASURED]]
        return [int(number) for number in np.sort(likely)]

    def _counts(self, number: int, image: str, author: str, slot: int) -> Wording | None:
        wording = self._texts[number]
        if wording is None or (wording.image == image and (wording.author, wording.slot) == (author, slot)):
            return None
        return wording if wording.image != image or wording.author == author else None

    def _rarest(self, form: str) -> list[str]:
        """The words of which two texts that are nearly the same have one in common; none for short texts."""
        spoken = _spoken(form)
        if len(spoken) < LEAST_WORDS:
            return []
        number = len(spoken) - math.ceil(SHARED * len(spoken)) + 1
        return sorted(spoken, key=lambda word: (self._uses[word], word))[:number]


def _spoken(form: str) -> set[str]:
    return set(form.replace(",", " ").split())
