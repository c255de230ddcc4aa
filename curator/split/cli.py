"""`curator split`, `curator reassign`, `curator rounds` and `curator hold-out`."""

from collections import Counter
from typing import Annotated

import typer

from curator import console
from curator.errors import GateError, UsageError
from curator.identity.options import AsLead

Seed = Annotated[
    int,
    typer.Option(min=0, max=console.LARGEST_SEED, help="The same seed gives the same split on any machine."),
]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weight", metavar="NAME=W,…", help="Weights in this round, like ada=2,ben=1.", show_default="as stored"
    ),
]


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
    weight: Weights = None,
    join: Annotated[
        str | None, typer.Option(metavar="NAME", help="Add this member, who gets a share of what others have open.")
    ] = None,
    rebalance: Annotated[
        bool, typer.Option("--rebalance", help="Even out what is open among the members, new pictures apart.")
    ] = False,
    seed: Seed = 0,
    lead: AsLead = None,
    dry_run: console.DryRun = False,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Give every picture without an owner to one member: shares by weight, also within each subject.

    Own shares are less than one picture from the shares by weight, counting what everybody owns already. Where all
    weigh the same, they differ by at most one over all and within each subject, and so do total loads with an overlap.
    With --join or --rebalance, open pictures change hands instead; what was submitted and drafts stay. The proof is
    printed and kept: `curator rounds`.
    """
    from curator.identity import leading
    from curator.split.join import even_out
    from curator.split.plan import Wish, split_round
    from curator.split.shown import show
    from curator.split.takers import parse_weights
    from curator.store import open_store
    from curator.workspace import Workspace

    moving = join is not None or rebalance
    if moving and (overlap is not None or overlap_by is not None):
        raise UsageError("--overlap goes with new pictures, not with --join or --rebalance", hint="leave it out")
    weights = parse_weights(weight)
    workspace = Workspace.find()
    store = open_store(workspace)
    if not dry_run:
        leading(workspace, store, lead)
    if moving:
        proof = even_out(store, join, weights, seed, dry_run).proof
        nothing = "open work is even already; nothing was moved"
    else:
        wish = Wish(overlap or workspace.config.overlap, overlap_by, seed, weights)
        proof = split_round(store, wish, dry_run).proof
        nothing = "every picture has an owner already; nothing was split"
    if as_json:
        console.print_json(proof)
    elif not proof["pictures"]:
        console.put(nothing)
    else:
        show(proof)
        console.say("nothing was written (--dry-run)" if dry_run else "next: annotate tui --as MEMBER")


def reassign_command(
    giver: Annotated[str, typer.Option("--from", metavar="NAME", help="Whose open pictures are passed on.")],
    to: Annotated[
        str, typer.Option(metavar="NAME,…", help="Who takes over, with commas between.", show_default="all others")
    ] = "",
    weight: Weights = None,
    drafts_too: Annotated[
        bool,
        typer.Option("--drafts-too", help="Pass pictures on that the member has a draft of; the draft stays."),
    ] = False,
    seed: Seed = 0,
    lead: AsLead = None,
    dry_run: console.DryRun = False,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Pass on what a late or leaving member has open, own pictures and overlap, to others by weight and subject.

    What the member has submitted stays, and so do drafts. Nobody gets a picture to caption blind that they own or have
    captioned; where nobody else is left, the picture is named. The proof is printed and kept: `curator rounds`.
    """
    from curator.identity import leading
    from curator.split.reassign import Passing, reassign
    from curator.split.shown import show, show_exceptions
    from curator.split.takers import parse_weights
    from curator.store import open_store
    from curator.workspace import Workspace

    names = tuple(name.strip() for name in to.split(",") if name.strip())
    wish = Passing(giver, names, seed, parse_weights(weight), drafts_too)
    workspace = Workspace.find()
    store = open_store(workspace)
    if not dry_run:
        leading(workspace, store, lead)
    passed = reassign(store, wish, dry_run)
    if as_json:
        lists = {"drafts": passed.drafts, "promoted": passed.promoted, "stuck": passed.stuck}
        console.print_json({**passed.proof, "names": {key: list(names) for key, names in lists.items()}})
        return
    if passed.proof["pictures"]:
        show(passed.proof)
    else:
        console.put(f"{giver} has nothing open that others can take over; nothing was passed on")
    show_exceptions(passed, giver)
    if dry_run:
        console.say("nothing was written (--dry-run)")


def rounds_command(
    number: Annotated[
        int | None, typer.Argument(metavar="[ROUND]", help="Only this round.", show_default="all")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Work out each digest again from the stored tasks and compare.")
    ] = False,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Show the rounds of splitting with their proofs, or verify them.

    With --verify it ends with exit code 4 where a round's tasks are not the ones that its proof was made of.
    """
    from curator.split.rounds import rounds
    from curator.split.rounds import verify as verdict_of
    from curator.split.shown import show, title
    from curator.store import open_store
    from curator.workspace import Workspace

    store = open_store(Workspace.find())
    found = rounds(store, number)
    verdicts = [verdict_of(store, each) for each in found] if verify else []
    if as_json:
        holding = {each.round: {"found": each.found, "holds": each.holds} for each in verdicts}
        console.print_json([{**each, **holding.get(each["round"], {})} for each in found])
    elif verify:
        for verdict in verdicts:
            what = "holds" if verdict.holds else f"DOES NOT HOLD: its tasks give {verdict.found}"
            console.put(f"round {verdict.round}: digest {verdict.stored or '(none stored)'} {what}")
    else:
        for each in found:
            console.put(title(each))
            show(each["proof"])
            console.put("")
    if not found:
        console.say("no round yet: curator split")
    if broken := [str(each.round) for each in verdicts if not each.holds]:
        raise GateError(f"the proof of round {', '.join(broken)} does not hold", hint="see `curator rounds`")


def hold_out_command(
    subjects: Annotated[str, typer.Option(help="Subjects to hold out, with commas between.")] = "",
    share: Annotated[str | None, typer.Option(help="Share of the pictures to hold out, like 15%.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=console.LARGEST_SEED, help="Seed of the draw, with --share.")] = 0,
    redraw: Annotated[bool, typer.Option("--redraw", help="Draw again although it was drawn before.")] = False,
    lead: AsLead = None,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Hold pictures out of training: whole subjects by name, or a share of the pictures, drawn by subject.

    Drawn once and stored; later pictures of a subject follow it. Pictures without a subject are held out together
    with those that look like them.
    """
    from curator.blobs import Blobs
    from curator.identity import leading
    from curator.split.holdout import Rule, draw
    from curator.store import open_store
    from curator.workspace import Workspace

    names = tuple(name.strip() for name in subjects.split(",") if name.strip())
    if bool(names) == (share is not None):
        raise UsageError("give either --subjects or --share", hint="curator hold-out --share 15%")
    rule = Rule(subjects=names, share=None if share is None else _share(share), seed=seed)
    workspace = Workspace.find()
    store = open_store(workspace)
    leading(workspace, store, lead)
    splits = Counter(draw(workspace, store, Blobs(workspace.blobs), rule, redraw).values())
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
