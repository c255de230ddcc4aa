"""Whether captions of one picture are more alike than captions of different pictures by the same two people.

Without that comparison a likeness says little: captions of a set of dogs are alike whatever they show. The other
picture is of the same subject where there is one, so that agreeing on the subject alone is not enough.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from annotate.agreement.intervals import Interval, mean_interval
from annotate.agreement.similarity import Similarity
from annotate.agreement.texts import Shared

Array = NDArray[np.float64]
Pair = tuple[str, str]

BLOCK = 100
"""Pictures among which captions are shuffled; larger groups are cut at random, so that work grows with pictures."""
TIE = 1e-12
DRAWS = 999
"""Shufflings: the smallest p that can be told is 0.001."""


@dataclass(frozen=True)
class Likeness:
    """What one measure says of one pair of people, or of all pairs."""

    measure: str
    pair: Pair | None
    """None: all pairs, each picture with equal weight."""
    pictures: int
    """Captioned by both; all pairs: by at least two."""
    mean: float
    """Of captions of the same picture."""
    interval: Interval | None
    """95 % bootstrap interval of `mean` over pictures; None for too few."""
    compared: int
    """Of these pictures, those with another picture to compare with."""
    shuffled: float | None
    """Mean of captions of different pictures; None where there is no other picture."""
    auc: float | None
    """How often the captions of one picture are more alike than those of two: 0.5 is chance, 1 always."""
    auc_interval: Interval | None
    p: float | None
    """Chance that shuffled captions are as alike as these or more."""


@dataclass(frozen=True)
class Block:
    """Pictures whose captions are shuffled among each other, all by the same people."""

    pictures: tuple[int, ...]
    """Places in the list of pictures."""
    alike: Mapping[Pair, Array]
    """Pair → (n, n): the first one's caption of a picture against the second one's."""


def likeness(
    pictures: Sequence[Shared], measure: Similarity, pairs: bool = False, draws: int = DRAWS, seed: int = 0
) -> list[Likeness]:
    """Likeness by one measure: over all pairs and, with `pairs`, for each. Pictures with one text do not count."""
    found = blocks(pictures, measure, seed)
    wanted: list[Pair | None] = [None]
    if pairs:
        wanted += sorted({pair for block in found for pair in block.alike})
    return [_likeness(found, measure.name, pair, draws, seed) for pair in wanted] if found else []


def blocks(pictures: Sequence[Shared], measure: Similarity, seed: int = 0) -> list[Block]:
    """The pictures in blocks: of the same people and subject, and loners with others of the same people."""
    groups: dict[tuple[str, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, picture in enumerate(pictures):
        if len(picture.texts) > 1:
            groups[picture.authors][picture.subject or ""].append(place)
    random = np.random.default_rng(seed)
    return [
        _measured(pictures, part, measure)
        for authors in sorted(groups)
        for group in _merged(groups[authors])
        for part in _cut(group, random)
    ]


def placements(block: Block) -> dict[int, float]:
    """Picture → how often its captions are more alike than with another picture's, ties by half; mean over pairs.

    The mean over pictures is the area under the ROC curve, taken picture by picture (Hanley and Hajian-Tilaki 1997,
    placement values). Empty for a block of one picture.
    """
    if len(block.pictures) == 1:
        return {}
    each = [_placement(alike) for alike in block.alike.values()]
    return dict(zip(block.pictures, np.mean(each, axis=0).tolist(), strict=True))


def _likeness(found: Sequence[Block], measure: str, pair: Pair | None, draws: int, seed: int) -> Likeness:
    parts = [(len(block.pictures), _of(block, pair)) for block in found if pair is None or pair in block.alike]
    same = np.concatenate([np.mean([np.diagonal(alike) for alike in each], axis=0) for _, each in parts])
    more = [each for number, each in parts if number > 1]
    n = sum(len(each[0]) for each in more)
    if not n:
        return Likeness(
            measure, pair, len(same), _mean(same), mean_interval(same, 2000, seed), 0, None, None, None, None
        )
    above = np.concatenate([np.mean([_placement(alike) for alike in each], axis=0) for each in more])
    other = np.concatenate([np.mean([_others(alike) for alike in each], axis=0) for each in more])
    shuffled = _shuffled([block for block in found if len(block.pictures) > 1], pair, draws, seed) / n
    truth = sum(float(np.mean([np.trace(alike) for alike in each])) for each in more) / n
    hits = int(np.count_nonzero(shuffled >= truth - TIE))
    return Likeness(
        measure=measure,
        pair=pair,
        pictures=len(same),
        mean=_mean(same),
        interval=mean_interval(same, 2000, seed),
        compared=n,
        shuffled=_mean(other),
        auc=_mean(above),
        auc_interval=mean_interval(above, 2000, seed),
        p=(1 + hits) / (1 + draws),  # Phipson and Smyth 2010, eq. 2
    )


def _shuffled(found: Sequence[Block], pair: Pair | None, draws: int, seed: int) -> Array:
    """(draws,): the sum over pictures of the likeness when everyone's captions are shuffled within each block."""
    random = np.random.default_rng(seed)
    sums = np.zeros(draws)
    for block in found:
        if pair is not None and pair not in block.alike:
            continue
        people = sorted({name for each in block.alike for name in each})
        order = {name: random.permuted(np.tile(np.arange(len(block.pictures)), (draws, 1)), axis=1) for name in people}
        wanted = [pair] if pair is not None else list(block.alike)
        sums += np.mean([block.alike[one][order[one[0]], order[one[1]]].sum(axis=1) for one in wanted], axis=0)
    return sums


