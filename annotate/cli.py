"""The `annotate` command: captioning in the terminal."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from annotate.adjudication.cli import adjudicate_command
from annotate.agreement.cli import agreement_command, gold
from annotate.captioner.actions import KEYBOARD
from annotate.captioner.start import Wishes
from annotate.drafts.cli import drafts
from annotate.pack.cli import merge_command, pack_command
from annotate.progress.cli import progress_command
from annotate.replace.cli import replace_command
from curator import console
from curator.console import AsJson, InFolder
from curator.errors import InputError, UsageError
from curator.identity.gate import MEMBER_VARIABLE

app = console.app("annotate", "Caption a set of pictures as a team.")
app.command("adjudicate")(adjudicate_command)
app.command("agreement")(agreement_command)
app.add_typer(gold, name="gold")
app.add_typer(drafts, name="drafts")


ShowOnly = Annotated[
    str, typer.Option("--filter", metavar="EXPR", help="Show only these pictures, in the language of docs/filter.md.")
]
Captioner = Annotated[
    str | None, typer.Option("--as", metavar="MEMBER", envvar=MEMBER_VARIABLE, help="Who is captioning.")
]
Pack = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Work in a pack (annotate pack), without the store it comes from.")
]
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
    member: Captioner = None,
    show_only: ShowOnly = "",
    pack: Pack = None,
    pictures: Pictures = None,
    _folder: InFolder = None,
) -> None:
    """Caption your pictures in the terminal.

    Drafts are on disk within 0.3 s of the keyboard, and the next start continues where you left. F1 shows the keys.
    """
    _run(pack, member, lambda name: Wishes(name, pictures, show_only))


@app.command()
def session(
    member: Captioner = None,
    minutes: Annotated[float, typer.Option(help="How long it is to take.")] = 25,
    goal: Annotated[int | None, typer.Option(help="Captions to write in this time.")] = None,
    show_only: ShowOnly = "",
    pack: Pack = None,
    pictures: Pictures = None,
    _folder: InFolder = None,
) -> None:
    """Caption in the terminal for a set time, with the progress on the wall and a summary at the end.

    The time, and how it goes, stand in the first line; F10 shows the team's progress. Nothing is cut off when time is
    up.
    """
    from annotate.progress.timebox import TimeBox

    _run(pack, member, lambda name: Wishes(name, pictures, show_only, TimeBox(name, minutes, goal)))


@app.command()
def keys(as_json: AsJson = False, _folder: InFolder = None) -> None:
    """List the keys of `annotate tui` and what they do."""
    if as_json:
        console.print_json([vars(action) for action in KEYBOARD.actions])
        return
    console.print_table(("where", "keys", "what they do"), KEYBOARD.rows())


@app.command()
def doctor(pictures: Pictures = None, as_json: AsJson = False, _folder: InFolder = None) -> None:
    """Say how pictures are painted on this terminal and why, what else there is, and what would be better."""
    from annotate.pictures.choice import asked_for
    from annotate.pictures.doctor import examine
    from annotate.pictures.shelf import thumbnails
    from annotate.pictures.terminal import look

    asked = asked_for(pictures, os.environ)
    report = examine(look(os.environ, sys.__stdin__, sys.__stderr__), asked, thumbnails(), os.environ)
    if as_json:
        console.print_json(report.as_dict())
        return
    console.print_table(("what", "how it is"), report.rows())


app.command("progress")(progress_command)
app.command("replace")(replace_command)
app.command("pack")(pack_command)
app.command("merge")(merge_command)


def _run(pack: Path | None, member: str | None, wish: Callable[[str], Wishes]) -> None:
    from annotate.captioner.start import caption
    from curator.store import open_store
    from curator.workspace import Workspace

    console.require("textual", "tui")
    if pack is not None:
        from annotate.pack.desk import close_pack, open_pack

        workspace, name = open_pack(pack)
        if member not in (None, name):
            raise InputError(f"{pack} is the pack of {name}, not of {member}", hint=f"leave --as {member} out")
    elif member is not None:
        workspace, name = Workspace.find(), member
    else:
        raise UsageError("say who is captioning", hint="--as MEMBER, or --pack FILE")
    store = open_store(workspace)
    try:
        code = caption(workspace, store, wish(name))
    finally:
        store.close()
        if pack is not None:
            close_pack(pack, workspace)
            console.say(f"{pack} holds what was done: bring it back with annotate merge {pack}")
    raise typer.Exit(code)


def main() -> NoReturn:
    """Entry point of the console script."""
    console.run(app)
