"""Tokens on their way: made, kept on a machine, taken away, listed."""

from typing import Any

from curator.errors import GateError, InputError
from curator.identity import keeping
from curator.identity.gate import acting, known_member, leading
from curator.identity.roles import LEADS
from curator.identity.tokens import fits, guard_of, make_token, mark_of
from curator.store import Store
from curator.workspace import Workspace


def new_token(workspace: Workspace, store: Store, member: str, by: str) -> tuple[str, str | None]:
    """A new token for `member`, made by themselves or by a lead, and where it is kept: nowhere if it is another's.

    Raises InputError for an unknown name, GateError for one who may not.
    """
    acting(workspace, store, by, *(() if by == member else LEADS))
    known_member(store.team.members(), member)
    token = make_token()
    guard, old = guard_of(token), store.tokens.guard(member)
    # On the machine first: a token that the store asks for and nobody has would lock its member out.
    where = keeping.keep(mark_of(guard), token, workspace.path) if by == member else None
    with store.write():
        store.tokens.set_guard(member, guard)
        store.history.note("token made", member=by, whose=member)
    if old is not None:
        keeping.forget(mark_of(old), workspace.path)
    return token, where


def keep_token(workspace: Workspace, store: Store, member: str, token: str) -> str:
    """Keep a member's token on this machine; returns where. Raises InputError or GateError where it is not theirs."""
    known_member(store.team.members(), member)
    guard = store.tokens.guard(member)
    if guard is None:
        raise InputError(f"{member} has no token and needs none", hint=f"make one: curator token new {member}")
    if not fits(token, guard):
        raise GateError(
            f"this is not the token of {member}", hint="copy it whole; if it is lost, a lead makes a new one"
        )
    return keeping.keep(mark_of(guard), token, workspace.path)


def drop_token(workspace: Workspace, store: Store, member: str, lead: str | None) -> None:
    """Take a member's token away, as a lead. Raises InputError for an unknown name, GateError for one who may not."""
    by = leading(workspace, store, lead)
    known_member(store.team.members(), member)
    guard = store.tokens.guard(member)
    with store.write():
        store.tokens.set_guard(member, None)
        store.history.note("token dropped", member=by.name if by else None, whose=member)
    if guard is not None:
        keeping.forget(mark_of(guard), workspace.path)


def tokens(workspace: Workspace, store: Store) -> list[dict[str, Any]]:
    """Each member with role, whether there is a token, and whether it is on this machine."""
    with store.read():
        team, guarded = store.team.members(), store.tokens.guarded()
        guards = {name: store.tokens.guard(name) for name in guarded}
    return [
        {
            "member": each.name,
            "role": each.role,
            "left": each.left,
            "token": each.name in guarded,
            "here": _is_here(workspace, guards.get(each.name)),
        }
        for each in team
    ]


def _is_here(workspace: Workspace, guard: str | None) -> bool:
    if guard is None:
        return False
    token = keeping.given() or keeping.find(mark_of(guard), workspace.path)
    return token is not None and fits(token, guard)
