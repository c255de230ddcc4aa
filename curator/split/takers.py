"""Who takes part in a round, and with what weight."""

import math
import re
from collections.abc import Mapping

from curator.errors import InputError, UsageError
from curator.record import Member

CONTRIBUTOR = "contributor"
WEIGHT = re.compile(r"([^=]+)=(.+)")


def is_active(member: Member) -> bool:
    """Whether a member takes part in splits: not those who left, and not contributors."""
    return member.left is None and member.role != CONTRIBUTOR


def parse_weights(text: str | None) -> dict[str, float]:
    """`ada=2,ben=1` as weights by name. Raises UsageError for anything else."""
    weights = {}
    for part in filter(None, (each.strip() for each in (text or "").split(","))):
        match = WEIGHT.fullmatch(part)
        if not match:
            raise UsageError(f"--weight {part!r} is not NAME=NUMBER", hint="like --weight ada=2,ben=1")
        weights[match[1].strip()] = parse_weight(match[2])
    return weights


def parse_weight(text: str) -> float:
    """A weight as a number. Raises UsageError where it is none, or negative."""
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not 0 <= weight <= 1_000_000:
        raise UsageError(f"{text.strip()!r} is not a weight", hint="a number from 0 (gets nothing) to 1000000")
    return weight


def takers(members: list[Member], given: Mapping[str, float]) -> dict[str, float]:
    """Name → weight of all who take part: as stored, or as `given` for this round. Those who weigh 0 are left out.

    Raises InputError where nobody takes part, and where `given` names somebody who does not.
    """
    active = {member.name: member.weight for member in members if is_active(member)}
    for name in given:
        known_taker(members, name)
    weights = {name: weight for name, weight in {**active, **given}.items() if weight > 0}
    if not weights:
        what = "nobody has a weight above 0" if active else "this workspace has no members"
        raise InputError(what, hint="`curator members` shows them; add some: curator members add ada ben")
    return weights


def known_taker(members: list[Member], name: str) -> Member:
    """The active member of that name. Raises InputError that says why there is none."""
    member = known(members, name)
    if member.left is not None:
        raise InputError(f"{name!r} has left", hint=f"curator members return {name}")
    if member.role == CONTRIBUTOR:
        raise InputError(f"{name!r} is a contributor", hint=f"curator members role {name} annotator")
    return member


def known(members: list[Member], name: str) -> Member:
    """The member of that name, whatever became of them. Raises InputError that lists the names there are."""
    for member in members:
        if member.name == name:
            return member
    names = ", ".join(member.name for member in members)
    raise InputError(f"no member is called {name!r}; the team is: {names or 'empty'}", hint="curator members")
