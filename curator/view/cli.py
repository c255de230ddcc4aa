"""`curator status`, `list`, `show`, `conflicts`, `history`, `settle` and `exclude`."""

from typing import Annotated, Any

import typer

from curator import console
from curator.errors import UsageError
from curator.filter.fields import FILTER_HELP
from curator.identity.options import AsLead, AsMember

Picture = Annotated[str, typer.Argument(help="Path, file name, stem or start of the id of a picture.")]
CAPTION_CHARACTERS = 70


def status_command(as_json: console.AsJson = False, _folder: console.InFolder = None) -> None:
    """Show how far the set is: pictures, captions, members, split, findings, releases."""
    from curator.store import open_store
    from curator.view.overview import status
    from curator.workspace import Workspace

    workspace = Workspace.find()
    figures = {"name": workspace.config.name, **status(open_store(workspace))}
    if as_json:
        console.print_json(figures)
        return
    console.put(f"{figures['name']}: {figures['pictures']} pictures, {figures['captions']} captions")
    for key in ("unready", "split", "subjects", "findings"):
        console.put(f"{key}: {_listed(figures[key])}")
    for key in ("excluded", "quarantined_files"):
        if figures[key]:
            console.put(f"{key.replace('_', ' ')}: {figures[key]}")
    console.put(f"newest release: {figures['newest_release'] or 'none'}\n")
    columns = ["name", "role", "own", "tasks", "open", "submitted", "skipped", "captions"]
    console.print_table(columns, [[member[column] for column in columns] for member in figures["members"]])


def list_command(
    member: Annotated[str | None, typer.Option(help="Only pictures of this owner.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only pictures of this subject.")] = None,
    split: Annotated[str | None, typer.Option(help="Only train or test pictures.")] = None,
    unready: Annotated[
        bool, typer.Option("--unready", help="Only pictures in conflict, without caption or awaiting approval.")
    ] = False,
    matching: Annotated[str, typer.Option("--filter", metavar="EXPR", help=FILTER_HELP)] = "",
    sort: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Sort by a field of --filter; from high to low: --sort=-FIELD.")
    ] = None,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """List the pictures with their captions."""
    from curator.filter import parse
    from curator.store import open_store
    from curator.view.listing import listed
    from curator.workspace import Workspace

    workspace = Workspace.find()
    attributes = workspace.config.attributes
    found = listed(open_store(workspace), parse(matching, attributes), sort, tuple(attributes))
    wanted = {"owner": member, "subject": subject, "split": split}
    rows = [
        each
        for each in found
        if all(value is None or each[key] == value for key, value in wanted.items())
        and not (unready and each["state"] == "ready")
    ]
    if as_json:
        console.print_json(rows)
        return
    columns = ["name", "subject", "split", "owner", "state"]
    console.print_table([*columns, "caption"], [[*(each[key] for key in columns), _caption(each)] for each in rows])
    console.say(f"{len(rows)} pictures")


def show_command(picture: Picture, as_json: console.AsJson = False, _folder: console.InFolder = None) -> None:
    """Show all that is known of one picture."""
    from curator.blobs import Blobs
    from curator.store import open_store
    from curator.view.conflicts import lines, of_record
    from curator.view.overview import details
    from curator.workspace import Workspace

    workspace = Workspace.find()
    record = open_store(workspace).records.find(picture)
    about = details(record)
    about["file"] = str(Blobs(workspace.blobs).path(about["blob"]))
    if as_json:
        console.print_json(about)
        return
    for key, value in about.items():
        if key not in ("captions", "conflicts"):
            console.put(f"{key:>10}  {_listed(value)}")
    for caption in about["captions"]:
        console.put(f"{'caption':>10}  {caption['text'].rstrip()}\n{'':>10}  by {_by(caption)}")
    for line in (line for contest in of_record(record) for line in lines(contest)):
        console.put(line)


