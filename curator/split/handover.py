"""Passing on what one member has left to others, by weight and stratified. Pure: tasks in, who gets them and proof out.

Submitted work is no matter of this module: it stays with who did it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from curator.split.assign import deal
from curator.split.draws import draw
from curator.split.proof import PLACES, digest, furthest, strata, written
from curator.split.shares import Weights, quotas, rounded
from curator.split.strata import Sheet, fill

BY_CAPTIONER = ("open", "submitted", "skipped")
"""Where only those who caption a picture blind are left to own it: who still has to caption it comes first."""


@dataclass(frozen=True)
class Left:
    """What a member has left, and who else is concerned with these pictures."""

    own: Mapping[str, str]
    """Picture → subject, of the open pictures that the member owns."""
    overlap: Mapping[str, str] = field(default_factory=dict)
    """Picture → subject, of the open pictures of others that the member should caption blind."""
    captioners: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Picture → other members who own it or caption it blind → the state of that task."""
    authors: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Picture → those who have written a caption of it."""


@dataclass(frozen=True)
class Handover:
    """Who takes over what."""

    own: Mapping[str, str]
    """Picture → its new owner."""
    overlap: Mapping[str, str]
    """Picture → who captions it blind instead."""
    promoted: Mapping[str, str]
    """Picture → the member who captioned it blind and now owns it, because nobody else is left; out of `own`."""
    stuck: tuple[str, ...]
    """Overlap pictures that nobody else can caption blind: all others own them, caption them, or have."""
    proof: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tasks(self) -> list[tuple[str, str, str]]:
        """The tasks (member, kind, picture) that come of it."""
        own = [(member, "own", picture) for picture, member in self.own.items()]
        return own + [(member, "overlap", picture) for picture, member in self.overlap.items()]


def hand_over(left: Left, weights: Weights, seed: int) -> Handover:
    """Give what is left to the members of `weights`, all weights above 0.

    What only some may take goes first, each picture to whoever has least by weight among those who may; the other own
    pictures are shared out so that everything together is by weight, less than one picture from it where what was
    given before does not prevent it, and stratified by subject. A picture that others caption blind goes to a member
    who does not caption it; where there is none, to one of those who do, whose overlap task it replaces.
    """
    got: Counter[str] = Counter(dict.fromkeys(sorted(weights), 0))
    own: dict[str, str] = {}
    overlap: dict[str, str] = {}
    promoted: dict[str, str] = {}
    free = {picture: subject for picture, subject in left.own.items() if not left.captioners.get(picture)}
    rest = [("own", picture) for picture in left.own.keys() - free.keys()]
    rest += [("overlap", picture) for picture in left.overlap]
    able = {each: _able(left, each, weights) for each in rest}
    for kind, picture in sorted(rest, key=lambda each: (len(able[each]), draw(seed, "pass", *each))):
        if names := able[kind, picture]:
            name = min(names, key=lambda name: (got[name] / weights[name], draw(seed, "pass", picture, name)))
            (own if kind == "own" else overlap)[picture] = name
            got[name] += 1
        elif kind == "own" and (captioner := _captioner(left, picture, weights, seed)):
            own[picture] = promoted[picture] = captioner
    stuck = tuple(sorted(left.overlap.keys() - overlap.keys()))
    total = got.total() + len(free)
    fair = quotas(total, weights, got)
    totals = rounded(fair, lambda name: draw(seed, "pass", name))
    sheet = _sheet(free, {name: totals[name] - got[name] for name in totals})
    filled = fill(sheet, seed)
    own |= deal(free, filled.counts, seed, ("pass",))
    made = Handover(own, overlap, promoted, stuck)
    return replace(made, proof=_proof(made, left, weights, fair, seed))


def _proof(made: Handover, left: Left, weights: Weights, fair: Mapping[str, Fraction], seed: int) -> dict[str, Any]:
    """The figures of a handover; a picture that only changes from overlap to own is no new work."""
    after = Counter(member for member, _, picture in made.tasks if picture not in made.promoted)
    return {
        "kind": "reassign",
        "seed": seed,
        "weights": written(weights),
        "pictures": len(made.own) + len(made.overlap),
        "own": _by_member(made.own.values(), weights),
        "overlap": _by_member(made.overlap.values(), weights),
        "shares": {name: round(float(share), PLACES) for name, share in sorted(fair.items())},
        "subjects": strata(made.own, left.own, weights),
        "promoted": len(made.promoted),
        "stuck": len(made.stuck),
        "furthest": furthest(after, fair),
        "digest": digest(made.tasks),
    }


def _able(left: Left, task: tuple[str, str], weights: Weights) -> list[str]:
    """Who may take a task without being on the picture twice, and for an overlap task without having captioned it."""
    kind, picture = task
    out = set(left.captioners.get(picture, ()))
    if kind == "overlap":
        out |= left.authors.get(picture, frozenset())
    return [name for name in sorted(weights) if name not in out]


def _captioner(left: Left, picture: str, weights: Weights, seed: int) -> str | None:
    """The captioner of a picture who becomes its owner."""
    states = {name: state for name, state in left.captioners[picture].items() if name in weights}
    return min(
        sorted(states),
        key=lambda name: (BY_CAPTIONER.index(states[name]), draw(seed, "pass", picture, name)),
        default=None,
    )


def _sheet(subjects: Mapping[str, str], totals: Mapping[str, int]) -> Sheet:
    """So many pictures to each member, with the same mixture of subjects."""
    return Sheet(Counter(subjects.values()), {name: Fraction(total) for name, total in totals.items()}, totals=totals)


def _by_member(members: Iterable[str], weights: Weights) -> dict[str, int]:
    counts = Counter(members)
    return {name: counts[name] for name in sorted(weights)}
