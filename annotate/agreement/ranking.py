"""The pictures whose captions differ most, worst first, with the words that differ."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from annotate.agreement.baseline import blocks, placements
from annotate.agreement.comparison import Difference, differences
from annotate.agreement.reading import Reading
from annotate.agreement.similarity import Similarity, content_words, words_in_common
from annotate.agreement.texts import Shared


@dataclass(frozen=True)
class Ranked:
    """One picture with what its captions disagree about."""

    picture: Shared
    score: float
    """In bits: how surprising its disagreements are in this set; the mean over pairs of its captions."""
    alike: float
    """Content words in common, 0 to 1; the mean over pairs."""
    differing: tuple[tuple[str, str, Difference], ...]
    """(first author, second author, what they say), for each pair."""
    only: Mapping[str, tuple[str, ...]]
    """Author → the content words that nobody else uses for this picture."""

    @property
    def contradictions(self) -> int:
        """Statements that cannot both be right."""
        return sum(each.contradiction for _, _, each in self.differing)


def ranked(
    pictures: Sequence[Shared], readings: Mapping[str, Reading], measure: Similarity, seed: int = 0
) -> list[Ranked]:
    """All pictures with at least two texts, worst first. `readings` gives the reading of each text.

    A disagreement counts -log2 of how often people of this set disagree about that attribute (its self-information,
    Shannon 1948), so that a colour that is wrong once counts more than sizes about which nobody ever agrees. To that
    comes, at most one bit, how often captions of other pictures are more alike than these, by `measure`.
    """
    wanted = [picture for picture in pictures if len(picture.texts) > 1]
    found = {picture.image: _pairs(picture, readings) for picture in wanted}
    bits = _surprise([each for pairs in found.values() for _, _, each in pairs])
    near = {
        pictures[place].image: share
        for block in blocks(pictures, measure, seed)
        for place, share in placements(block).items()
    }
    rows = [_ranked(picture, found[picture.image], bits, near.get(picture.image, 1.0)) for picture in wanted]
    return sorted(rows, key=lambda row: (-round(row.score, 9), row.alike, row.picture.name))


def _ranked(
    picture: Shared, pairs: Sequence[tuple[str, str, Difference]], bits: Mapping[str, float], near: float
) -> Ranked:
    both = list(combinations(picture.texts, 2))
    score = sum(each.apart * bits[each.attribute] for _, _, each in pairs) / len(both)
    alike = sum(words_in_common(first.text, second.text) for first, second in both) / len(both)
    users = Counter(word for text in picture.texts for word in content_words(text.text))
    only = {
        text.author: tuple(sorted(word for word in content_words(text.text) if users[word] == 1))
        for text in picture.texts
    }
    differing = tuple(each for each in pairs if each[2].apart > 0)
    return Ranked(picture, score + 1 - near, alike, differing, only)


def _pairs(picture: Shared, readings: Mapping[str, Reading]) -> list[tuple[str, str, Difference]]:
    return [
        (first.author, second.author, each)
        for first, second in combinations(picture.texts, 2)
        for each in differences(readings[first.text], readings[second.text])
    ]


def _surprise(everything: Sequence[Difference]) -> dict[str, float]:
    """Attribute → bits of one disagreement, with one more comparison of each outcome (Laplace's rule of succession)."""
    total = Counter(each.attribute for each in everything)
    apart: Counter[str] = Counter()
    for each in everything:
        apart[each.attribute] += each.apart  # type: ignore[assignment]  # a Counter of parts
    return {name: -math.log2((apart[name] + 1) / (total[name] + 2)) for name in total}
