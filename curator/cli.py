"""The `curator` command line: parse, open, call one function, print. Nothing heavy is imported before it is needed."""

from pathlib import Path
from typing import Annotated

import typer

from curator import console
from curator.audit.cli import audit_command
from curator.backup.cli import backup_command, restore_command
from curator.catalogue.cli import app as datasets
from curator.demo import demo_command
from curator.identity.cli import app as token
from curator.identity.cli import roles_command
from curator.identity.options import AsLead
from curator.ingest.cli import ingest_command
from curator.release.cli import export_command, verify_command
from curator.split.cli import hold_out_command, reassign_command, rounds_command, split_command
from curator.split.members_cli import app as members
from curator.sync.cli import sync_folder_command
from curator.view.cli import (
    conflicts_command,
    exclude_command,
    history_command,
    list_command,
    settle_command,
    show_command,
    status_command,
)

app = console.app("curator", "Curate a captioned picture set as a team: ingest, split, audit, export.")
app.add_typer(datasets, name="datasets")
app.add_typer(token, name="token")
app.add_typer(members, name="members")


@app.command("init")
def init_command(
    folder: Annotated[Path, typer.Argument(help="The workspace to make.")] = Path(),
    members: Annotated[str, typer.Option(help="Names of the members, with commas between.")] = "",
    lead: Annotated[str | None, typer.Option(metavar="MEMBER", help="Who leads the team.")] = None,
    by: AsLead = None,
    _folder: console.InFolder = None,
) -> None:
    """Make a workspace: a folder with curator.toml and a store. Again: add members, change nothing else."""
    from curator.init import init

    names = [name.strip() for name in members.split(",") if name.strip()]
    workspace, added = init(folder, names, lead, by)
    console.put(f"{workspace.path}: workspace {workspace.config.name!r}; new members: {', '.join(added) or 'none'}")
    console.say("next: curator ingest FOLDER, or curator ingest --dataset openmoji")


app.command("ingest")(ingest_command)
app.command("hold-out")(hold_out_command)
app.command("split")(split_command)
app.command("reassign")(reassign_command)
app.command("rounds")(rounds_command)
app.command("status")(status_command)
app.command("list")(list_command)
app.command("show")(show_command)
app.command("conflicts")(conflicts_command)
app.command("history")(history_command)
app.command("settle")(settle_command)
app.command("sync-folder")(sync_folder_command)
app.command("exclude")(exclude_command)
app.command("audit")(audit_command)
app.command("export")(export_command)
app.command("verify")(verify_command)
app.command("roles")(roles_command)
app.command("backup")(backup_command)
app.command("restore")(restore_command)
app.command("demo")(demo_command)


def main() -> None:
    """Entry point of the `curator` script."""
    console.run(app)
