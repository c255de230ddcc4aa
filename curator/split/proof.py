"""What a round proves of itself: shares, strata, distances from what is fair, and a digest of every task it gave."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from curator.split.shares import Counts, Weights, quotas
from curator.split.strata import Filled

PLACES = 3
"""Decimal places of the figures that are no whole numbers."""


def digest(tasks: Iterable[tuple[str, str, str]]) -> str:
    """Sixteen hexadecimal digits that name the tasks (member, `own` or `overlap`, picture), in whatever order."""
    owners: dict[str, str] = {}
    further: dict[str, list[str]] = {}
    for member, kind, picture in tasks:
        further.setdefault(picture, [])
        if kind == "own":
            owners[picture] = member
        else:
            further[picture].append(member)
    lines = [f"{each} {owners.get(each, '')} {','.join(sorted(further[each]))}" for each in sorted(further)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def tasks_of(owners: Mapping[str, str], shared: Mapping[str, Sequence[str]]) -> list[tuple[str, str, str]]:
    """The tasks (member, kind, picture) that owners and overlap make."""
    own = [(member, "own", picture) for picture, member in owners.items()]
    return own + [(member, "overlap", picture) for picture, others in shared.items() for member in others]


def strata(owners: Mapping[str, str], subjects: Mapping[str, str], names: Iterable[str]) -> dict[str, dict[str, int]]:
    """Subject → member → pictures, both in the order of their names."""
    counts: dict[str, dict[str, int]] = {}
    for picture, owner in owners.items():
        counts.setdefault(subjects[picture], dict.fromkeys(sorted(names), 0))[owner] += 1
    return dict(sorted(counts.items()))


def written(weights: Weights) -> dict[str, float]:
    """Weights as numbers of the proof."""
    return {name: float(weight) for name, weight in sorted(weights.items())}


def of_split(
    owners: Mapping[str, str],
    shared: Mapping[str, Sequence[str]],
    subjects: Mapping[str, str],
    filled: Filled,
    before: tuple[Counts, Counts],
    weights: Weights,
    seed: int,
) -> dict[str, Any]:
    """The proof of a split; `before` is what each member owned, and had to caption in all, before this round.

    Differences and distances are those of everything that the members have with this round; within a subject, of the
    subjects that it gave pictures of. `furthest` is the distance from the share by weight.
    """
    names = sorted(weights)
    own, loads = (Counter(dict.fromkeys(names, 0)) for _ in range(2))
    own.update(owners.values())
    loads.update(own)
    for others in shared.values():
        loads.update(others)
    rows = strata(owners, subjects, names)
    all_own = {name: own[name] + before[0].get(name, 0) for name in names}
    all_loads = {name: loads[name] + before[1].get(name, 0) for name in names}
    fair_loads = quotas(sum(all_loads.values()), weights, before[1])
    return {
        "kind": "split",
        "seed": seed,
        "weights": written(weights),
        "pictures": len(owners),
        "own": dict(sorted(own.items())),
        "loads": dict(sorted(loads.items())),
        "shares": {name: round(float(share), PLACES) for name, share in sorted(filled.fair_totals.items())},
        "own_with_earlier": all_own,
        "loads_with_earlier": all_loads,
        "subjects": rows,
        "overlap_pictures": len(shared),
        "largest_difference": spread(all_own.values()),
        "largest_difference_in_a_subject": max((spread(filled.counts[each].values()) for each in rows), default=0),
        "largest_difference_of_loads": spread(all_loads.values()),
        "furthest": furthest(all_own, filled.fair_totals),
        "furthest_in_a_subject": max((furthest(filled.counts[each], filled.fair[each]) for each in rows), default=0.0),
        "furthest_of_loads": furthest(all_loads, fair_loads),
        "digest": digest(tasks_of(owners, shared)),
    }


def spread(counts: Iterable[int]) -> int:
    """The largest count less the smallest."""
    counts = list(counts)
    return max(counts, default=0) - min(counts, default=0)


def furthest(counts: Counts, fair: Mapping[str, Fraction]) -> float:
    """The largest distance of a count from its fair share, in pictures."""
    return round(float(max((abs(counts[name] - share) for name, share in fair.items()), default=Fraction())), PLACES)
