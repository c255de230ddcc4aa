"""The `annotate` command: captioning in the terminal."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from annotate.actions import ACTIONS, rows
from annotate.agreement.cli import agreement_command, gold
from annotate.packing import merge_command, pack_command
from curator import console
from curator.console import AsJson, InFolder
from curator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from curator.store import Store
    from curator.workspace import Workspace

app = console.app("annotate", "Caption a set of pictures as a team.")
app.command("agreement")(agreement_command)
app.add_typer(gold, name="gold")


Pictures = Annotated[
    str | None,
    typer.Option(
        "--pictures",
        metavar="HOW",
        help="auto, half, quadrant, sextant, kitty, sixel, shades or none; else CURATOR_PICTURES says it.",
    ),
]


@app.command()
def tui(
    member: Annotated[str, typer.Option("--as", metavar="MEMBER", help="Who is captioning.")],
    pictures: Pictures = None,
    _folder: InFolder = None,
) -> None:
    """Caption your pictures in the terminal.

    Drafts are on disk within 0.3 s of the keyboard, and the next start continues where you left. F1 shows the keys.
    """
    from curator.store import open_store
    from curator.workspace import Workspace

    console.require("textual", "tui")
    workspace = Workspace.find()
    store = open_store(workspace)
    try:
        code = _caption(workspace, store, member, pictures)
    finally:
        store.close()
    raise typer.Exit(code)


@app.command()
def keys(as_json: AsJson = False, _folder: InFolder = None) -> None:
    """List the keys of `annotate tui` and what they do."""
    if as_json:
        console.print_json([vars(action) for action in ACTIONS])
        return
    console.print_table(("where", "keys", "what they do"), rows())


@app.command()
def doctor(pictures: Pictures = None, as_json: AsJson = False, _folder: InFolder = None) -> None:
    """Say how pictures are painted on this terminal and why, what else there is, and what would be better."""
    from annotate.choice import asked_for
    from annotate.doctor import examine
    from annotate.shelf import thumbnails
    from annotate.terminal import look

    asked = asked_for(pictures, os.environ)
    report = examine(look(os.environ, sys.__stdin__, sys.__stderr__), asked, thumbnails(), os.environ)
    if as_json:
        console.print_json(report.as_dict())
        return
    console.print_table(("what", "how it is"), report.rows())


app.command("pack")(pack_command)
app.command("merge")(merge_command)


def _caption(workspace: "Workspace", store: "Store", member: str, pictures: str | None) -> int:
    from annotate.ledger import load_queue, read_line
    from annotate.places import place_file, read_place
    from annotate.session import Session
    from curator.blobs import Blobs

    queue = load_queue(store, member)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):  # Textual reads stdin and draws on stderr
        raise UsageError("annotate tui needs a terminal", hint="run it in one, without redirecting stdin or stderr")
    # Textual takes a third of a second to import: only those who caption wait for it.
    from annotate.app import CLOSING_S, CaptionApp
    from annotate.choice import asked_for, choose
    from annotate.pictures import GRAPHICS_PX, THUMBNAIL_PX, Gallery
    from annotate.rescue import rescue
    from annotate.screens.caption import Desk
    from annotate.scribe import Scribe
    from annotate.shelf import thumbnails
    from annotate.terminal import look

    paint = choose(look(os.environ, sys.__stdin__, sys.__stderr__), asked_for(pictures, os.environ))
    side_px = GRAPHICS_PX if paint.graphics else THUMBNAIL_PX
    gallery = Gallery(Blobs(workspace.blobs).read, thumbnails(), side_px)

    place = place_file(workspace.path, member)
    scribe = Scribe(store, member)
    session = Session(queue, read_place(place))
    session.go(session.index, read_line(store, member, session.item))
    captioning = CaptionApp(Desk(workspace.config.name, session, scribe, gallery, place), paint)
    try:
        captioning.run()
    finally:
        left = scribe.close(CLOSING_S)
        for draft in left:
            where = rescue(draft)
            console.complain(
                f"the store did not take your last draft of picture {draft.image[:12]}", f"it is in {where}"
            )
    return ExitCode.INPUT if left else captioning.return_code or ExitCode.DONE


def main() -> NoReturn:
    """Entry point of the console script."""
    console.run(app)
