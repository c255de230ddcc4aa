"""Shares over all and within each subject at once: whole numbers that keep both. Knows nothing of single pictures."""

from collections import Counter, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import ceil, floor

from curator.split.draws import draw
from curator.split.shares import Counts, Weights, quotas, raised, rounded

Move = tuple[str, str, str]
"""(subject, from, to): one picture of the subject goes from one member to another."""


@dataclass(frozen=True)
class Sheet:
    """What is to be shared: rows are subjects, columns are members."""

    sizes: Counts
    """Subject → pictures, with those that members hold already."""
    weights: Weights
    """Member → weight, all above 0 unless `totals` are given."""
    low: Mapping[str, Counts] = field(default_factory=dict)
    """Subject → member → the least number, such as what a member holds and keeps."""
    high: Mapping[str, Counts] = field(default_factory=dict)
    """Subject → member → the largest number; missing ones have no bound."""
    totals: Counts | None = None
    """Member → pictures over all; None: by weight."""


@dataclass(frozen=True)
class Filled:
    """The shares, and what they would be if pictures could be cut."""

    counts: dict[str, dict[str, int]]
    """Subject → member → pictures."""
    fair: dict[str, dict[str, Fraction]]
    """Subject → member → the share by weight, not rounded."""
    fair_totals: dict[str, Fraction]
    """Member → the share over all by weight, not rounded."""


def fill(sheet: Sheet, seed: int) -> Filled:
    """Whole shares whose rows and columns both have the right sums.

    Each row is rounded by itself, to those who are furthest behind over all; then pictures are moved between members
    within subjects until the columns are right, at first only where every share stays less than one from the fair one.

    A rounding of a table in which every number, every row and every column is less than one from the fair share always
    exists (Bacharach 1966; Cox, "A constructive procedure for unbiased controlled rounding", 1987). For these very
    columns it may not; the moves are the augmenting paths of a flow from subjects to members, so it is found where it
    exists. Where nothing is held yet, a share is then less than two from the fair one: in a controlled rounding every
    column is off by at most one, and one picture from each member with one too many to one with one too few mends it.
    """
    names = sorted(sheet.weights)
    low = {subject: {name: sheet.low.get(subject, {}).get(name, 0) for name in names} for subject in sheet.sizes}
    fair = _fair(sheet, low, names)
    held = {name: sum(low[subject][name] for subject in low) for name in names}
    whole: dict[str, Fraction] = (
        quotas(sum(sheet.sizes.values()), sheet.weights, held)
        if sheet.totals is None
        else {name: Fraction(sheet.totals[name]) for name in names}
    )
    order = sorted(sheet.sizes, key=lambda subject: draw(seed, subject))
    counts = _rows(order, fair, low, whole, seed)
    reached = {name: sum(counts[subject][name] for subject in counts) for name in names}
    wanted = rounded(whole, first=lambda name: (-reached[name], draw(seed, name)))
    slack = 1
    while reached != wanted:
        moves = _Moves(order, counts, _Limits(fair, low, sheet.high, slack))
        while path := moves.path(reached, wanted):
            for subject, giver, taker in path:
                moves.make(subject, giver, taker)
            reached[path[0][1]] -= 1
            reached[path[-1][2]] += 1
        slack += 1
    return Filled(counts, fair, whole)


def _fair(sheet: Sheet, low: Mapping[str, Counts], names: Collection[str]) -> dict[str, dict[str, Fraction]]:
    """The fair shares of each subject; subjects that are alike are worked out once."""

    @cache
    def of(size: int, least: tuple[int, ...], most: tuple[tuple[str, int], ...]) -> dict[str, Fraction]:
        return quotas(size, sheet.weights, dict(zip(names, least, strict=True)), dict(most))

    return {
        subject: of(size, tuple(low[subject].values()), tuple(sorted(sheet.high.get(subject, {}).items())))
        for subject, size in sheet.sizes.items()
    }


