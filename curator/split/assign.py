"""Splitting the captioning among members: exact by weight, stratified by subject, the same for a seed on any machine.

Pure: pictures and members in, assignments and their proof out. The order of the input does not matter.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from curator.split.draws import draw
from curator.split.overlap import Overlap, share_out
from curator.split.proof import of_split
from curator.split.strata import Sheet, fill

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
class Held:
    """What members have from earlier rounds."""

    owners: Mapping[str, str] = field(default_factory=dict)
    """Picture → owner. Those of members who take no part any more do not count."""
    overlap: Mapping[str, int] = field(default_factory=dict)
    """Member → overlap tasks."""


def weights_of(members: Sequence[str] | Mapping[str, float]) -> dict[str, Fraction]:
    """The members by name, with their weights as they are written in decimals; names alone weigh the same."""
    if isinstance(members, Mapping):
        return {name: Fraction(str(members[name])) for name in sorted(members)}
    return {name: Fraction(1) for name in sorted(set(members))}


def split(
    subjects: Mapping[str, str | None],
    members: Sequence[str] | Mapping[str, float],
    seed: int,
    overlap: Overlap | None = None,
    held: Held | None = None,
) -> Assignment:
    """Give every picture of `subjects` (picture → subject) that nobody owns yet to one of `members`.

    `members` maps names to weights above 0; names alone weigh the same. With what members own already, own shares are
    less than one picture from the shares by weight, by largest remainders; so they differ by at most one where all
    weigh the same. Within a subject they are less than one from it, too, wherever that is possible, and never two or
    more in the first round; for equal weights it is always possible there, so that they differ by at most one. Who
    owns more than a fair share already keeps it and gets nothing new.
    Overlap pictures are spread over subjects and owners, and given to further members so that total loads, too, come
    as near to the shares by weight as `overlap` lets them: within one where all weigh the same.
    """
    weights, held = weights_of(members), held or Held()
    owned = {picture: owner for picture, owner in held.owners.items() if picture in subjects}
    new = {picture: subject or NO_SUBJECT for picture, subject in subjects.items() if picture not in owned}
    low: dict[str, Counter[str]] = {subject: Counter() for subject in new.values()}
    for picture, owner in owned.items():
        if owner in weights:
            low.setdefault(subjects[picture] or NO_SUBJECT, Counter())[owner] += 1
    sizes = Counter(new.values())
    sizes.update({subject: counts.total() for subject, counts in low.items()})
    filled = fill(Sheet(sizes, weights, low), seed)
    shares = {
        subject: {name: number - low[subject][name] for name, number in row.items()}
        for subject, row in filled.counts.items()
    }
    owners = deal(new, shares, seed)
    owned_before = Counter({name: sum(counts[name] for counts in low.values()) for name in weights})
    loads_before = Counter({name: owned_before[name] + held.overlap.get(name, 0) for name in weights})
    shared = share_out(owners, new, weights, overlap or Overlap(), loads_before, seed)
    before = (owned_before, loads_before)
    return Assignment(owners, shared, of_split(owners, shared, new, filled, before, weights, seed))


def deal(
    subjects: Mapping[str, str], shares: Mapping[str, Mapping[str, int]], seed: int, salt: Sequence[str] = ()
) -> dict[str, str]:
    """Which pictures are whose, where `shares` says how many of each subject: dealt in turns, in the order of a draw.

    Who has least of all comes first in a subject's turn.
    """
    by_subject: dict[str, list[str]] = {}
    for picture in sorted(subjects, key=lambda picture: draw(seed, *salt, picture)):
        by_subject.setdefault(subjects[picture], []).append(picture)
    dealt: Counter[str] = Counter()
    owners: dict[str, str] = {}
    for subject in sorted(by_subject, key=lambda subject: draw(seed, *salt, subject)):
        left = dict(shares[subject])
        turn = sorted(left, key=lambda name: (dealt[name], draw(seed, *salt, subject, name)))
        dealt.update(left)
        pictures = iter(by_subject[subject])
        while turn := [name for name in turn if left[name]]:
            for name in turn:
                owners[next(pictures)] = name
                left[name] -= 1
    return owners
