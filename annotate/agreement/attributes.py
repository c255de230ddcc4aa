"""Agreement attribute by attribute: alpha of what is said, and whether the same things are mentioned at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from annotate.agreement.alpha import Alpha, alpha, masi
from annotate.agreement.baseline import Pair
from annotate.agreement.reading import ATTRIBUTES, SILENCE, Reading
from annotate.agreement.texts import Shared

Say = Callable[[Shared, str], frozenset[str]]
"""What an author says of a picture, SILENCE for nothing."""


@dataclass(frozen=True)
class AttributeRow:
    """One attribute, for one pair of people or for all."""

    attribute: str
    told: Literal["caption", "answer"]
    """Whether it was read from the captions or answered beside them."""
    pair: Pair | None
    pictures: int
    """Captioned by both; all: by at least two."""
    both: int
    """Of these, those where at least two people speak of it."""
    alpha: Alpha
    """Of the values, with MASI distance, among those who speak of it."""
    mention: Alpha
    """Of speaking of it or not, nominal."""


def from_captions(
    pictures: Sequence[Shared], readings: Mapping[str, Reading], pairs: bool = False, seed: int = 0
) -> list[AttributeRow]:
    """Rows for what the captions say of their picture's subject, attribute by attribute."""
    texts = {(picture.image, text.author): text.text for picture in pictures for text in picture.texts}

    def say(attribute: str) -> Say:
        return lambda picture, author: readings[texts[picture.image, author]].said(attribute)

    return [row for name in ATTRIBUTES for row in _rows(pictures, name, "caption", say(name), pairs, seed)]


def from_answers(
    pictures: Sequence[Shared],
    answers: Mapping[tuple[str, str, str], frozenset[str]],
    names: Sequence[str],
    pairs: bool = False,
    seed: int = 0,
) -> list[AttributeRow]:
    """Rows for what was answered beside the captions: (image, author, attribute) → values."""

    def say(attribute: str) -> Say:
        return lambda picture, author: answers.get((picture.image, author, attribute), SILENCE)

    return [row for name in names for row in _rows(pictures, name, "answer", say(name), pairs, seed)]


def _rows(
    pictures: Sequence[Shared], attribute: str, told: Literal["caption", "answer"], say: Say, pairs: bool, seed: int
) -> list[AttributeRow]:
    wanted: list[Pair | None] = [None]
    if pairs:
        wanted += sorted({pair for picture in pictures for pair in combinations(picture.authors, 2)})
    return [_row(pictures, attribute, told, say, pair, seed) for pair in wanted]


def _row(
    pictures: Sequence[Shared],
    attribute: str,
    told: Literal["caption", "answer"],
    say: Say,
    pair: Pair | None,
    seed: int,
) -> AttributeRow:
    each = [
        [say(picture, author) for author in picture.authors if pair is None or author in pair]
        for picture in pictures
        if len(picture.texts) > 1 and (pair is None or set(pair) <= set(picture.authors))
    ]
    spoken = [[values for values in unit if values != SILENCE] for unit in each]
    return AttributeRow(
        attribute=attribute,
        told=told,
        pair=pair,
        pictures=len(each),
        both=sum(len(unit) > 1 for unit in spoken),
        alpha=alpha(spoken, masi, seed=seed),
        mention=alpha([[values != SILENCE for values in unit] for unit in each], seed=seed),
    )