def _rows(
    order: Collection[str],
    fair: Mapping[str, Mapping[str, Fraction]],
    low: Mapping[str, Counts],
    whole: Mapping[str, Fraction],
    seed: int,
) -> dict[str, dict[str, int]]:
    """Each subject by itself, rounded up for those who are furthest behind on their way to the share over all."""
    way = {name: share - sum(low[subject][name] for subject in order) for name, share in whole.items()}
    length = sum(way.values(), Fraction())
    got: Counter[str] = Counter()
    counts: dict[str, dict[str, int]] = {}
    for subject in order:
        down = {name: floor(share) for name, share in fair[subject].items()}
        rest = int(sum(fair[subject].values(), Fraction())) - sum(down.values())
        got.update({name: down[name] - low[subject][name] for name in down})
        done = got.total() + rest

        def behind(name: str, subject: str = subject, done: int = done) -> tuple[Fraction, bytes]:
            return got[name] * length - way[name] * done, draw(seed, subject, name)

        names = sorted((name for name in down if down[name] != fair[subject][name]), key=behind)
        counts[subject] = raised(down, names, rest)
        got.update(names[:rest])
    return counts


class _Limits:
    """How few and how many pictures of a subject a member may have: less than `slack` from the fair share."""

    def __init__(
        self,
        fair: Mapping[str, Mapping[str, Fraction]],
        low: Mapping[str, Counts],
        high: Mapping[str, Counts],
        slack: int,
    ) -> None:
        self._fair, self._low, self._high, self._slack = fair, low, high, slack

    def least(self, subject: str, name: str) -> int:
        return max(self._low[subject][name], floor(self._fair[subject][name]) + 1 - self._slack)

    def most(self, subject: str, name: str) -> int:
        bound = ceil(self._fair[subject][name]) - 1 + self._slack
        return min(bound, self._high.get(subject, {}).get(name, bound))


class _Moves:
    """The moves that the limits allow, by giver and taker. Those of a pair are kept in a list, checked when taken."""

    def __init__(self, order: Collection[str], counts: dict[str, dict[str, int]], limits: _Limits) -> None:
        self._counts, self._limits = counts, limits
        self._names = sorted(next(iter(counts.values()), {}))
        self._of: dict[tuple[str, str], list[str]] = {
            (giver, taker): [subject for subject in order if self._allowed(subject, giver, taker)]
            for giver in self._names
            for taker in self._names
            if giver != taker
        }

    def path(self, reached: Counts, wanted: Counts) -> list[Move]:
        """The shortest chain of moves from a member with too many pictures to one with too few; empty if none."""
        come_by: dict[str, Move | None] = {name: None for name in self._names if reached[name] > wanted[name]}
        waiting = deque(come_by)
        while waiting:
            giver = waiting.popleft()
            if reached[giver] < wanted[giver]:
                return self._back(giver, come_by)
            for taker in self._names:
                if taker not in come_by and (subject := self._subject(giver, taker)) is not None:
                    come_by[taker] = (subject, giver, taker)
                    waiting.append(taker)
        return []

    def make(self, subject: str, giver: str, taker: str) -> None:
        """Carry out a move; others of the subject may become possible by it."""
        self._counts[subject][giver] -= 1
        self._counts[subject][taker] += 1
        for name in self._names:
            for pair in ((taker, name), (name, giver)):
                if pair in self._of and self._allowed(subject, *pair):
                    self._of[pair].append(subject)

    def _allowed(self, subject: str, giver: str, taker: str) -> bool:
        row = self._counts[subject]
        return row[giver] > self._limits.least(subject, giver) and row[taker] < self._limits.most(subject, taker)

    def _subject(self, giver: str, taker: str) -> str | None:
        subjects = self._of[giver, taker]
        while subjects and not self._allowed(subjects[-1], giver, taker):
            subjects.pop()
        return subjects[-1] if subjects else None

    def _back(self, name: str, come_by: Mapping[str, Move | None]) -> list[Move]:
        path: list[Move] = []
        while (move := come_by[name]) is not None:
            path.append(move)
            name = move[1]
        return path[::-1]
