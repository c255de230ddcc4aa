"""The gate: is this a member, still in the team, with the role for it, and is it really them as far as can be told."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from curator.errors import GateError, InputError, StoreError
from curator.identity import keeping
from curator.identity.roles import EVERYONE, LEADS, check_role
from curator.identity.tokens import fits, mark_of
from curator.record import Member, Role

MEMBER_VARIABLE = "CURATOR_MEMBER"
"""Who acts, where a command is not told."""

if TYPE_CHECKING:  # every command line imports this module for its options; only some open a store
    from curator.store import Store
    from curator.workspace import Workspace


def acting(workspace: "Workspace", store: "Store", member: str, *roles: Role) -> Member:
    """The member who acts, after every check; without `roles`, anyone but a contributor may.

    A member who has a token needs it on this machine; one without needs none. A login of PostgreSQL that
    `curator roles` made counts as a token, and for its own member only.

    Raises InputError for a name that nobody has, GateError for a member who left, has another role or whose token is
    not here, StoreError where the login is another member's.
    """
    with store.read():
        team = store.team.members()
        guard, login = store.tokens.guard(member), store.tokens.login()
    found = known_member(team, member)
    if found.left is not None:
        raise GateError(f"{member} left the team on {found.left[:10]}", hint=f"curator members return {member}")
    if login not in (None, member):
        raise StoreError(
            f"the store is open with the login of {login}, which cannot act as {member}",
            hint=f"--as {login}, or connect with the login of {member}",
        )
    check_role(found, roles or EVERYONE, team)
    if guard is not None and login is None:
        _check_token(workspace, member, guard)
    return found


def leading(workspace: "Workspace", store: "Store", member: str | None) -> Member | None:
    """The lead who acts, or None where nobody is named and nobody has to be.

    Somebody has to be named, here or in the environment, where the team has a lead with a token: then only a lead may.
    Raises as `acting` does.
    """
    with store.read():
        guarded = store.tokens.guarded()
        leads = [each.name for each in store.team.members() if each.role == "lead" and each.left is None]
        member = member or os.environ.get(MEMBER_VARIABLE) or store.tokens.login()
    if member is not None:
        return acting(workspace, store, member, *LEADS)
    if guarded.isdisjoint(leads):
        return None
    raise GateError(
        f"this is for a lead: {', '.join(leads)}",
        hint="say who you are: --as LEAD, or CURATOR_MEMBER in the environment",
    )


def known_member(members: Iterable[Member], name: str) -> Member:
    """The member of that name. Raises InputError that lists the names there are."""
    found = {member.name: member for member in members}
    if name not in found:
        raise InputError(
            f"no member is called {name!r}; the team is: {', '.join(sorted(found)) or 'empty'}",
            hint="name one of them with --as",
        )
    return found[name]


def _check_token(workspace: "Workspace", member: str, guard: str) -> None:
    token = keeping.given()
    if token is not None:
        if not fits(token, guard):
            raise GateError(f"the token in {keeping.TOKEN_VARIABLE} is not {member}'s", hint="correct it, or unset it")
        return
    token = keeping.find(mark_of(guard), workspace.path)
    if token is None or not fits(token, guard):
        raise GateError(
            f"{member} has a token, which is not on this machine",
            hint=f"put it there: curator token keep {member}; if it is lost, a lead makes a new one",
        )
