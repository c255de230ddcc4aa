"""Is a generated picture a copy? Nearest real pictures, and the share of generated ones that are nobody's neighbour."""

from math import comb

import numpy as np
from numpy.typing import NDArray

from eval.features import Array, Features, checked, checked_pair


def squared_distances(a: Array, b: Array) -> Array:
    """|x - y|² for each row x of `a` (n₁, d) and y of `b` (n₂, d): (n₁, n₂), never below 0."""
    lengths = np.sum(a**2, axis=1)[:, None] + np.sum(b**2, axis=1)[None, :]
    return np.asarray(np.maximum(lengths - 2 * (a @ b.T), 0), dtype=np.float64)


def nearest(real: Features, fake: Features) -> NDArray[np.intp]:
    """For each row of `fake` (m, d) the index of the nearest row of `real` (n, d), Euclidean; the first on a tie."""
    reals, fakes = checked(real, at_least=1), checked(fake, at_least=1)
    return np.asarray(np.argmin(squared_distances(fakes, reals), axis=1), dtype=np.intp)


def authentic(real: Features, fake: Features) -> NDArray[np.bool_]:
    """For each row of `fake` (m, d): is it farther from its nearest real than that real is from its nearest other real?

    Alaa et al. 2022 (arXiv 2102.08921), section 3.2. A copy is not authentic; noise is. The share of authentic pictures
    is called AuthPct. Raises InputError with fewer than 2 reals or fakes, or different widths.
    """
    reals, fakes = checked_pair(real, fake)
    between = squared_distances(reals, reals)
    np.fill_diagonal(between, np.inf)
    to_real = squared_distances(fakes, reals)
    closest = np.argmin(to_real, axis=1)
    distances = to_real[np.arange(len(fakes)), closest]
    return np.asarray(distances > between.min(axis=1)[closest], dtype=np.bool_)


def authentic_left_out(real: Features) -> NDArray[np.bool_]:
    """What `authentic` says of each row of `real` (n, d) when it is held against the others, n ≥ 3.

    The share that a model gets which draws from the law of the real pictures: between a half and two thirds.
    """
    reals = checked(real, at_least=3)
    between = squared_distances(reals, reals)
    np.fill_diagonal(between, np.inf)
    closest = np.argmin(between, axis=1)
    distances = between.min(axis=1)
    return np.asarray(distances > distances[closest], dtype=np.bool_)


def chance_of_so_few(authentic_count: int, total: int, share: float) -> float:
    """P(X ≤ `authentic_count`) for X binomial(`total`, `share`): are there fewer than real pictures would give?"""
    return sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(authentic_count + 1))
