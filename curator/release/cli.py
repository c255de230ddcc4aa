"""`curator export` and `curator verify`."""

from typing import Annotated

import typer

from curator import console
from curator.release.options import FormatName, Options


def export_command(
    format_: Annotated[FormatName, typer.Option("--format", help="How the data lies on disk.")] = "webdataset",
    name: Annotated[str | None, typer.Option(help="Name of the release.", show_default="the next of v1, v2, …")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Leave the authors' names out.")] = False,
    skip_unready: Annotated[
        bool, typer.Option("--skip-unready", help="Leave out pictures in conflict or without caption.")
    ] = False,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Write a release, open it again, and compare it sample by sample.

    A release holds one snapshot of the set and is never changed. If nothing changed since the newest release, that is
    said and none is written. Pictures in conflict or without caption end the command with exit code 4.
    """
    from curator.release.export import export
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    options = Options(format_, anonymous, skip_unready)
    done = export(workspace, open_store(workspace), options, name)
    counts = done.plan.about["counts"]
    if as_json:
        about = {"release": done.folder.name, "new": done.is_new, "proved_by": done.proved_by, **done.plan.about}
        console.print_json(about)
        return
    for picture, reason in done.plan.left_out:
        console.say(f"left out: {picture}: {reason}")
    if not done.is_new:
        console.put(f"nothing changed since {done.folder.name}: no new release was written")
        return
    console.put(
        f"release {done.folder.name}: {counts['samples']} samples ({counts['train']} train, {counts['test']} test)"
    )
    console.put(f"opened again and compared by: {', '.join(done.proved_by)}")
    console.say(f"in {done.folder}\nnext: train run")


def verify_command(
    name: Annotated[str | None, typer.Argument(help="Release to verify.", show_default="the newest")] = None,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Open a release again and compare every file and sample with what was exported; exit code 4 if one differs."""
    from curator.release.reader import newest_release
    from curator.release.verify import verify
    from curator.workspace import Workspace

    folder = newest_release(Workspace.find().releases, name)
    readers = verify(folder)
    if as_json:
        console.print_json({"release": folder.name, "proved_by": readers})
    else:
        console.put(f"release {folder.name} is as it was exported; read by: {', '.join(readers)}")
