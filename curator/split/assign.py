"""Splitting the captioning among members: exact, stratified by subject, and the same for a seed on any machine.

Pure: pictures and members in, assignments and their proof out. The order of the input does not matter.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

NO_SUBJECT = ""


@dataclass(frozen=True)
class Assignment:
    """Who captions what in one round."""

    owners: Mapping[str, str]
    """Picture → member, for the pictures that this round gives away."""
    overlap: Mapping[str, tuple[str, ...]]
    """Picture → the further members who caption it blind."""
    proof: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Overlap:
    """How many pictures more than one member captions, and by how many further members each."""

    pictures: int = 0
    by: int | None = None
    """None: all members."""


def split(
    subjects: Mapping[str, str | None],
    members: Sequence[str],
    seed: int,
    overlap: Overlap | None = None,
    owned: Mapping[str, str] | None = None,
) -> Assignment:
    """Give every picture of `subjects` (picture → subject) that is not `owned` yet to one member.

    Own shares differ by at most one over all pictures and within each subject. Each picture goes to the member with
    the fewest of its subject, then the fewest overall; ties fall by a hash of seed, subject and member. Dealing in
    rounds to the least loaded keeps both differences within one.
    Overlap pictures are spread over subjects and owners, and given to further members so that total loads differ by
    at most one as well.
    """
    overlap = overlap or Overlap()
    owned = {picture: owner for picture, owner in (owned or {}).items() if picture in subjects}
    names = sorted(set(members))
    new = sorted((picture for picture in subjects if picture not in owned), key=lambda each: _draw(seed, each))
    by_subject: dict[str, list[str]] = {}
    for picture in new:
        by_subject.setdefault(subjects[picture] or NO_SUBJECT, []).append(picture)
    total = Counter({name: 0 for name in names})
    held: dict[str, Counter[str]] = {}
    for picture, owner in owned.items():
        total[owner] += 1
        held.setdefault(subjects[picture] or NO_SUBJECT, Counter())[owner] += 1
    owners: dict[str, str] = {}
    for subject in sorted(by_subject, key=lambda each: _draw(seed, each)):
        of_subject = held.setdefault(subject, Counter())
        for picture in by_subject[subject]:
            owner = min(names, key=lambda name: (of_subject[name], total[name], _draw(seed, subject, name)))
            owners[picture] = owner
            of_subject[owner] += 1
            total[owner] += 1
    shared = _overlap(owners, subjects, names, seed, overlap)
    return Assignment(owners, shared, _proof(owners, shared, subjects, names, seed))


def _overlap(
    owners: Mapping[str, str], subjects: Mapping[str, str | None], names: Sequence[str], seed: int, overlap: Overlap
) -> dict[str, tuple[str, ...]]:
    """The overlap pictures with the members who caption them blind.

    First how many come from each owner and how many each member takes on, so that total loads differ by at most one;
    then picture by picture, always to those whose quota leaves them the least choice.
    """
    by = min(len(names) - 1 if overlap.by is None else overlap.by, len(names) - 1)
    if by <= 0 or overlap.pictures <= 0:
        return {}
    own = Counter({name: 0 for name in names})
    own.update(owners.values())
    given = _even(overlap.pictures, names, key=lambda name: (-own[name], _draw(seed, "giver", name)))
    picked = _spread_over_subjects(owners, subjects, given, seed)
    quota = _quotas(own, given, by)
    left = Counter({name: len(picked) - given[name] for name in names})
    shared: dict[str, tuple[str, ...]] = {}
    for picture in picked:
        others = [name for name in names if name != owners[picture]]
        others.sort(key=lambda name: (quota[name] <= 0, left[name] - quota[name], _draw(seed, picture, name)))
        shared[picture] = tuple(sorted(others[:by]))
        quota.subtract(others[:by])
        left.subtract(others)
    return shared


def _even(number: int, names: Sequence[str], key: Callable[[str], Any]) -> Counter[str]:
    """`number` spread over names as evenly as can be; the first by `key` get one more."""
    share, rest = divmod(number, len(names))
    return Counter({name: share + (place < rest) for place, name in enumerate(sorted(names, key=key))})


def _quotas(own: Counter[str], given: Counter[str], by: int) -> Counter[str]:
    """How many overlap pictures of others each member takes on, so that all totals are within one of each other."""
    pictures = given.total()
    most = {name: own[name] + pictures - given[name] for name in own}
    target = _even(own.total() + pictures * by, list(own), key=lambda name: (-most[name], name))
    return Counter({name: target[name] - own[name] for name in own})


def _spread_over_subjects(
    owners: Mapping[str, str], subjects: Mapping[str, str | None], given: Mapping[str, int], seed: int
) -> list[str]:
    """Pick `given` pictures of each owner, each time from the subject with the smallest share picked so far."""
    size = Counter(subject_of(subjects, picture) for picture in owners)
    taken: Counter[str] = Counter()
    wanted = Counter(given)
    left: dict[tuple[str, str], list[str]] = {}
    for picture in sorted(owners, key=lambda picture: _draw(seed, "overlap", picture)):
        left.setdefault((subject_of(subjects, picture), owners[picture]), []).append(picture)
    picked = []
    for _ in range(wanted.total()):
        subject, owner = min(
            (each for each, pictures in left.items() if pictures and wanted[each[1]] > 0),
            key=lambda each: (taken[each[0]] / size[each[0]], _draw(seed, "overlap", *each)),
        )
        picked.append(left[subject, owner].pop())
        wanted[owner] -= 1
        taken[subject] += 1
    return picked


def subject_of(subjects: Mapping[str, str | None], picture: str) -> str:
    """The subject of a picture, or the empty text."""
    return subjects[picture] or NO_SUBJECT


def _proof(
    owners: Mapping[str, str],
    shared: Mapping[str, Sequence[str]],
    subjects: Mapping[str, str | None],
    names: Sequence[str],
    seed: int,
) -> dict[str, Any]:
    """Figures that show the split is what it promises, and a digest that another machine can compare."""
    own = Counter({name: 0 for name in names})
    own.update(owners.values())
    loads = own.copy()
    for others in shared.values():
        loads.update(others)
    strata: dict[str, dict[str, int]] = {}
    for picture, owner in owners.items():
        strata.setdefault(subject_of(subjects, picture), dict.fromkeys(names, 0))[owner] += 1
    lines = [f"{picture} {owner} {','.join(shared.get(picture, ()))}" for picture, owner in sorted(owners.items())]
    return {
        "seed": seed,
        "pictures": len(owners),
        "own": dict(sorted(own.items())),
        "loads": dict(sorted(loads.items())),
        "subjects": dict(sorted(strata.items())),
        "overlap_pictures": len(shared),
        "largest_difference": _spread(own.values()),
        "largest_difference_in_a_subject": max((_spread(counts.values()) for counts in strata.values()), default=0),
        "largest_difference_of_loads": _spread(loads.values()),
        "digest": hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16],
    }


def _spread(counts: Any) -> int:
    return max(counts, default=0) - min(counts, default=0)


def _draw(seed: int, *names: str) -> bytes:
    """A number that depends on nothing but its arguments: the same on any machine and Python version."""
    return hashlib.sha256("\0".join([str(seed), *names]).encode()).digest()
