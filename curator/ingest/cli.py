"""`curator ingest`: a folder of pictures and captions into the workspace."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curator import console
from curator.errors import GateError, UsageError
from curator.identity.options import AsLead

if TYPE_CHECKING:  # Pillow and the store are imported when the command runs, not when its help is shown
    from curator.ingest.request import Request
    from curator.ingest.summary import Summary
    from curator.workspace import Workspace

DATASETS = "datasets"
"""Folder of the workspace that `--dataset` puts a known set in."""


def ingest_command(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with pictures, and captions beside them or in captions/.")
    ] = None,
    table: Annotated[
        Path | None, typer.Option(help="CSV with columns image, caption, subject, author, licence, source.")
    ] = None,
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="OTHER=OURS", help="Read the table's column OTHER as OURS. Repeatable."),
    ] = None,
    dataset: Annotated[str | None, typer.Option(help="A known set instead of a folder: openmoji, say.")] = None,
    group: Annotated[str | None, typer.Option(help='With --dataset openmoji: "Animals & Nature", say.')] = None,
    author: Annotated[str, typer.Option(help="Who wrote the captions, where the table does not say.")] = "",
    licence: Annotated[str | None, typer.Option(help="Of the pictures, where the table does not say.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 4 if a file is quarantined.")] = False,
    lead: AsLead = None,
    dry_run: console.DryRun = False,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Read pictures and captions into the workspace. Again: only what is new or changed is read.

    Nothing in FOLDER is changed. Files that cannot be taken are listed with the reason and stop nothing.
    """
    from curator.ingest.request import Request
    from curator.workspace import Workspace

    workspace = Workspace.find()
    columns = _columns(mapped or [])
    if columns and table is None:
        raise UsageError("--map renames columns of --table FILE, which is missing")
    folder, table = _place(workspace, folder, table, dataset, group)
    summary = _run(workspace, lead, Request(folder, table, columns, author, licence, dry_run))
    if as_json:
        console.print_json(summary.as_json())
    else:
        for line in summary.lines():
            console.put(line)
    if summary.new_images and not dry_run:
        console.say("next: curator hold-out, curator split --overlap 10%")
    if strict and summary.quarantined:
        number = len(summary.quarantined)
        what = "1 file is" if number == 1 else f"{number} files are"
        raise GateError(f"{what} quarantined", hint="repair or remove what is listed, or leave --strict out")


def _run(workspace: "Workspace", lead: str | None, request: "Request") -> "Summary":
    from curator.identity import leading
    from curator.ingest.job import Job
    from curator.store import open_store

    store = open_store(workspace)
    try:
        leading(workspace, store, lead)
        job = Job(workspace, store, request)
        for phase in job.phases():
            steps = console.progress(phase.steps, phase.label, phase.total) if phase.total else phase.steps
            for _path in steps:
                pass
    finally:
        store.close()
    return job.summary


def _place(
    workspace: "Workspace", folder: Path | None, table: Path | None, dataset: str | None, group: str | None
) -> tuple[Path, Path | None]:
    """Folder and table to read; a known set is put there first."""
    if dataset is None:
        if folder is None:
            raise UsageError("nothing to read: name a FOLDER, or a known set with --dataset NAME")
        if group is not None:
            raise UsageError("--group belongs to --dataset")
        return folder, table
    if table is not None:
        raise UsageError("--dataset brings its own table", hint="leave --table out")
    from curator.catalogue.get import Choice, get_dataset

    made = get_dataset(dataset, folder or workspace.path / DATASETS / dataset, Choice(group=group))
    return made, made / "table.csv"


def _columns(mapped: list[str]) -> dict[str, str]:
    from curator.config import unknown_key
    from curator.ingest.table import COLUMNS

    columns = {}
    for each in mapped:
        other, equals, ours = each.rpartition("=")
        if not equals or not other:
            raise UsageError(f"--map {each}: write OTHER=OURS", hint=f"OURS is one of {', '.join(COLUMNS)}")
        if ours not in COLUMNS:
            wrong = unknown_key(ours, ours, COLUMNS, f"--map {each}")
            raise UsageError(wrong.message, wrong.hint)
        columns[other] = ours
    return columns
