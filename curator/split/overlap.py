"""Which pictures several members caption blind, and who: spread over subjects and owners, with loads by weight."""

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curator.split.draws import draw
from curator.split.shares import Counts, Weights, quotas, rounded


@dataclass(frozen=True)
class Overlap:
    """How many pictures more than one member captions, and by how many further members each."""

    pictures: int = 0
    by: int | None = None
    """None: all members."""


def share_out(
    owners: Mapping[str, str],
    subjects: Mapping[str, str],
    weights: Weights,
    overlap: Overlap,
    before: Counts,
    seed: int,
) -> dict[str, tuple[str, ...]]:
    """The overlap pictures, out of the keys of `owners`, with the members who caption each blind beside its owner.

    `before` is what each member has from earlier rounds. First how many come from each owner and how many each member
    takes on, so that total loads are by weight; then picture by picture, always to those whose quota leaves them the
    least choice. Nobody can take on more pictures than there are of others; within that bound every quota can be kept.
    """
    names = sorted(weights)
    by = min(len(names) - 1 if overlap.by is None else overlap.by, len(names) - 1)
    if by <= 0 or overlap.pictures <= 0:
        return {}
    own = Counter(dict.fromkeys(names, 0))
    own.update(owners.values())
    given = _given(own, weights, overlap.pictures, seed)
    quota = _quotas(own, given, weights, by, before)
    picked = _picked(owners, subjects, given, seed)
    left = Counter({name: len(picked) - given[name] for name in names})
    shared: dict[str, tuple[str, ...]] = {}
    for picture in picked:
        others = [name for name in names if name != owners[picture]]
        others.sort(key=lambda name: (quota[name] <= 0, left[name] - quota[name], draw(seed, picture, name)))
        shared[picture] = tuple(sorted(others[:by]))
        quota.subtract(others[:by])
        left.subtract(others)
    return shared


def _given(own: Counts, weights: Weights, pictures: int, seed: int) -> dict[str, int]:
    """How many overlap pictures come from each owner: by weight, and no more than they own."""
    return rounded(quotas(pictures, weights, high=own), lambda name: (-own[name], draw(seed, "giver", name)))


def _quotas(own: Counts, given: Counts, weights: Weights, by: int, before: Counts) -> Counter[str]:
    """How many overlap pictures of others each member takes on, so that total loads are by weight."""
    pictures = sum(given.values())
    has = {name: own[name] + before.get(name, 0) for name in own}
    most = {name: has[name] + pictures - given[name] for name in own}
    loads = rounded(quotas(sum(has.values()) + pictures * by, weights, has, most), lambda name: (-most[name], name))
    return Counter({name: loads[name] - has[name] for name in own})


def _picked(owners: Mapping[str, str], subjects: Mapping[str, str], given: Counts, seed: int) -> Sequence[str]:
    """Pick `given` pictures of each owner, each time from the subject with the smallest share picked so far.

    The heap holds each subject once, with the first of its groups (subject, owner) that may still give one. A group
    that may not can never again, so an entry that is out of date is only ever too early, and is put back later.
    """
    size = Counter(subjects[picture] for picture in owners)
    wanted, taken = Counter(given), Counter[str]()
    groups: dict[str, dict[str, list[str]]] = {}
    for picture in sorted(owners, key=lambda picture: draw(seed, "overlap", picture)):
        groups.setdefault(subjects[picture], {}).setdefault(owners[picture], []).append(picture)
    turns = {
        subject: sorted((draw(seed, "overlap", subject, owner), owner) for owner in group)
        for subject, group in groups.items()
    }

    def entry(subject: str) -> tuple[float, bytes, str] | None:
        turn = turns[subject]
        while turn and not (groups[subject][turn[0][1]] and wanted[turn[0][1]]):
            del turn[0]
        return (taken[subject] / size[subject], turn[0][0], subject) if turn else None

    heap = [each for subject in groups if (each := entry(subject))]
    heapq.heapify(heap)
    picked: list[str] = []
    while len(picked) < sum(given.values()):
        found = heapq.heappop(heap)
        subject = found[2]
        current = entry(subject)
        if current == found:
            owner = turns[subject][0][1]
            picked.append(groups[subject][owner].pop())
            wanted[owner] -= 1
            taken[subject] += 1
            current = entry(subject)
        if current is not None:
            heapq.heappush(heap, current)
    return picked
