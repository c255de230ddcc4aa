"""`annotate replace`: show what would change, ask, change it; list what was changed, and take it back."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from curator import console
from curator.errors import UsageError
from curator.filter.fields import FILTER_HELP
from curator.identity.gate import MEMBER_VARIABLE

if TYPE_CHECKING:
    from annotate.replace.plan import Change, Plan, Undone
    from curator.store import Store

SHOWN = 20
"""Captions that are shown; --json shows all."""


def replace_command(
    pattern: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    replacement: Annotated[str | None, typer.Argument(help="What to put in its place.")] = None,
    member: Annotated[
        str | None, typer.Option("--as", metavar="MEMBER", envvar=MEMBER_VARIABLE, help="Who does this.")
    ] = None,
    wanted: Annotated[str, typer.Option("--filter", metavar="EXPR", help=FILTER_HELP)] = "",
    author: Annotated[
        str | None, typer.Option(help="Captions of this author instead of your own, '*' for everybody's: for a lead.")
    ] = None,
    slot: Annotated[int | None, typer.Option(min=0, help="Only captions in this slot; the first is 0.")] = None,
    regex: Annotated[
        bool, typer.Option("--regex", help=r"PATTERN is a regular expression, \1 its first group.")
    ] = False,
    case: Annotated[bool, typer.Option("--case", help="Tell upper and lower case apart.")] = False,
    words: Annotated[bool, typer.Option("--words", help="Only whole words.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: console.DryRun = False,
    undo: Annotated[
        int | None, typer.Option(metavar="N", help="Write back the texts from before batch N; of an undo: redo it.")
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="List what was replaced.")] = False,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Replace a text in your captions, after showing what would change.

    Earlier texts stay in the history, and --undo writes them back. Captions in conflict, or with a draft that their
    author is typing, are left alone and named.
    """
    from annotate.replace.plan import Scope, preview
    from annotate.replace.plan import undo as take_back
    from annotate.replace.substitution import Request
    from curator.filter import parse
    from curator.identity import acting
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    store = open_store(workspace)
    try:
        _check_usage(pattern, replacement, member, undo, listing)
        if listing:
            _list(store, as_json)
            return
        assert member is not None
        who = acting(workspace, store, member)
        if undo is not None:
            _tell_undone(undo, take_back(store, who, undo), as_json)
            return
        assert pattern is not None
        assert replacement is not None
        attributes = workspace.config.attributes
        scope = Scope(parse(wanted, attributes), who.name if author is None else author, slot)
        made = preview(store, who, Request(pattern, replacement, regex, case, words), scope, attributes)
        _carry_out(store, made, yes, dry_run, as_json)
    finally:
        store.close()


def _check_usage(
    pattern: str | None, replacement: str | None, member: str | None, undo: int | None, listing: bool
) -> None:
    hint = "annotate replace 'grey' 'gray' --as ada; or --undo N --as ada, or --list"
    if listing + (undo is not None) + (pattern is not None) != 1:
        raise UsageError("give a pattern with its replacement, or --undo N, or --list", hint)
    if pattern is not None and replacement is None:
        raise UsageError("the replacement is missing; to take the text out, give ''", hint)
    if member is None and not listing:
        raise UsageError("say who does this, with --as", hint)


def _carry_out(store: "Store", made: "Plan", yes: bool, dry_run: bool, as_json: bool) -> None:
    from annotate.replace.plan import apply

    if not as_json:
        _show(made)
    batch = None
    if made.changes and not dry_run and (yes or _agreed(len(made.changes))):
        batch = apply(store, made)
    if as_json:
        changes = [{**_row(change), "before": change.before, "after": change.after, "removed": change.removed,
                    "added": change.added} for change in made.changes]  # fmt: skip
        held = [{**_row(each), "text": each.end.text, "why": each.why} for each in made.held]
        console.print_json({"batch": batch, "changes": changes, "held": held})
    elif batch is not None:
        console.say(f"replaced as batch {batch}; to take it back: annotate replace --undo {batch} --as {made.member}")
    else:
        console.say("nothing was replaced")


def _agreed(number: int) -> bool:
    from annotate.replace.plan import captions

    if not sys.stdin.isatty():
        raise UsageError(
            "nothing was replaced: nobody can be asked here", hint="look at it with --dry-run, then give --yes"
        )
    return typer.confirm(f"replace in {captions(number)}?", err=True)


def _show(made: "Plan") -> None:
    from annotate.replace.plan import captions

    for change in made.changes[:SHOWN]:
        console.put(f"{_place(change)}\n    {marked(change)}")
    if len(made.changes) > SHOWN:
        console.put(f"and {len(made.changes) - SHOWN} more; --json shows all")
    console.say(f"{captions(len(made.changes))} would change")
    for held in made.held[:SHOWN]:
        console.say(f"left alone: {_place(held)}: {held.why}")
    if len(made.held) > SHOWN:
        console.say(f"and {len(made.held) - SHOWN} more are left alone")


def marked(change: "Change") -> str:
    """A change in one text, readable without colour: what goes in [-…-], what comes in {+…+}; line breaks as ⏎."""
    pieces, at = [], 0
    for (start, end), (first, last) in zip(change.removed, change.added, strict=True):
        gone, come = change.before[start:end], change.after[first:last]
        pieces += [change.before[at:start], f"[-{gone}-]" if gone else "", f"{{+{come}+}}" if come else ""]
        at = end
    return "".join([*pieces, change.before[at:]]).replace("\n", "⏎")


def _place(each: Any) -> str:
    slot = f", slot {each.end.slot}" if each.end.slot else ""
    return f"{each.name} ({each.end.author or 'no name'}{slot})"


def _row(each: Any) -> dict[str, Any]:
    end = each.end
    return {"name": each.name, "image": end.image, "author": end.author, "slot": end.slot, "revision": end.revision}


def _tell_undone(number: int, done: "Undone", as_json: bool) -> None:
    from annotate.replace.plan import captions

    if as_json:
        restored = [{**vars(each), "name": done.names.get(each.image)} for each in done.restored]
        left = [{**vars(each), "name": done.names.get(each.image), "why": why} for each, why in done.left]
        console.print_json({"batch": done.batch, "undoes": number, "restored": restored, "left": left})
        return
    for each, why in done.left:
        console.say(f"not taken back: {done.names.get(each.image, each.image)} ({each.author or 'no name'}): {why}")
    verb = "is" if len(done.restored) == 1 else "are"
    console.put(f"{captions(len(done.restored))} {verb} as before batch {number}, by batch {done.batch}")
    console.say(f"to do it again: annotate replace --undo {done.batch} --as MEMBER")


def _list(store: "Store", as_json: bool) -> None:
    from dataclasses import asdict

    batches = store.captions.batches()
    if as_json:
        console.print_json([asdict(batch) for batch in batches])
        return
    rows = [
        (
            batch.id, batch.written[:16], batch.member, batch.what.get("pattern"), batch.what.get("replacement"),
            batch.what.get("changed"), batch.undoes,
        )
        for batch in batches
    ]  # fmt: skip
    console.print_table(("batch", "written", "by", "pattern", "replacement", "captions", "takes back"), rows)
