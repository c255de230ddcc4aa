"""Who may do what: the one table that commands ask, that docs/identity.md shows, and that PostgreSQL's roles follow."""

from collections.abc import Iterable

from curator.errors import GateError
from curator.record import Member, Role

LEADS: tuple[Role, ...] = ("lead",)
REVIEWERS: tuple[Role, ...] = ("lead", "reviewer")
EVERYONE: tuple[Role, ...] = ("lead", "reviewer", "annotator")

MAY: dict[str, tuple[Role, ...]] = {
    "look at everything, audit, export": EVERYONE,
    "caption own pictures, rate them, answer, flag, note": EVERYONE,
    "settle conflicts of own captions, find and replace in them": EVERYONE,
    "bring in a pack or a folder of own captions": EVERYONE,
    "make or renew one's own token": EVERYONE,
    "adjudicate, approve, settle conflicts of others' captions": REVIEWERS,
    "split, reassign, add and change members, hold out, exclude": LEADS,
    "find and replace in others' captions": LEADS,
    "bring in packs and folders of others, ingest": LEADS,
    "set gold answers": LEADS,
    "make and drop tokens of others": LEADS,
    "restore a backup": LEADS,
}
"""What may be done → by whom."""


def check_role(member: Member, roles: tuple[Role, ...], team: Iterable[Member]) -> None:
    """Raise GateError that names who may, unless `member` has one of `roles`.

    Where nobody in the team has one of them, every member but a contributor may: a team that never named a lead or a
    reviewer works as before.
    """
    holders = [each.name for each in team if each.role in roles and each.left is None]
    if member.role in roles or (not holders and member.role in EVERYONE):
        return
    who = " or ".join(each for each in EVERYONE if each in roles)
    named = ", ".join(holders) or "nobody yet"
    hint = f"curator members role {member.name} annotator" if member.role == "contributor" else f"ask {named}"
    raise GateError(f"{member.name} is {member.role} here; this is for {who}: {named}", hint)
