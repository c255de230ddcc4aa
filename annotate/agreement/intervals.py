"""How far a figure could be off by chance: the bootstrap over pictures, and Wilson's interval of a share.

Every draw follows from a seed, so the same texts always get the same interval.
"""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Interval = tuple[float, float]

LEVEL = 0.95
"""Of every interval."""
LEAST = 5
"""Pictures below which no interval is given: a bootstrap of fewer says more of the method than of the people."""
Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""


def resampled(total: int, draws: int, seed: int) -> Array:
    """How often each of `total` pictures is drawn in each resample: (draws, total), every row sums to `total`."""
    drawn = np.random.default_rng(seed).multinomial(total, np.full(total, 1 / total), size=draws)
    return drawn.astype(np.float64)


def percentiles(values: Array) -> Interval:
    """The middle 95 % of `values`."""
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def mean_interval(values: Array, draws: int, seed: int) -> Interval | None:
    """Percentile bootstrap interval of the mean of one value a picture; None for too few pictures."""
    if len(values) < LEAST:
        return None
    return percentiles(resampled(len(values), draws, seed) @ values / len(values))


def wilson(right: int, total: int) -> Interval | None:
    """95 % score interval of a share (Wilson 1927); holds for few and for extreme shares. None for nothing."""
    if not total:
        return None
    share, z2 = right / total, Z * Z
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    reach = Z / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return max(0.0, middle - reach), min(1.0, middle + reach)
