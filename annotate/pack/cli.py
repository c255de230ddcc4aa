"""`annotate pack` and `annotate merge`."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curator import console
from curator.errors import InputError, UsageError
from curator.wording import counted

if TYPE_CHECKING:  # Pillow and the store are imported when a command runs, not when its help is shown
    from annotate.pack.merge import Merged
    from annotate.pack.write import Packing

SHOWN = 10
SUFFIX = ".pack"


def pack_command(
    member: Annotated[str | None, typer.Option("--as", metavar="MEMBER", help="Whose pack to make.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", metavar="FILE", help="Where to write it.", show_default="SET-MEMBER.pack")
    ] = None,
    size: Annotated[int, typer.Option(min=64, max=16384, help="Longest side of the pictures, in pixels.")] = 1024,
    full: Annotated[bool, typer.Option("--full", help="Take the pictures as they are.")] = False,
    close: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what was done in a pack into FILE.")] = None,
    _folder: console.InFolder = None,
) -> None:
    """Write one file that a member captions from without the store: annotate tui --pack FILE.

    It holds the member's pictures, the captions that the member may see, the style guide and the settings. The same
    store and options make the same file. Bring it back with annotate merge.
    """
    if (member is None) == (close is None):
        raise UsageError("give either --as MEMBER or --close FILE", hint="annotate pack --as ada")
    if close is not None:
        _close(close)
    elif member is not None:
        _report_packing(_pack(member, output, None if full else size))


def merge_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Packs to bring back.")],
    member: Annotated[
        str | None, typer.Option("--as", metavar="MEMBER", help="Take only packs of this member.")
    ] = None,
    dry_run: console.DryRun = False,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Bring packs back into the store. Once or ten times, in any order: the result is the same.

    Nothing is overwritten: a text that was based on one that has changed since is kept beside it, as a conflict. Drafts
    stay in the pack. A pack that is refused stops no other.
    """
    from annotate.pack.merge import merge_pack
    from curator.identity import acting, leading
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    store = open_store(workspace)
    merged: list[Merged] = []
    refused: list[tuple[str, InputError]] = []
    try:
        if member is not None:
            acting(workspace, store, member)
        elif not dry_run:
            leading(workspace, store, None)
        for file in files:
            try:
                merged.append(merge_pack(workspace, store, file, member, dry_run))
            except InputError as error:
                refused.append((str(file), error))
    finally:
        store.close()
    if as_json:
        lost = [{"file": file, "why": error.message} for file, error in refused]
        console.print_json({"dry_run": dry_run, "packs": [each.as_json() for each in merged], "refused": lost})
    else:
        for line in (line for each in merged for line in _lines(each, dry_run)):
            console.put(line)
    if len(refused) == 1:
        raise refused[0][1]
    if refused:
        said = "; ".join(error.message for _, error in refused)
        raise InputError(f"{len(refused)} of {len(files)} packs were refused: {said}", hint="the others are done")


def _pack(member: str, output: Path | None, longest_side: int | None) -> "Packing":
    from annotate.captioner.ledger import CAPTIONING
    from annotate.pack.write import write_pack
    from curator.identity import acting
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    file = output or Path(f"{workspace.config.name}-{member}{SUFFIX}".replace("/", "-"))
    store = open_store(workspace)
    try:
        acting(workspace, store, member)
        with console.bar("pictures", len(store.queues.places(member, CAPTIONING))) as tracker:
            return write_pack(workspace, store, member, file, longest_side, lambda _name: tracker.advance())
    finally:
        store.close()


def _report_packing(made: "Packing") -> None:
    holds = f"{counted(made.pictures, 'picture')}, {counted(made.texts, 'text')}, {_megabytes(made.size)}"
    console.put(f"{made.file}: {holds} for {made.member}")
    for name, why in made.left_out:
        console.say(f"left out: {name}: {why}")
    console.say(f"next, without the store: annotate tui --pack {made.file}; then here: annotate merge {made.file}")


def _close(file: Path) -> None:
    from annotate.pack.desk import close_pack

    work = close_pack(file)
    console.put(f"{file}: {counted(len(work.texts), 'text')} written in it, {counted(len(work.drafts), 'draft')}")
    console.say(f"next, where the store is: annotate merge {file.name}")


def _lines(merged: "Merged", dry_run: bool) -> Iterable[str]:
    parts = [f"{counted(merged.new, 'new text')}, {merged.known} already known"]
    parts += [counted(merged.answers, "new answer")] if merged.answers else []
    parts += [f"{counted(merged.states, 'task')} moved on"] if merged.states else []
    yield f"{merged.file}: {merged.member}: {'would bring ' if dry_run else ''}{', '.join(parts)}"
    if merged.conflicts:
        some = ", ".join(merged.conflicts[:SHOWN]) + (", …" if len(merged.conflicts) > SHOWN else "")
        yield f"  in conflict ({len(merged.conflicts)}), both texts are kept: {some}; see curator conflicts"
    yield from (f"  skipped: {name}: {why}" for name, why in merged.skipped)
    if merged.drafts:
        yield f"  left in the pack until submitted: {counted(merged.drafts, 'draft')}"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
