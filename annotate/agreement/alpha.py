"""Krippendorff's alpha: agreement beyond what chance would bring, for any number of people and with gaps.

α = 1 - Do / De (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", eq. 1; 2018, "Content Analysis",
ch. 12): Do is the mean distance of values given to the same unit, De of values drawn from all units.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from annotate.agreement.intervals import LEAST, Interval, percentiles, resampled

Array = NDArray[np.float64]
V = TypeVar("V", bound=Hashable)
Values = Sequence[frozenset[str]]

NEGLIGIBLE = 1e-12


@dataclass(frozen=True)
class Alpha:
    """A coefficient with what it rests on."""

    value: float | None
    """1: all agree; 0: as by chance; below 0: they contradict each other. None where it is undefined."""
    interval: Interval | None
    """95 % percentile bootstrap interval over units; None where there are too few."""
    units: int
    """Units with at least two values."""
    why: str = ""
    """Why it is undefined."""


def nominal(first: object, second: object) -> float:
    """0 for the same value, 1 for another (Krippendorff 2011, nominal metric)."""
    return float(first != second)


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """1 - |A ∩ B| / |A ∪ B| (Jaccard 1912), 0 for two empty sets."""
    union = first | second
    return 1 - len(first & second) / len(union) if union else 0.0


def masi(first: frozenset[str], second: frozenset[str]) -> float:
    """1 - J · M (Passonneau 2006, "Measuring Agreement on Set-Valued Items", sec. 3).

    J is the Jaccard index; M is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where they
    share nothing. For single values it is the nominal metric.
    """
    if first == second:
        return 0.0
    if not first & second:
        return 1.0
    monotonicity = 2 / 3 if first <= second or second <= first else 1 / 3
    return 1 - (1 - jaccard(first, second)) * monotonicity


def alpha(
    units: Sequence[Sequence[V]], distance: Callable[[V, V], float] = nominal, draws: int = 2000, seed: int = 0
) -> Alpha:
    """Alpha of `units`, each a sequence of the values it was given; who is silent gives none.

    The interval draws whole units anew, with replacement; draws in which alpha is undefined are left out, and no
    interval is given where that is half of them.
    """
    pairable = [unit for unit in units if len(unit) > 1]
    if not pairable:
        return Alpha(None, None, 0, "no two people speak of it on one picture")
    values = sorted({value for unit in pairable for value in unit}, key=_order)
    index = {value: number for number, value in enumerate(values)}
    counts = np.zeros((len(pairable), len(values)))
    for row, unit in zip(counts, pairable, strict=True):
        for value in unit:
            row[index[value]] += 1
    distances = np.array([[distance(left, right) for right in values] for left in values])
    found = _alphas(np.ones((1, len(pairable))), counts, distances)[0]
    if np.isnan(found):
        return Alpha(None, None, len(pairable), "all say the same of every picture: nothing could be told by chance")
    return Alpha(float(found), _interval(counts, distances, draws, seed), len(pairable))


def _alphas(weights: Array, counts: Array, distances: Array) -> Array:
    """Alpha for each row of `weights` (draws, units), how often each unit counts; NaN where it is undefined."""
    sizes = counts.sum(axis=1)
    within = np.einsum("uv,vw,uw->u", counts, distances, counts) / (sizes - 1)
    totals, number = weights @ counts, weights @ sizes
    observed = weights @ within / number
    expected = np.einsum("rv,vw,rw->r", totals, distances, totals) / (number * (number - 1))
    defined = expected > NEGLIGIBLE
    return np.where(defined, 1 - observed / np.where(defined, expected, 1), np.nan)


def _interval(counts: Array, distances: Array, draws: int, seed: int) -> Interval | None:
    if len(counts) < LEAST:
        return None
    found = _alphas(resampled(len(counts), draws, seed), counts, distances)
    defined = found[~np.isnan(found)]
    return percentiles(defined) if 2 * len(defined) > draws else None


def _order(value: object) -> tuple[str, ...]:
    return tuple(sorted(value)) if isinstance(value, frozenset) else (str(value),)
