"""How fast a member works, from the times at which captions were submitted. Pure; knows nothing of tasks or stores."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt
from statistics import fmean, median, stdev

from curator.store.activity import Moment

BREAK_S = 1800.0
"""A longer pause ends a stretch of work."""

IDLE_S = 300.0
"""A longer pause within a stretch is no work: of its caption, only the time that was spent on it counts."""

FEW = 5
"""With fewer captions there is no pace to speak of."""

CONFIDENT = 1.96
"""Two-sided 95 % quantile of the normal distribution."""


@dataclass(frozen=True)
class Stretch:
    """Captions submitted without a long pause between them."""

    times: tuple[datetime, ...]
    """When each was submitted, oldest first, with time zone."""
    spent: tuple[float, ...]
    """Seconds of work on each of which that is known: from one submission to the next, or the time spent on it."""

    @property
    def captions(self) -> int:
        """How many captions."""
        return len(self.times)

    @property
    def median_s(self) -> float | None:
        """The median seconds of work on a caption, or None with few captions."""
        return median(self.spent) if len(self.spent) >= FEW else None

    @property
    def pace(self) -> float | None:
        """Captions an hour, or None with few captions."""
        return pace(self.spent)


def stretches(moments: Iterable[Moment]) -> list[Stretch]:
    """A member's stretches of work, oldest first; the order of the input does not matter."""
    ordered = sorted(((_time(each.written), each.seconds) for each in moments), key=lambda each: each[0])
    found: list[tuple[list[datetime], list[float]]] = []
    for time, seconds in ordered:
        gap = (time - found[-1][0][-1]).total_seconds() if found else BREAK_S + 1
        if gap > BREAK_S:
            found.append(([], []))
        times, spent = found[-1]
        times.append(time)
        if gap <= IDLE_S:
            spent.append(max(gap, seconds or 0.0))
        elif seconds is not None:
            spent.append(seconds)
    return [Stretch(tuple(times), tuple(spent)) for times, spent in found]


def _time(written: str) -> datetime:
    """A stored time; one without a zone, as a file from elsewhere may bring it, is UTC."""
    time = datetime.fromisoformat(written)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def recent(found: Sequence[Stretch]) -> tuple[float, ...]:
    """Seconds of work on each caption of the last stretch, and of those before it while there are few."""
    spent: tuple[float, ...] = ()
    for each in reversed(found):
        if len(spent) >= FEW:
            break
        spent = each.spent + spent
    return spent


def pace(spent: Sequence[float]) -> float | None:
    """Captions an hour, or None with few captions, or where they took no time."""
    return 3600 / fmean(spent) if len(spent) >= FEW and any(spent) else None


def work_left(spent: Sequence[float], captions: int) -> tuple[float, float] | None:
    """The seconds of work that so many further captions take, as a 95 % range; None with few captions to judge by.

    The prediction interval of a sum: c·m ± t·s·√(c + c²/n), where n captions took m seconds on average with a standard
    deviation of s, and t is Student's quantile for n - 1 degrees of freedom.
    """
    if len(spent) < FEW:
        return None
    mean, number = fmean(spent), len(spent)
    width = _student(number - 1) * stdev(spent) * sqrt(captions + captions**2 / number)
    return max(0.0, captions * mean - width), captions * mean + width


def _student(freedom: int) -> float:
    """Student's 95 % quantile from the normal one (Abramowitz and Stegun 1964, 26.7.5; three terms)."""
    z = CONFIDENT
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