def _measured(pictures: Sequence[Shared], part: Sequence[int], measure: Similarity) -> Block:
    authors = pictures[part[0]].authors
    written = {
        name: [text.text for place in part for text in pictures[place].texts if text.author == name] for name in authors
    }
    alike = {
        (first, second): measure.matrix(written[first], written[second]) for first, second in combinations(authors, 2)
    }
    return Block(tuple(part), alike)


def _merged(by_subject: Mapping[str, list[int]]) -> list[list[int]]:
    """A group a subject; subjects with a single picture together, and a last loner with the largest group."""
    groups = [by_subject[subject] for subject in sorted(by_subject) if len(by_subject[subject]) > 1]
    loners = sorted(place for places in by_subject.values() if len(places) == 1 for place in places)
    if len(loners) > 1 or (loners and not groups):
        groups.append(loners)
    elif loners:
        largest = max(groups, key=len)
        groups[groups.index(largest)] = sorted([*largest, *loners])
    return groups


def _cut(group: Sequence[int], random: np.random.Generator) -> list[list[int]]:
    parts = -(-len(group) // BLOCK)
    if parts == 1:
        return [list(group)]
    return [sorted(int(place) for place in part) for part in np.array_split(random.permutation(group), parts)]


def _of(block: Block, pair: Pair | None) -> list[Array]:
    return list(block.alike.values()) if pair is None else [block.alike[pair]]


def _placement(alike: Array) -> Array:
    """(n,): for each picture, the share of its 2(n - 1) other pairings that are less alike, ties by half."""
    same = np.diagonal(alike)[:, None]
    both = np.concatenate([alike, alike.T], axis=1)
    below = np.sum(both < same - TIE, axis=1)
    ties = np.sum(np.abs(both - same) <= TIE, axis=1) - 2  # without the picture itself
    return np.asarray((below + ties / 2) / (2 * (len(alike) - 1)), dtype=np.float64)


def _others(alike: Array) -> Array:
    """(n,): the mean likeness of each picture's captions with those of the other pictures."""
    both = alike.sum(axis=0) + alike.sum(axis=1) - 2 * np.diagonal(alike)
    return np.asarray(both / (2 * (len(alike) - 1)), dtype=np.float64)


def _mean(values: Array) -> float:
    return float(np.mean(values))
