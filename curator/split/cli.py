"""`curator split` and `curator hold-out`."""

from collections import Counter
from typing import Annotated, Any

import typer

from curator import console
from curator.errors import UsageError


def split_command(
    overlap: Annotated[
        str | None,
        typer.Option(
            help="Pictures that several members caption blind: a share like 10%, or a number.", show_default="0%"
        ),
    ] = None,
    overlap_by: Annotated[
        int | None, typer.Option(help="How many further members caption an overlap picture.", show_default="all")
    ] = None,
    seed: Annotated[
        int,
        typer.Option(min=0, max=console.LARGEST_SEED, help="The same seed gives the same split on any machine."),
    ] = 0,
    dry_run: console.DryRun = False,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Give every picture without an owner to one member: equal shares, also within each subject.

    Own shares differ by at most one picture over all and within each subject; with an overlap, total loads differ by
    at most one as well. The proof is printed.
    """
    from curator.split.plan import Wish, split_round
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    wish = Wish(overlap or workspace.config.overlap, overlap_by, seed)
    assignment = split_round(open_store(workspace), wish, dry_run)
    proof = dict(assignment.proof)
    if as_json:
        console.print_json(proof)
    elif not assignment.owners:
        console.put("every picture has an owner already; nothing was split")
    else:
        _print_proof(proof)
        console.say("nothing was written (--dry-run)" if dry_run else "next: annotate tui --as MEMBER")


def _print_proof(proof: dict[str, Any]) -> None:
    members = list(proof["own"])
    rows = [[subject or "(none)", *(counts[name] for name in members)] for subject, counts in proof["subjects"].items()]
    rows += [["own", *proof["own"].values()], ["with overlap", *proof["loads"].values()]]
    console.print_table(["subject", *members], rows)
    own, subject, loads = (proof[f"largest_difference{what}"] for what in ("", "_in_a_subject", "_of_loads"))
    console.put(f"{proof['pictures']} pictures; {proof['overlap_pictures']} of them are captioned blind by others too")
    console.put(f"largest difference: {own} over all, {subject} within a subject, {loads} of total loads")
    console.put(f"seed {proof['seed']}, digest {proof['digest']}")


def hold_out_command(
    subjects: Annotated[str, typer.Option(help="Subjects to hold out, with commas between.")] = "",
    share: Annotated[str | None, typer.Option(help="Share of the pictures to hold out, like 15%.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=console.LARGEST_SEED, help="Seed of the draw, with --share.")] = 0,
    redraw: Annotated[bool, typer.Option("--redraw", help="Draw again although it was drawn before.")] = False,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Hold pictures out of training: whole subjects by name, or a share of the pictures, drawn by subject.

    Drawn once and stored; later pictures of a subject follow it. Pictures without a subject are held out together
    with those that look like them.
    """
    from curator.blobs import Blobs
    from curator.split.holdout import Rule, draw
    from curator.store import open_store
    from curator.workspace import Workspace

    names = tuple(name.strip() for name in subjects.split(",") if name.strip())
    if bool(names) == (share is not None):
        raise UsageError("give either --subjects or --share", hint="curator hold-out --share 15%")
    rule = Rule(subjects=names, share=None if share is None else _share(share), seed=seed)
    workspace = Workspace.find()
    splits = Counter(draw(workspace, open_store(workspace), Blobs(workspace.blobs), rule, redraw).values())
    if as_json:
        console.print_json({"train": splits["train"], "test": splits["test"], "rule": rule.as_dict()})
    else:
        console.put(f"held out: {splits['test']} test pictures; {splits['train']} train pictures")


def _share(text: str) -> float:
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise UsageError(f"--share {text!r} is not a share", hint="between 0% and 100%, like 15%")
    return share
