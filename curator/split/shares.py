"""Whole shares of a number by weight, with what each has already as the least. Knows nothing of pictures."""

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from math import floor
from typing import Any

Weights = Mapping[str, Fraction]
Counts = Mapping[str, int]


def quotas(total: int, weights: Weights, low: Counts | None = None, high: Counts | None = None) -> dict[str, Fraction]:
    """The fair shares of `total`, not rounded: proportional to the weights, but never below `low` or above `high`.

    Who has more than a fair share already keeps that, and the others share what is left: the share of each is
    min(high, max(low, level · weight)) for the one level at which the shares sum up to `total`.
    `low` must sum to at most `total`, `high` to at least `total`; names missing there have no bound.
    """
    low, high = low or {}, high or {}
    settled: dict[str, Fraction] = {}
    free = set(weights)
    while True:
        weight = sum((weights[name] for name in free), Fraction())
        level = (total - sum(settled.values(), Fraction())) / weight if weight else Fraction()
        want = {name: level * weights[name] for name in free}
        under = {name: low[name] - want[name] for name in free if want[name] < low.get(name, 0)}
        over = {name: want[name] - high[name] for name in free if name in high and want[name] > high[name]}
        if not under and not over:
            return {name: settled[name] if name in settled else want[name] for name in weights}
        # Too much in sum at this level means that the right one is lower: whoever is below `low` here is so there too.
        if sum(under.values()) >= sum(over.values()):
            settled |= {name: Fraction(low[name]) for name in under}
            free -= under.keys()
        else:
            settled |= {name: Fraction(high[name]) for name in over}
            free -= over.keys()


def rounded(shares: Mapping[str, Fraction], first: Callable[[str], Any]) -> dict[str, int]:
    """Whole numbers with the same sum, each the share rounded down or up.

    Rounded up are the largest remainders (Hamilton's method); among equal ones, the first by the key `first`.
    """
    whole = {name: floor(share) for name, share in shares.items()}
    names = sorted(shares, key=lambda name: (whole[name] - shares[name], first(name)))
    return raised(whole, names, int(sum(shares.values(), Fraction())) - sum(whole.values()))


def raised(whole: Counts, names: Collection[str], by: int) -> dict[str, int]:
    """`whole`, with one more for each of the first `by` names."""
    up = set(list(names)[:by])
    return {name: number + (name in up) for name, number in whole.items()}
