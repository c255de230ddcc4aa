"""`annotate progress`: how far everybody is, once or until stopped."""

import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from curator import console

if TYPE_CHECKING:
    from annotate.progress.figures import Progress

CLEAR = "\x1b[H\x1b[J"


def progress_command(
    watch: Annotated[bool, typer.Option("--watch", help="Show it again and again, until Ctrl+C.")] = False,
    every: Annotated[float, typer.Option(min=0.2, help="Seconds between two looks, with --watch.")] = 5.0,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Show how far each member is: done, open, time per caption, pace, last active, and what is left.

    Pace is captions an hour over the last stretch of work, pauses cut out. What is left is a range of working time, or
    of clock time for who is at work now; with fewer than five captions there is none.
    """
    from annotate.progress.figures import read
    from annotate.progress.wall import lines
    from curator.store import open_store
    from curator.workspace import Workspace

    store = open_store(Workspace.find())
    try:
        while True:
            found = read(store)
            if watch and not as_json and sys.stdout.isatty():
                typer.echo(CLEAR, nl=False)
            if as_json:
                console.print_json(as_dict(found))
            else:
                width = console_width()
                console.put("\n".join(lines(found, width)))
            if not watch:
                return
            sys.stdout.flush()
            time.sleep(every)
    except KeyboardInterrupt:
        if not watch:
            raise
    finally:
        store.close()


def console_width() -> int:
    """Columns of the terminal, or 80 where stdout is none."""
    from shutil import get_terminal_size

    return get_terminal_size().columns if sys.stdout.isatty() else 80


def as_dict(found: "Progress") -> dict[str, Any]:
    """The progress as JSON holds it."""
    return {
        "at": found.at,
        "own": asdict(found.own),
        "overlap": asdict(found.overlap),
        "overlap_pairs": found.pairs._asdict(),
        "unowned": found.unowned,
        "members": [{**asdict(each), "done": each.done, "open": each.open} for each in found.members],
    }
