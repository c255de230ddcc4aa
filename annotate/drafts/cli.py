"""`annotate drafts`: what models have written, brought in and looked over."""

from pathlib import Path
from typing import Annotated

import typer

from curator import console
from curator.identity.options import AsLead

drafts = console.app("drafts", "Captions that a model wrote: shown apart, never exported.")


@drafts.command("add")
def add_command(
    source: Annotated[
        Path, typer.Argument(help="A .csv or .jsonl file (picture, caption), or a folder of .txt files.")
    ],
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="What wrote them; a later version is another.")],
    skip_unknown: Annotated[bool, typer.Option("--skip-unknown", help="Leave out pictures not in the set.")] = False,
    dry_run: console.DryRun = False,
    lead: AsLead = None,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Bring in the captions of a model. Members see them apart from people's, and may take one up.

    They are no captions: export, audit and agreement leave them out. The same file again adds nothing.
    """
    from annotate.drafts.files import read_drafts
    from annotate.drafts.machine import add_drafts, check_model, place
    from curator.identity import leading
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    store = open_store(workspace)
    try:
        leading(workspace, store, lead)
        check_model(store, model)
        found, left = place(read_drafts(source), store, skip_unknown)
        adding = [] if dry_run else list(console.progress(add_drafts(store, model, found), "adding", len(found)))
    finally:
        store.close()
    counts = {"model": model, "read": len(found) + len(left), "added": sum(adding), "left_out": len(left)}
    if as_json:
        console.print_json({**counts, "dry_run": dry_run})
        return
    done = f"{len(found)} would be added or are there" if dry_run else f"{sum(adding)} drafts added"
    console.put(f"{model}: {counts['read']} captions read, {done}, {len(left)} left out")


@drafts.command("list")
def list_command(as_json: console.AsJson = False, _folder: console.InFolder = None) -> None:
    """Show what each model has drafted, and how much of it members took up."""
    from annotate.drafts.machine import told
    from curator.store import open_store
    from curator.workspace import Workspace

    store = open_store(Workspace.find())
    try:
        rows = [vars(each) for each in told(store)]
    finally:
        store.close()
    if as_json:
        console.print_json(rows)
        return
    columns = ["model", "drafts", "pictures", "taken", "unchanged", "newest"]
    console.print_table(columns, [[row[column] for column in columns] for row in rows])
