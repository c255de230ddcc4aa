"""`annotate adjudicate`: the app, the list of cases, and single decisions for scripts."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from curator import console
from curator.console import AsJson, InFolder
from curator.errors import ExitCode, InputError, UsageError
from curator.identity.options import AsMember

if TYPE_CHECKING:
    from annotate.adjudication.cases import Case
    from curator.store import Store
    from curator.workspace import Workspace

Picture = Annotated[
    str | None, typer.Option(metavar="PICTURE", help="Decide this one without the app: a path, file name, stem or id.")
]


def adjudicate_command(
    member: AsMember,
    picture: Picture = None,
    slot: Annotated[int, typer.Option(min=0, help="Which caption of the picture, from 0.")] = 0,
    pick: Annotated[int | None, typer.Option(metavar="N", help="Number of the revision to decide for.")] = None,
    text: Annotated[str | None, typer.Option(help="A text of your own to decide for.")] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Approve what somebody else decided.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Send back what somebody else decided.")] = False,
    reason: Annotated[str, typer.Option(help="Why; every decision and every refusal needs it.")] = "",
    names: Annotated[bool, typer.Option("--names", help="Tell who wrote before it is decided.")] = False,
    pictures: Annotated[
        str | None, typer.Option(metavar="HOW", help="How to paint pictures: as in `annotate tui`.")
    ] = None,
    as_json: AsJson = False,
    _folder: InFolder = None,
) -> None:
    """Decide where captions disagree or compete: pick, merge or rewrite, with a reason; approve what others decided.

    Without an option it opens in the terminal. --json lists the cases, worst first. Nothing is overwritten.
    """
    from annotate.adjudication.decisions import read_cases
    from curator.identity import acting
    from curator.identity.roles import REVIEWERS
    from curator.store import open_store
    from curator.workspace import Workspace

    wishes = [pick is not None, text is not None, approve, refuse]
    if sum(wishes) > 1 or any(wishes) != (picture is not None):
        raise UsageError(
            "--picture goes with one of --pick N, --text TEXT, --approve and --refuse",
            hint="annotate adjudicate --as MEMBER --json lists the cases and their revisions",
        )
    workspace = Workspace.find()
    store = open_store(workspace)
    try:
        acting(workspace, store, member, *REVIEWERS)
        found = read_cases(store, workspace.config, member)
        if as_json and picture is None:
            console.print_json([_data(case, names) for case in found])
        elif picture is not None:
            case = _case(found, store.records.find(picture).image.id, slot, picture)
            console.put(_decide(store, case, member, (pick, text, approve), reason))
        else:
            raise typer.Exit(_run(workspace, store, member, found, names, pictures))
    finally:
        store.close()


def _case(found: list["Case"], image: str, slot: int, picture: str) -> "Case":
    for case in found:
        if case.key == (image, slot):
            return case
    raise InputError(f"{picture}: there is nothing to decide for you", hint="annotate adjudicate --as MEMBER --json")


def _decide(store: "Store", case: "Case", member: str, wish: tuple[int | None, str | None, bool], reason: str) -> str:
    from annotate.adjudication import decisions

    pick, text, approved = wish
    name = case.record.name
    if case.kind == "approval" and (pick is not None or text is not None):
        raise InputError(f"{name} is decided and waits for approval", hint="--approve, or --refuse --reason WHY")
    if pick is None and text is None:
        if case.kind != "approval":
            raise InputError(f"{name}: there is nothing to approve", hint="--pick N or --text TEXT decides")
        if approved:
            decisions.approve(store, case, member)
            return f"{name}: approved"
        decisions.refuse(store, case, member, reason)
        return f"{name}: sent back"
    known = {each.id: each for each in case.texts}
    if pick is not None and pick not in known:
        raise InputError(f"{name}: {pick} is none of its texts", hint=f"known: {', '.join(map(str, sorted(known)))}")
    said = known[pick].text if pick is not None else text or ""
    written = decisions.decide(store, decisions.Decision(case, said, reason, pick), member)
    return f"{name}: revision {written.id} decides"


def _data(case: "Case", names: bool) -> dict[str, Any]:
    return {
        "picture": case.record.name,
        "image": case.record.image.id,
        "slot": case.slot,
        "kind": case.kind,
        "why": case.why,
        "score": round(case.score, 3),
        "texts": [{"revision": each.id, "text": each.text, **_author(each.author, names)} for each in case.texts],
        "decided": None if case.pending is None else {"revision": case.pending.id, "text": case.pending.text},
    }


def _author(author: str, names: bool) -> dict[str, str]:
    return {"author": author} if names else {}


def _run(
    workspace: "Workspace", store: "Store", member: str, found: list["Case"], names: bool, pictures: str | None
) -> int:
    import os

    console.require("textual", "tui")
    if not found:
        console.say("there is nothing to decide")
        return ExitCode.DONE
    if not (sys.stdin.isatty() and sys.stderr.isatty()):  # Textual reads stdin and draws on stderr
        raise UsageError("adjudicating needs a terminal", hint="or --json, and --picture with --pick or --text")
    # Textual takes a third of a second to import: only those who open the app wait for it.
    from annotate.adjudication.app import AdjudicateApp
    from annotate.adjudication.bench import Bench
    from annotate.adjudication.sitting import Sitting
    from annotate.captioner.rescue import rescue
    from annotate.captioner.scribe import Scribe
    from annotate.pictures.choice import asked_for, choose
    from annotate.pictures.gallery import GRAPHICS_PX, THUMBNAIL_PX, Gallery
    from annotate.pictures.shelf import thumbnails
    from annotate.pictures.terminal import look
    from annotate.screens.working import CLOSING_S
    from curator.blobs import Blobs

    paint = choose(look(os.environ, sys.__stdin__, sys.__stderr__), asked_for(pictures, os.environ))
    bench = Bench(
        config=workspace.config,
        sitting=Sitting(member, found, store.captions.drafts(member), names),
        scribe=Scribe(store, member),
        gallery=Gallery(Blobs(workspace.blobs).read, thumbnails(), GRAPHICS_PX if paint.graphics else THUMBNAIL_PX),
    )
    app = AdjudicateApp(bench, paint)
    try:
        app.run()
    finally:
        left = bench.scribe.close(CLOSING_S)
        for draft in left:
            where = rescue(draft)
            console.complain(f"the store did not take your last text of {draft.image[:12]}", f"it is in {where}")
    return ExitCode.INPUT if left else app.return_code or ExitCode.DONE
