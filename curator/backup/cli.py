"""`curator backup` and `curator restore`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from curator import console
from curator.console import AsJson, InFolder
from curator.identity.options import AsLead

if TYPE_CHECKING:
    from curator.store.backup import Manifest

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="A file that `curator backup` wrote.")]


def backup_command(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to; default: a new file in backups/.")
    ] = None,
    blobs: Annotated[bool, typer.Option("--blobs", help="Put the pictures in, too.")] = False,
    check: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Take none; prove that this one can be restored.")
    ] = None,
    as_json: AsJson = False,
    _folder: InFolder = None,
) -> None:
    """Write all that the store holds into one file, as of one moment, while others go on writing.

    With it go curator.toml and the style guide; with --blobs the pictures. The file holds everything that was ever
    written and the members' token hashes: keep it as you keep the store.
    """
    if check is not None:
        _check(check, as_json)
        return
    from curator.backup.taking import back_up
    from curator.workspace import Workspace

    path, manifest = back_up(Workspace.find(), output, blobs)
    if as_json:
        console.print_json({"file": str(path), **_summary(manifest)})
        return
    console.put(f"{path}: {_told(manifest)}")
    if manifest.missing:
        console.say(f"{len(manifest.missing)} pictures are missing or damaged in the workspace, and are not in it")
    console.say(f"prove it: curator backup --check {path}")


def restore_command(
    file: BackupFile,
    into: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The workspace; a new folder becomes one.")
    ] = None,
    store: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of the store of a new workspace, to move to a server.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite work that the backup lacks.")] = False,
    lead: AsLead = None,
    as_json: AsJson = False,
    _folder: InFolder = None,
) -> None:
    """Make a store what a backup holds: all of it or nothing, on either engine, whichever it was taken from.

    What the store held before is backed up first. Work that the backup lacks is overwritten only with --force.
    """
    from curator.backup.restoring import put_back
    from curator.workspace import Workspace

    folder = into if into is not None else Workspace.find().path
    _ask(folder, lead)
    done = put_back(file, folder, store, force)
    if as_json:
        before = None if done.before is None else str(done.before)
        told = {"workspace": str(done.workspace.path), "store": done.store, "before": before, "missing": done.missing}
        console.print_json({**told, **_summary(done.manifest)})
        return
    console.put(f"{done.workspace.path}: restored {_told(done.manifest)} into {done.store}")
    if done.before is not None:
        console.say(f"what was there before is in {done.before}")
    if done.missing:
        console.say(f"{done.missing} pictures are not there: copy the folder blobs/, or take a backup with --blobs")
    console.say("next: curator status")


def _ask(folder: Path, lead: str | None) -> None:
    """Raise GateError where the team whose store would be overwritten has a lead with a token, who is not asking."""
    from contextlib import closing

    from curator.errors import StoreError
    from curator.identity import leading
    from curator.store import open_store
    from curator.workspace import CONFIG_NAME, Workspace

    if not (folder / CONFIG_NAME).is_file():
        return
    workspace = Workspace.find(folder)
    try:
        store = open_store(workspace)
    except StoreError:
        return  # it is damaged or gone, which is what a restore is for: there is nobody in it to ask
    with closing(store):
        leading(workspace, store, lead)


def _check(file: Path, as_json: bool) -> None:
    from curator.store.backup import open_backup
    from curator.store.restore import prove

    with open_backup(file) as backup:
        prove(backup)
    if as_json:
        console.print_json({"file": str(file), "whole": True, **_summary(backup.manifest)})
        return
    console.put(f"{file}: whole; {_told(backup.manifest)}")


def _summary(manifest: "Manifest") -> dict[str, Any]:
    kept = asdict(manifest)
    pictures = sum(name.startswith("blobs/") for name in manifest.entries)
    return {name: kept[name] for name in ("tool", "made", "schema", "sequence", "rows")} | {
        "pictures": pictures,
        "pictures_missing": len(manifest.missing),
    }


def _told(manifest: "Manifest") -> str:
    rows = manifest.rows
    pictures = sum(name.startswith("blobs/") for name in manifest.entries)
    return (
        f"{rows.get('image', 0)} pictures ({pictures} with their bytes), {rows.get('revision', 0)} texts up to number "
        f"{manifest.sequence}, {rows.get('draft', 0)} drafts, of {manifest.made[:19]} UTC"
    )
