"""`curator members`: who is in the team, with what role and weight, and who has left."""

from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from curator import console
from curator.errors import UsageError
from curator.identity.options import AsLead
from curator.record import Role

if TYPE_CHECKING:
    from curator.store import Store

app = console.app("members", "The team: who takes part, with what role and weight.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="A member's name.")]


@app.command("list")
def list_command(as_json: console.AsJson = False, _folder: console.InFolder = None) -> None:
    """List the members with role, weight, the time they joined, and the time they left."""
    from curator.store import open_store
    from curator.workspace import Workspace

    members = open_store(Workspace.find()).team.members()
    if as_json:
        console.print_json([vars(member) for member in members])
        return
    columns = ["name", "role", "weight", "joined", "left"]
    rows = [[each.name, each.role, each.weight, _day(each.joined), _day(each.left)] for each in members]
    console.print_table(columns, rows)


@app.command("add")
def add_command(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Names of new members.")],
    role: Annotated[str, typer.Option(help="lead, annotator, reviewer or contributor.")] = "annotator",
    weight: Annotated[str, typer.Option(help="Share of the work, compared with others' weights.")] = "1",
    lead: AsLead = None,
    _folder: console.InFolder = None,
) -> None:
    """Add members, who get a share of the next split; `curator split --join NAME` gives one a share of what is open."""
    from curator.init import check_names
    from curator.record import Member
    from curator.split.takers import parse_weight

    store = _store_of(lead)
    check_names(names)
    known_role, share = _role(role), parse_weight(weight)
    with store.write():
        added = [name for name in names if store.team.add(Member(name, known_role, share))]
        for name in added:
            store.history.note("member", name, did="added", role=role, weight=share)
    for name in names:
        console.put(f"{name}: {'added' if name in added else 'is a member already, and unchanged'}")


@app.command("role")
def role_command(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="lead, annotator, reviewer or contributor.")],
    lead: AsLead = None,
    _folder: console.InFolder = None,
) -> None:
    """Give a member another role. A contributor takes no part in splits."""
    _change(_store_of(lead), name, "role", _role(role))


@app.command("weight")
def weight_command(
    name: Name,
    weight: Annotated[str, typer.Argument(metavar="WEIGHT", help="2 gets twice as much as 1, and 0 nothing new.")],
    lead: AsLead = None,
    _folder: console.InFolder = None,
) -> None:
    """Set a member's share of the work from the next round on."""
    from curator.split.takers import parse_weight

    _change(_store_of(lead), name, "weight", parse_weight(weight))


@app.command("leave")
def leave_command(name: Name, lead: AsLead = None, _folder: console.InFolder = None) -> None:
    """Note that a member has left: they get nothing new, and all that they wrote stays."""
    from curator.store.database import now

    store = _store_of(lead)
    _change(store, name, "left", now())
    if open_tasks := store.team.task_counts().get(name, {}).get("open"):
        console.say(f"{name} has {open_tasks} pictures open: curator reassign --from {name}")


@app.command("return")
def return_command(name: Name, lead: AsLead = None, _folder: console.InFolder = None) -> None:
    """Note that a member is back, and takes part in splits again."""
    _change(_store_of(lead), name, "left", None)


def _store_of(lead: str | None) -> "Store":
    """The store, open for what only a lead may do where the team's lead has a token."""
    from curator.identity import leading
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    store = open_store(workspace)
    leading(workspace, store, lead)
    return store


def _change(store: "Store", name: str, key: str, value: str | float | None) -> None:
    """Set one thing of a member, record it, say it."""
    from curator.split.takers import known

    with store.write():
        before = getattr(known(store.team.members(), name), key)
        store.team.change(name, **{key: value})
        store.history.note("member", name, did=key, before=before, now=value)
    said = {"left": "has left" if value else "is back"}.get(key, f"{key} is now {value}, was {before}")
    console.put(f"{name}: {said}")


def _role(role: str) -> Role:
    if role not in get_args(Role):
        raise UsageError(f"{role!r} is not a role", hint=f"one of {', '.join(get_args(Role))}")
    return cast(Role, role)


def _day(time: str | None) -> str | None:
    return time[:10] if time else None
