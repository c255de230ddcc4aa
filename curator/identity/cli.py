"""`curator token` and `curator roles`."""

import sys
from typing import Annotated

import typer

from curator import console
from curator.identity.options import AsLead

app = console.app("token", "Tokens that keep members from acting as each other by mistake.")

Name = Annotated[str, typer.Argument(metavar="MEMBER", help="Whose token.")]


@app.command("new")
def new_command(member: Name, lead: AsLead = None, _folder: console.InFolder = None) -> None:
    """Make a token for yourself, or as a lead for another member, and print it; an earlier one holds no longer.

    The store keeps a salted hash. Your own token is kept on this machine; another member's is for them to keep.
    """
    from curator.identity.handing import new_token
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    token, where = new_token(workspace, open_store(workspace), member, lead or member)
    console.put(token)
    console.say(f"kept in {where}; it is not shown again" if where else "it is not shown again")
    console.say(f"next, on each machine of {member}: curator token keep {member}")


@app.command("keep")
def keep_command(member: Name, _folder: console.InFolder = None) -> None:
    """Keep your token on this machine: it is read from stdin, or asked for."""
    from curator.identity.handing import keep_token
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    store = open_store(workspace)
    token = typer.prompt("token", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    console.put(f"the token of {member} is kept in {keep_token(workspace, store, member, token.strip())}")


@app.command("drop")
def drop_command(member: Name, lead: AsLead = None, _folder: console.InFolder = None) -> None:
    """Take a member's token away: nobody needs one then to act as that member."""
    from curator.identity.handing import drop_token
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    drop_token(workspace, open_store(workspace), member, lead)
    console.put(f"{member} has no token any more")


@app.command("list")
def list_command(as_json: console.AsJson = False, _folder: console.InFolder = None) -> None:
    """List the members with their roles, and who has a token, and whose is on this machine."""
    from curator.identity.handing import tokens
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    rows = tokens(workspace, open_store(workspace))
    if as_json:
        console.print_json(rows)
        return
    columns = ["member", "role", "token", "here"]
    shown = [{**row, "token": "yes" if row["token"] else "no", "here": "yes" if row["here"] else "no"} for row in rows]
    console.print_table(columns, [[row[column] for column in columns] for row in shown])


def roles_command(
    prefix: Annotated[
        str | None, typer.Option(help="What the names of the logins begin with.", show_default="the database's name, _")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Carry it out, as the owner of the database.")] = False,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Print the SQL that gives each member a login of PostgreSQL with no more rights than the role has; or apply it.

    Again after members came, left or changed roles: the logins follow. A login gets no password here: give it one in
    psql with \\password LOGIN.
    """
    from curator.store import open_store
    from curator.store.postgres_roles import plan_roles
    from curator.workspace import Workspace

    plan = plan_roles(open_store(Workspace.find()), prefix)
    if apply:
        plan.apply()
    if as_json:
        console.print_json({"logins": plan.logins, "closed": plan.closed, "applied": apply, "sql": plan.sql})
    elif apply:
        for member, login in plan.logins.items():
            console.put(f"{member}: login {login}")
        for login in plan.closed:
            console.put(f"closed: login {login}")
    else:
        console.put(plan.sql)
    console.say(
        "next, for each new login, in psql: \\password LOGIN" if apply else "nothing was changed; --apply does it"
    )
