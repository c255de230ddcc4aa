"""How far a figure could be off by chance: sign-flip permutation of pairs, and the bootstrap over clusters.

Every draw follows from a seed, so the same pictures always get the same p and the same interval.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np

from eval.features import Array

EXACT_UP_TO = 12
"""Up to this many pairs, all sign patterns are tried instead of random ones."""
LEVEL = 0.95
"""Of every interval."""
CHUNK = 256

Interval = tuple[float, float]


def sign_flip_p(contributions: Array, draws: int = 2000, seed: int = 0) -> float:
    """Two-sided p that the pairs' `contributions` (n,) to a difference sum so far from 0 when sides are arbitrary.

    Under the hypothesis that both models draw from the same law, each pair could as well have been swapped, which turns
    its sign. All 2ⁿ patterns for n ≤ 12; else (1 + hits) / (1 + draws) (Phipson and Smyth 2010, eq. 2).
    1.0 where nothing differs.
    """
    size = float(np.abs(contributions).sum())
    reached = abs(float(contributions.sum())) - 1e-12 * size
    if size == 0:
        return 1.0
    if len(contributions) <= EXACT_UP_TO:
        signs = np.array(list(product((-1.0, 1.0), repeat=len(contributions))))
        return float(np.mean(np.abs(signs @ contributions) >= reached))
    generator = np.random.default_rng(seed)
    hits = 0
    for start in range(0, draws, CHUNK):
        signs = generator.integers(0, 2, (min(CHUNK, draws - start), len(contributions))) * 2.0 - 1.0
        hits += int(np.count_nonzero(np.abs(signs @ contributions) >= reached))
    return (1 + hits) / (1 + draws)


def cluster_interval(
    values: Array, clusters: Sequence[str], resamples: int = 2000, seed: int = 0, level: float = LEVEL
) -> Interval | None:
    """Percentile interval of the mean of `values` (n,) when whole clusters are drawn anew, with replacement.

    `clusters` names the cluster of each value; pictures of one subject are no independent witnesses. None with fewer
    than two clusters: one subject says nothing about others.
    """
    names, member = np.unique(np.asarray(clusters), return_inverse=True)
    if len(names) < 2:
        return None
    sums, counts = np.bincount(member, values), np.bincount(member)
    drawn = draws_with_replacement(len(names), resamples, seed)
    return percentiles((drawn @ sums) / (drawn @ counts), level)


def draws_with_replacement(total: int, resamples: int, seed: int) -> Array:
    """How often each of `total` units is drawn in each resample: (resamples, total), every row sums to `total`."""
    drawn = np.random.default_rng(seed).multinomial(total, np.full(total, 1 / total), size=resamples)
    return drawn.astype(np.float64)


def percentiles(values: Array, level: float = LEVEL) -> Interval:
    """The middle `level` of `values`."""
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
