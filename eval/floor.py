"""What a distance is between real pictures and real pictures: the number below which nothing can be told.

The Fréchet distance of n pictures is biased upwards, the more the smaller n is, so a value means something only beside
the value that two random halves of the real pictures have, at the same numbers of pictures on both sides.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curator.errors import InputError
from eval.features import Array, Features, checked, checked_pair
from eval.fid import frechet_distance

Distance = Callable[[Features, Features], float]
Rows = NDArray[np.intp]
DRAWS = 100
MIN_REAL = 4
"""Two halves of two."""


@dataclass(frozen=True)
class Spread:
    """A figure over random halves."""

    mean: float
    sd: float
    n_first: int
    """Real pictures on the side that is compared with."""
    n_second: int
    """Pictures on the other side."""


def halves(total: int, at_most: int, draws: int, seed: int) -> Iterator[tuple[Rows, Rows]]:
    """`draws` random splits of `total` rows: ⌊total/2⌋ of them, and the rest or `at_most` of it.

    Raises InputError where a side would have fewer than 2.
    """
    if total < MIN_REAL or at_most < 2:
        raise InputError(f"halves need at least {MIN_REAL} real pictures and 2 others, not {total} and {at_most}")
    generator = np.random.default_rng(seed)
    half = total // 2
    for _ in range(draws):
        order = generator.permutation(total)
        yield order[:half], order[half : half + at_most]


def split_half_floor(
    real: Features, draws: int = DRAWS, seed: int = 0, at_most: int | None = None, distance: Distance = frechet_distance
) -> Spread:
    """Mean and standard deviation of `distance` between two random halves of `real` (n, d), n ≥ 4.

    `at_most` caps the second half, to match a smaller set of generated pictures. At half the pictures the floor of a
    Fréchet distance is higher than at all of them: compare it with `against_halves`, not with the full-size value.
    """
    array = checked(real, MIN_REAL)
    splits = list(halves(len(array), at_most or len(array), draws, seed))
    return spread([distance(array[first], array[second]) for first, second in splits], splits)


def against_halves(
    real: Features, other: Features, draws: int = DRAWS, seed: int = 0, distance: Distance = frechet_distance
) -> Spread:
    """`distance` between random halves of `real` (n, d) and random rows of `other` (m, d): comparable to the floor.

    The halves and their sizes are those of `split_half_floor(real, draws, seed, at_most=m)`.
    """
    reals, others = checked_pair(real, other)
    splits = list(halves(len(reals), len(others), draws, seed))
    generator = np.random.default_rng([seed, 1])
    values = [
        distance(reals[first], others[generator.choice(len(others), len(second), replace=False)])
        for first, second in splits
    ]
    return spread(values, splits)


def spread(values: Sequence[float], splits: Sequence[tuple[Rows, Rows]]) -> Spread:
    """Mean and standard deviation (n - 1) of the figures of `splits`."""
    array: Array = np.asarray(values, dtype=np.float64)
    deviation = float(array.std(ddof=1)) if len(array) > 1 else 0.0
    return Spread(float(array.mean()), deviation, len(splits[0][0]), len(splits[0][1]))