def conflicts_command(as_json: console.AsJson = False, _folder: console.InFolder = None) -> None:
    """List all texts that compete, with what they go back to and what each of them changed."""
    from curator.store import open_store
    from curator.view.conflicts import contests, lines
    from curator.workspace import Workspace

    found = contests(open_store(Workspace.find()))
    if as_json:
        console.print_json([contest.as_json() for contest in found])
        return
    for line in (line for contest in found for line in lines(contest)):
        console.put(line)
    console.say("1 conflict" if len(found) == 1 else f"{len(found)} conflicts")


def history_command(
    picture: Annotated[str | None, typer.Argument(help="Only this picture.")] = None,
    author: Annotated[str | None, typer.Option(help="Only texts of this author.")] = None,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Show every text that was ever submitted, oldest first. Nothing in the history is ever changed or deleted."""
    from dataclasses import asdict

    from curator.store import open_store
    from curator.workspace import Workspace

    store = open_store(Workspace.find())
    image = None if picture is None else store.records.find(picture).image.id
    names = {record.image.id: record.name for record in store.records.all(excluded=True)}
    revisions = [{"name": names[each.image], **asdict(each)} for each in store.captions.revisions(image, author)]
    if as_json:
        console.print_json(revisions)
        return
    columns = ["id", "name", "author", "slot", "origin", "base", "merges", "state", "written", "text"]
    rows = [{**each, "written": each["written"][:16]} for each in revisions]
    console.print_table(columns, [[each[column] for column in columns] for each in rows])


def settle_command(
    picture: Picture,
    keep: Annotated[int, typer.Option(help="Number of the revision that becomes the caption.")],
    member: AsMember,
    reason: Annotated[str | None, typer.Option(help="Why; it is kept with the text.")] = None,
    _folder: console.InFolder = None,
) -> None:
    """Settle a conflict: one of the competing texts becomes the caption, the others stay in the history."""
    from curator.identity import acting
    from curator.identity.roles import REVIEWERS
    from curator.store import open_store
    from curator.view.settle import settle, whose
    from curator.workspace import Workspace

    workspace = Workspace.find()
    store = open_store(workspace)
    acting(workspace, store, member)
    record = store.records.find(picture)
    if whose(record, keep) != member:
        acting(workspace, store, member, *REVIEWERS)
    revision = settle(store, record, keep, member, reason)
    console.put(f"{record.name}: revision {revision.id} settles the conflict with the text of revision {keep}")


def exclude_command(
    picture: Picture,
    reason: Annotated[str, typer.Option(help="Why it is taken out.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take it back into the set.")] = False,
    lead: AsLead = None,
    _folder: console.InFolder = None,
) -> None:
    """Take a picture out of the set, with a reason; its file, its captions and their history stay."""
    from curator.identity import leading
    from curator.store import open_store
    from curator.workspace import Workspace

    if bool(reason.strip()) == undo:
        raise UsageError("give either --reason TEXT or --undo", hint="curator exclude 004.jpg --reason 'too dark'")
    workspace = Workspace.find()
    store = open_store(workspace)
    by = leading(workspace, store, lead)
    record = store.records.find(picture)
    with store.write():
        store.pictures.describe(record.image.id, status="ok" if undo else "excluded", reason=None if undo else reason)
        what = "taken back" if undo else "excluded"
        store.history.note(what, by.name if by else None, image=record.image.id, reason=reason)
    console.put(f"{record.name}: {'in the set again' if undo else 'taken out of the set'}")


def _caption(row: dict[str, Any]) -> str:
    text = " | ".join(caption["text"] for caption in row["captions"]).replace("\n", "⏎")
    return text if len(text) <= CAPTION_CHARACTERS else f"{text[: CAPTION_CHARACTERS - 1]}…"


def _by(caption: dict[str, Any]) -> str:
    return f"{caption['author'] or 'unknown'}, {caption['origin']}"


def _listed(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name or '(none)'} {number}" for name, number in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value) or "none"
    return "none" if value is None else str(value)
