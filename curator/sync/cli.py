"""`curator sync-folder`."""

from pathlib import Path
from typing import Annotated

import typer

from curator import console
from curator.errors import GateError


def sync_folder_command(
    folder: Annotated[Path, typer.Argument(help="Folder with a caption file per picture: a git clone, say.")],
    author: Annotated[
        str | None, typer.Option("--as", metavar="MEMBER", help="Who wrote what git does not know the author of.")
    ] = None,
    authors: Annotated[
        list[str] | None,
        typer.Option(metavar="GIT=MEMBER", help="A name or e-mail address in git is this member. Repeatable."),
    ] = None,
    slot_per_line: Annotated[
        bool, typer.Option("--slot-per-line", help="Every line of a file is a caption of its own.")
    ] = False,
    merge_words: Annotated[
        bool, typer.Option("--merge-words", help="Where both sides changed different words, take both changes.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 4 if something is left to decide.")] = False,
    dry_run: console.DryRun = False,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Bring caption files and the store up to each other, caption by caption. Again: nothing changes.

    What only the files changed is taken, what only the store changed is written into the files. What both changed is a
    conflict: both texts are kept in the store, and the file stays as it is. Neither side ever deletes anything of the
    other. Git is only asked who wrote what; it is never made to change anything.
    """
    from curator.identity import acting, leading
    from curator.store import open_store
    from curator.sync.job import Wish, sync_folder
    from curator.workspace import Workspace

    workspace = Workspace.find()
    store = open_store(workspace)
    try:
        if author is not None:
            acting(workspace, store, author)
        elif not dry_run:
            leading(workspace, store, None)
        wish = Wish(folder, slot_per_line, author, tuple(authors or ()), merge_words, dry_run)
        report = sync_folder(workspace, store, wish, lambda items, total: console.progress(items, "captions", total))
    finally:
        store.close()
    if as_json:
        console.print_json(report.as_json())
    else:
        for line in report.lines():
            console.put(line)
        if dry_run:
            console.say("nothing was written (--dry-run)")
    left = len(report.conflicts) + len(report.refused)
    if strict and left:
        what = "1 file is" if left == 1 else f"{left} files are"
        raise GateError(f"{what} left to decide", hint="see what is listed; curator conflicts shows the texts")
