"""`annotate agreement` and `annotate gold`: reads the store, prints what the package computes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from curator import console
from curator.errors import InputError, UsageError
from curator.identity.options import AsMember

if TYPE_CHECKING:
    from annotate.agreement.report import Material
    from annotate.agreement.similarity import Embed
    from curator.store import Store
    from curator.workspace import Workspace

gold = console.app("gold", "Pictures whose right caption or attributes a lead has written down; members do not see it.")

Picture = Annotated[str, typer.Argument(help="Path, file name, stem or start of the id of a picture.")]


def agreement_command(
    pairs: Annotated[bool, typer.Option("--pairs", help="Also each pair of members.")] = False,
    worst: Annotated[int, typer.Option(metavar="N", min=0, help="How many of the worst pictures to list.")] = 10,
    attribute: Annotated[str | None, typer.Option(metavar="NAME", help="Only this attribute.")] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=console.LARGEST_SEED, help="Of the bootstrap and of the shuffled pairs.")
    ] = 0,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Show how far members agree on the overlap pictures: likeness, alpha by attribute, worst pictures, gold items."""
    from annotate.agreement.report import agreement
    from annotate.agreement.tables import as_data, put
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    store = open_store(workspace)
    try:
        found = agreement(material(workspace, store), embedding(), pairs, attribute, seed)
    finally:
        store.close()
    if as_json:
        console.print_json(as_data(found, worst))
    else:
        put(found, worst)


@gold.command("set")
def set_command(
    picture: Picture,
    member: AsMember,
    caption: Annotated[str | None, typer.Argument(help="The right caption.")] = None,
    attribute: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="What is right of an attribute; may be repeated.")
    ] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Make the picture no gold item any more.")] = False,
    _folder: console.InFolder = None,
) -> None:
    """Write down what is right of a picture. Members are measured against it in `annotate agreement`."""
    from annotate.agreement.gold import CAPTION, PREFIX, checked_values, gold_items
    from curator.audit.places import read_lexicon
    from curator.identity import acting
    from curator.identity.roles import LEADS
    from curator.store import open_store
    from curator.workspace import Workspace

    if drop == bool(caption is not None or attribute):
        raise UsageError("give a caption, --attribute NAME=VALUE or --drop", hint='annotate gold set 004.jpg "a dog"')
    if caption is not None and not caption.strip():
        raise InputError("an empty caption cannot be right", hint="write one, or give only --attribute NAME=VALUE")
    workspace = Workspace.find()
    store = open_store(workspace)
    try:
        acting(workspace, store, member, *LEADS)
        record = store.records.find(picture)
        places = read_lexicon(workspace.config.audit.places)
        given: dict[str, str | list[str] | None] = {} if caption is None else {CAPTION: caption}
        for name, values in _pairs(attribute or []).items():
            each = (checked_values(name, value, workspace.config.attributes, places) for value in values)
            checked = [value for found in each for value in found]
            given[PREFIX + name] = checked[0] if len(checked) == 1 else checked
        if drop:
            item = gold_items(store.history.all_answers(record.image.id)).get(record.image.id)
            given = dict.fromkeys([CAPTION, *(PREFIX + name for name in item.values)]) if item else {}
        with store.write():
            for key, value in given.items():
                store.history.answer(record.image.id, member, key, value)
    finally:
        store.close()
    console.put(f"{record.name}: {'no gold item any more' if drop else 'a gold item'}")


@gold.command("list")
def list_command(
    member: AsMember,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """List the gold items, for leads."""
    from annotate.agreement.gold import gold_items
    from curator.identity import acting
    from curator.identity.roles import LEADS
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    store = open_store(workspace)
    try:
        acting(workspace, store, member, *LEADS)
        with store.read():
            found = gold_items(store.history.all_answers())
            names = {record.image.id: record.name for record in store.records.all(excluded=True)}
    finally:
        store.close()
    items = sorted(found.values(), key=lambda item: names[item.image])
    rows = [
        {"picture": names[item.image], "caption": item.caption, "attributes": _listed(item.values)} for item in items
    ]
    if as_json:
        console.print_json(rows)
        return
    columns = ["picture", "caption", "attributes"]
    console.print_table(columns, [[_shown(row[column]) for column in columns] for row in rows])
    console.say(f"{len(rows)} gold items")


def material(workspace: "Workspace", store: "Store") -> "Material":
    """What is compared, in one snapshot of the store."""
    from annotate.agreement.gold import gold_items
    from annotate.agreement.report import Material, newest_answers
    from annotate.agreement.texts import captioned, overlap
    from curator.audit.places import read_lexicon

    with store.read():
        records = store.records.all()
        tasks = store.team.tasks()
        answers = store.history.all_answers()
        members = [each.name for each in store.team.members()]
    items = gold_items(answers)
    names = list(workspace.config.attributes)
    return Material(
        pictures=overlap(records, tasks),
        captioned=captioned((record for record in records if record.image.id in items), members),
        answers=newest_answers(answers, names),
        gold=items,
        attributes=names,
        places=read_lexicon(workspace.config.audit.places),
    )


def embedding() -> "Embed | None":
    """The sentence model, where its package is installed."""
    from annotate.agreement.sentences import MiniLM, installed

    folder = installed()
    return None if folder is None else MiniLM(folder)


def _pairs(given: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not (equals and name.strip() and value.strip()):
            raise UsageError(f"--attribute {each}: NAME=VALUE is wanted", hint="--attribute pose=sitting")
        found.setdefault(name.strip(), []).append(value.strip())
    return found


def _listed(values: Any) -> dict[str, list[str]]:
    return {name: sorted(each) for name, each in values.items()}


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {', '.join(each)}" for name, each in value.items())
    return value
