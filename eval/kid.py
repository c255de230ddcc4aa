"""The kernel distance (KID): unbiased at any number of pictures, so at small n it is the figure to read.

Bińkowski et al. 2018 (arXiv 1801.01401): the squared maximum mean discrepancy with k(x, y) = (x·y/d + 1)³, as the
U-statistic (their eq. 4). Its expectation is 0 when both sides have the same law; it can be negative.
"""

import numpy as np

from eval.features import Array, Features, checked, checked_pair
from eval.resampling import CHUNK, LEVEL, Interval, draws_with_replacement, percentiles

MIN_FOR_INTERVAL = 5


def kernel(a: Array, b: Array) -> Array:
    """(x·y/d + 1)³ for each row x of `a` (n₁, d) and y of `b` (n₂, d): (n₁, n₂)."""
    return np.asarray((a @ b.T / a.shape[1] + 1) ** 3, dtype=np.float64)


def kid(a: Features, b: Features) -> float:
    """Unbiased squared MMD between `a` (n₁, d) and `b` (n₂, d); symmetric, blind to order, below 0 by chance.

    Raises InputError where a side has fewer than 2 rows, the widths differ, or a value is not finite.
    """
    first, second = checked_pair(a, b)
    return _within(first) + _within(second) - 2 * float(kernel(first, second).mean())


def kid_p(a: Features, b: Features, relabelings: int = 2000, seed: int = 0) -> float:
    """One-sided p that sets of the same law are as far apart as `a` and `b`: pictures dealt anew to the two sides.

    (1 + hits) / (1 + relabelings): never below 1 / (1 + relabelings).
    """
    first, second = checked_pair(a, b)
    pooled = np.concatenate([first, second])
    between = kernel(pooled, pooled)
    np.fill_diagonal(between, 0)
    rows, total = between.sum(axis=1), float(between.sum())
    n, m = len(first), len(second)

    def distances(on_first: Array) -> Array:
        """KID for each row of 0/1 labels (draws, n + m)."""
        inside = np.einsum("pi,pi->p", on_first @ between, on_first)
        from_first = on_first @ rows
        across, rest = from_first - inside, total - 2 * from_first + inside
        return np.asarray(inside / (n * (n - 1)) + rest / (m * (m - 1)) - 2 * across / (n * m), dtype=np.float64)

    labels = np.repeat([1.0, 0.0], [n, m])
    reached = float(distances(labels[None])[0])
    tolerance = 1e-12 * float(np.abs(between).mean())
    generator = np.random.default_rng(seed)
    hits = 0
    for start in range(0, relabelings, CHUNK):
        dealt = generator.permuted(np.tile(labels, (min(CHUNK, relabelings - start), 1)), axis=1)
        hits += int(np.count_nonzero(distances(dealt) >= reached - tolerance))
    return (1 + hits) / (1 + relabelings)


def kid_interval(
    a: Features, b: Features, resamples: int = 2000, seed: int = 0, level: float = LEVEL
) -> Interval | None:
    """Bootstrap percentile interval of `kid(a, b)`: both sides drawn anew with replacement.

    A picture drawn twice is never compared with its own copy, which would pull the estimate up. None with fewer than
    5 pictures on a side: too few different resamples to have a middle 95 %.
    """
    first, second = checked_pair(a, b)
    if min(len(first), len(second)) < MIN_FOR_INTERVAL:
        return None
    weights = (
        draws_with_replacement(len(first), resamples, seed),
        draws_with_replacement(len(second), resamples, seed + 1),
    )
    across = _across(kernel(first, second), *weights)
    return percentiles(_within_drawn(first, weights[0]) + _within_drawn(second, weights[1]) - 2 * across, level)


def paired_contributions(real: Features, original: Features, finetuned: Features) -> Array:
    """What each pair adds to kid(real, finetuned) - kid(real, original): (n,), its sum is exactly that difference.

    Row i of `original` and of `finetuned` (n, d) were made from the same prompt and noise. Swapping the two pictures of
    pair i turns the sign of contribution i and of nothing else (the cross terms between two pairs are antisymmetric and
    fall to one each), so a sign-flip test of the contributions is the exact swap test of the difference.
    """
    reals, befores = checked_pair(real, original)
    afters = checked(finetuned)
    n = len(befores)
    inside = kernel(afters, afters) - kernel(befores, befores)
    swapped = kernel(afters, befores)
    terms = inside + swapped - swapped.T
    np.fill_diagonal(terms, 0)
    to_real = kernel(afters, reals).mean(axis=1) - kernel(befores, reals).mean(axis=1)
    return np.asarray(terms.sum(axis=1) / (n * (n - 1)) - 2 * to_real / n, dtype=np.float64)


def paired_interval(
    real: Features, original: Features, finetuned: Features, resamples: int = 2000, seed: int = 0, level: float = LEVEL
) -> Interval | None:
    """Bootstrap interval of kid(real, finetuned) - kid(real, original): pairs and reals drawn anew; None below 5."""
    reals, befores = checked_pair(real, original)
    afters = checked(finetuned)
    if min(len(reals), len(befores)) < MIN_FOR_INTERVAL:
        return None
    pairs = draws_with_replacement(len(befores), resamples, seed)
    of_reals = draws_with_replacement(len(reals), resamples, seed + 1)
    within = _within_drawn(afters, pairs) - _within_drawn(befores, pairs)
    across = _across(kernel(afters, reals) - kernel(befores, reals), pairs, of_reals)
    return percentiles(within - 2 * across, level)


def _within(features: Array) -> float:
    values = kernel(features, features)
    np.fill_diagonal(values, 0)
    return float(values.sum()) / (len(features) * (len(features) - 1))


def _within_drawn(features: Array, weights: Array) -> Array:
    """The mean kernel between different pictures of each resample; `weights` (resamples, n)."""
    values = kernel(features, features)
    np.fill_diagonal(values, 0)
    total = np.einsum("ri,ri->r", weights @ values, weights)
    pairs = weights.sum(axis=1) ** 2 - (weights**2).sum(axis=1)
    return np.asarray(total / np.maximum(pairs, 1), dtype=np.float64)


def _across(values: Array, first: Array, second: Array) -> Array:
    """The mean of `values` (n₁, n₂) under each resample's weights."""
    total = np.einsum("ri,ri->r", first @ values, second)
    return np.asarray(total / (first.sum(axis=1) * second.sum(axis=1)), dtype=np.float64)
