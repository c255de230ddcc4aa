"""Is one Fréchet distance smaller than another by more than chance? Swaps of pairs, and half-samples for the interval.

A percentile bootstrap would lie off centre: a resample holds fewer different pictures, and the bias of the Fréchet
distance depends on how many there are. So only the spread is taken from subsets, and put around the full estimate.
"""

from collections.abc import Callable

import numpy as np

from eval.features import Array, Features, checked, checked_pair
from eval.fid import frechet_distance
from eval.resampling import Interval

NORMAL_95 = 1.959963984540054
Step = Callable[[], None]


def swap_p(
    real: Features, original: Features, finetuned: Features, draws: int = 200, seed: int = 0, step: Step | None = None
) -> float:
    """Two-sided p of FD(real, finetuned) - FD(real, original) when the two pictures of each pair are swapped at random.

    `original` and `finetuned` (n, d) are paired by row. (1 + hits) / (1 + draws). `step` is called once a draw.
    """
    reals, befores, afters = _three(real, original, finetuned)
    reached = abs(frechet_distance(reals, afters) - frechet_distance(reals, befores))
    if np.array_equal(befores, afters):
        return 1.0
    generator = np.random.default_rng(seed)
    hits = 0
    for _ in range(draws):
        swapped = generator.integers(0, 2, (len(befores), 1)) == 1
        one, other = np.where(swapped, befores, afters), np.where(swapped, afters, befores)
        hits += abs(frechet_distance(reals, one) - frechet_distance(reals, other)) >= reached - 1e-12 * reached
        if step:
            step()
    return (1 + hits) / (1 + draws)


def half_sample_interval(
    real: Features, original: Features, finetuned: Features, draws: int = 200, seed: int = 0, step: Step | None = None
) -> Interval | None:
    """95 % interval of FD(real, finetuned) - FD(real, original): ± 1.96 sd over half-samples of the pairs.

    The spread of an estimate over samples of n/2 without replacement is, to first order, its standard error at n
    (Shao and Wu 1989). The real pictures are taken as they are. None with fewer than 4 pairs.
    """
    reals, befores, afters = _three(real, original, finetuned)
    if len(befores) < 4:
        return None
    generator = np.random.default_rng(seed)
    differences = []
    for _ in range(draws):
        kept = generator.permutation(len(befores))[: len(befores) // 2]
        differences.append(frechet_distance(reals, afters[kept]) - frechet_distance(reals, befores[kept]))
        if step:
            step()
    value = frechet_distance(reals, afters) - frechet_distance(reals, befores)
    reach = NORMAL_95 * float(np.std(differences, ddof=1))
    return value - reach, value + reach


def _three(real: Features, original: Features, finetuned: Features) -> tuple[Array, Array, Array]:
    reals, befores = checked_pair(real, original)
    _, afters = checked_pair(real, finetuned)
    assert befores.shape == afters.shape, f"pairs: {befores.shape} and {afters.shape}"
    return reals, befores, checked(afters)
