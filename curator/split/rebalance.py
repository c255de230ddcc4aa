"""Evening out what is still open among members, when one joins late or some are far ahead. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from curator.split.assign import deal
from curator.split.draws import draw
from curator.split.proof import PLACES, digest, furthest, strata, written
from curator.split.shares import Counts, Weights, quotas, rounded
from curator.split.strata import Sheet, fill


@dataclass(frozen=True)
class Open:
    """What every member has still to do."""

    movable: Mapping[str, tuple[str, str]]
    """Picture → (owner, subject), of the open pictures that may go to another member."""
    fixed: Mapping[str, Counts] = field(default_factory=dict)
    """Subject → owner → open pictures that stay: those with a draft, and those that others caption blind."""
    overlap: Counts = field(default_factory=dict)
    """Member → open pictures of others to caption blind; they stay, too."""


@dataclass(frozen=True)
class Moves:
    """Which pictures go to whom."""

    owners: Mapping[str, str]
    """Picture → its new owner."""
    proof: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tasks(self) -> list[tuple[str, str, str]]:
        """The tasks (member, kind, picture) that come of it."""
        return [(member, "own", picture) for picture, member in self.owners.items()]


def rebalance(work: Open, weights: Weights, seed: int) -> Moves:
    """Move as few pictures as will make open work even by weight, all weights above 0.

    Who has more open than a fair share gives and gets nothing, who has less gets and gives nothing. What is open then
    is less than one picture from the share by weight, unless what may not move is more than that alone; and within each
    subject, everybody's open own pictures come as near to the same mixture as the few moves can bring them.
    """
    names = sorted(weights)
    has = _counts(work, names)
    open_own = {name: sum(row[name] for row in has.values()) for name in names}
    staying = {name: work.overlap.get(name, 0) for name in names}
    fixed = {name: staying[name] + sum(row.get(name, 0) for row in work.fixed.values()) for name in names}
    loads = {name: open_own[name] + staying[name] for name in names}
    fair = quotas(sum(loads.values()), weights, fixed)
    after = rounded(fair, lambda name: (loads[name] < fair[name], draw(seed, "open", name)))
    totals = {name: after[name] - staying[name] for name in names}
    filled = fill(_sheet(work, has, totals), seed)
    owners = _moved(work, has, filled.counts, seed)
    moves = Moves(owners)
    rows = filled.counts
    figures = {
        "kind": "rebalance",
        "seed": seed,
        "weights": written(weights),
        "pictures": len(owners),
        "own": {name: sum(owner == name for owner in owners.values()) for name in names},
        "given": dict(sorted(Counter(work.movable[picture][0] for picture in owners).items())),
        "shares": {name: round(float(share), PLACES) for name, share in sorted(fair.items())},
        "open_before": loads,
        "open_after": after,
        "subjects": strata(owners, {picture: work.movable[picture][1] for picture in owners}, names),
        "furthest": furthest(after, fair),
        "furthest_in_a_subject": max((furthest(rows[each], filled.fair[each]) for each in rows), default=0.0),
        "digest": digest(moves.tasks),
    }
    return replace(moves, proof=figures)


def _counts(work: Open, names: list[str]) -> dict[str, dict[str, int]]:
    """Subject → member → open own pictures, those that stay among them."""
    counts = {subject: {name: row.get(name, 0) for name in names} for subject, row in work.fixed.items()}
    for owner, subject in work.movable.values():
        counts.setdefault(subject, dict.fromkeys(names, 0))[owner] += 1
    return counts


def _sheet(work: Open, has: Mapping[str, Counts], totals: Counts) -> Sheet:
    """Givers may go down to what stays, takers only up: so no more is moved than has to be."""
    open_own = {name: sum(row[name] for row in has.values()) for name in totals}
    low: dict[str, dict[str, int]] = {}
    high: dict[str, dict[str, int]] = {}
    for subject, row in has.items():
        stays = work.fixed.get(subject, {})
        low[subject] = {
            name: stays.get(name, 0) if totals[name] < open_own[name] else number for name, number in row.items()
        }
        high[subject] = {name: number for name, number in row.items() if totals[name] <= open_own[name]}
    sizes = {subject: sum(row.values()) for subject, row in has.items()}
    return Sheet(sizes, {name: Fraction(total) for name, total in totals.items()}, low, high, totals)


def _moved(work: Open, has: Mapping[str, Counts], wanted: Mapping[str, Counts], seed: int) -> dict[str, str]:
    """Which of a giver's pictures go, by a draw, and to whom."""
    give = {subject: {name: has[subject][name] - row[name] for name in row} for subject, row in wanted.items()}
    pool: dict[str, str] = {}
    for picture in sorted(work.movable, key=lambda picture: draw(seed, "open", picture)):
        owner, subject = work.movable[picture]
        if give[subject][owner] > 0:
            give[subject][owner] -= 1
            pool[picture] = subject
    takes = {subject: {name: max(0, -number) for name, number in row.items()} for subject, row in give.items()}
    return deal(pool, takes, seed, ("open",))
