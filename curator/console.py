"""What every command line of the project shares: options, output, progress, and the single place where errors end.

stdout carries data and nothing else; stderr carries narration, progress and errors.
"""

import json
import logging
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn, Protocol, TypeVar

import typer

from curator.errors import CuratorError, ExitCode

HELP_NAMES = ["-h", "--help"]
KEPT = "\n\t\N{ZERO WIDTH JOINER}"
T = TypeVar("T")


def _work_in(folder: Path | None) -> None:
    if folder is None:
        return
    try:
        os.chdir(folder)
    except OSError as error:
        raise typer.BadParameter(
            f"{plain(str(folder))} is not a folder that can be entered: {error.strerror}"
        ) from error


InFolder = Annotated[
    Path | None,
    typer.Option("-C", metavar="DIR", help="Work as if started in DIR.", callback=_work_in, is_eager=True),
]
"""Every command and every group takes it, so that `-C` may stand before or after the command's name."""

LARGEST_SEED = 2**63 - 1
"""What the store and torch can both hold."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout instead of text.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done and change nothing.")]


def app(name: str, about: str) -> typer.Typer:
    """A command group with the project's conventions; a group without a command prints its help."""
    group = typer.Typer(
        name=name,
        help=about,
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": HELP_NAMES, "max_content_width": 100},
    )

    @group.callback()
    def options(_folder: InFolder = None) -> None:
        """Take the options that every command shares."""

    return group


def run(group: typer.Typer) -> NoReturn:
    """Run a command line to its end: turn expected errors into one clear message and the documented exit code."""
    # Where other programs want the processor too, torch's threads that spin while they wait made training 4 to 30
    # times slower (measured on two cores). It has to be said before torch is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stderr)
    try:
        group()
    except CuratorError as error:
        complain(error.message, error.hint)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.filename is None and error.errno is None:
            raise
        complain(f"{error.filename or 'the system'}: {error.strerror or error}")
        sys.exit(ExitCode.INPUT)
    except KeyboardInterrupt:
        sys.exit(ExitCode.STOPPED)
    sys.exit(ExitCode.DONE)


def complain(message: str, hint: str | None = None) -> None:
    """Print an error and what to do about it on stderr."""
    typer.echo(f"error: {plain(message)}", err=True)
    if hint:
        typer.echo(f"  {plain(hint)}", err=True)


def say(message: str) -> None:
    """Narrate on stderr."""
    typer.echo(plain(message), err=True)


def put(text: str) -> None:
    """Print data on stdout, freed of terminal escapes."""
    typer.echo(plain(text))


def print_json(value: Any) -> None:
    """Print a value as indented JSON on stdout; characters that a terminal would act on are written as \\u escapes."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    typer.echo("".join(json.dumps(each)[1:-1] if _is_control(each) else each for each in text))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows as an aligned table on stdout; None is an empty cell, numbers stand to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [["" if value is None else value for value in row] for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        numeric = bool(cells) and all(isinstance(row[index], int | float) or row[index] == "" for row in cells)
        table.add_column(Text(plain(column)), justify="right" if numeric else "left", overflow="fold")
    for row in cells:
        table.add_row(*(Text(plain(str(value))) for value in row))
    width = None if sys.stdout.isatty() else 160
    Console(file=sys.stdout, width=width, highlight=False).print(table)


def plain(text: str) -> str:
    """`text` without control and escape characters: line breaks, tabs and joiners stay, the rest becomes U+FFFD.

    Captions are other people's text; a terminal would carry out what they hide.
    """
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_control(each) else each for each in text)


def _is_control(character: str) -> bool:
    return character not in KEPT and unicodedata.category(character) in ("Cc", "Cf", "Cs")


class Tracker(Protocol):
    """What a progress bar offers to the work that moves it."""

    def advance(self, steps: float = 1) -> None: ...
    def note(self, text: str) -> None: ...


class _Silent:
    def advance(self, steps: float = 1) -> None:
        del steps

    def note(self, text: str) -> None:
        del text


@contextmanager
def bar(label: str, total: float | None, done: float = 0) -> Iterator[Tracker]:
    """A progress bar on stderr, or nothing at all where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield _Silent()
        return
    from rich import progress as shown
    from rich.console import Console

    columns = (
        shown.TextColumn("{task.description}", markup=False),
        shown.BarColumn(),
        shown.MofNCompleteColumn(),
        shown.TimeElapsedColumn(),
        shown.TimeRemainingColumn(),
        shown.TextColumn("{task.fields[note]}", markup=False),
    )
    with shown.Progress(*columns, console=Console(file=sys.stderr)) as display:
        task = display.add_task(label, total=total, completed=int(done), note="")

        class Shown:
            def advance(self, steps: float = 1) -> None:
                display.advance(task, steps)

            def note(self, text: str) -> None:
                display.update(task, note=plain(text))

        yield Shown()


def progress(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Yield `items` one by one while a bar on stderr counts them; `total` where the items have no length."""
    if total is None and isinstance(items, Sequence):
        total = len(items)
    with bar(label, total) as tracker:
        for item in items:
            yield item
            tracker.advance()


def require(module: str, extra: str) -> None:
    """Raise MissingExtra if `module` cannot be found; nothing is imported."""
    from importlib.util import find_spec

    from curator.errors import MissingExtra

    if find_spec(module) is None:
        raise MissingExtra(module, extra)
