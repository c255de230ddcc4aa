"""Whether captions take longer and longer within a session: a hint to take a break. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import median

LEAST = 10
"""Captions below which nothing is said: a trend of fewer is chance."""

SURE = 1.645
"""One-sided 95 % quantile of the normal distribution."""

RISE = 1.25
"""A trend that makes captions take less than so much longer is not worth a word."""


@dataclass(frozen=True)
class Fatigue:
    """Captions take longer than at the start of the session, by more than chance."""

    first_s: float
    """Seconds a caption took at the start, on the trend line."""
    now_s: float
    """Seconds a caption takes now, on the same line."""


def fatigue(seconds: Sequence[float]) -> Fatigue | None:
    """What the seconds per caption, in the order of writing, say; None where they do not rise clearly.

    The trend line has the median of all pairwise slopes (Theil 1950; Sen 1968), which one hard picture does not bend.
    It counts where it rises by more than chance (Mann 1945, Kendall's S against its standard deviation without ties)
    and by at least a quarter.
    """
    number = len(seconds)
    if number < LEAST:
        return None
    pairs = list(combinations(range(number), 2))
    sign = sum((seconds[later] > seconds[before]) - (seconds[later] < seconds[before]) for before, later in pairs)
    if (sign - 1) / sqrt(number * (number - 1) * (2 * number + 5) / 18) < SURE:
        return None
    slope = median((seconds[later] - seconds[before]) / (later - before) for before, later in pairs)
    start = median(each - slope * place for place, each in enumerate(seconds))
    end = start + slope * (number - 1)
    return Fatigue(max(0.0, start), end) if end >= RISE * max(start, 0.0) and end > 0 else None
