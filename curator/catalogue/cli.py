"""`curator datasets`: the known picture sets, listed and fetched."""

from pathlib import Path
from typing import Annotated

import typer

from curator import console

app = console.app("datasets", "Picture sets this tool knows: list them, get one into a folder.")


@app.command("list")
def list_command(as_json: console.AsJson = False, _folder: console.InFolder = None) -> None:
    """List the known picture sets with size, licence and how to get them."""
    from curator.catalogue.known import list_datasets

    known = list_datasets()
    if as_json:
        console.print_json([each.model_dump() for each in known])
        return
    console.print_table(
        ["name", "pictures", "captions", "subjects", "licence", "title"],
        [
            [each.name, each.counts.pictures, each.counts.captions, each.counts.subjects, each.licence, each.title]
            for each in known
        ],
    )


@app.command("get")
def get_command(
    name: Annotated[str, typer.Argument(help="A name from `curator datasets list`.")],
    folder: Annotated[Path | None, typer.Argument(help="The folder to make; called like the set if left out.")] = None,
    group: Annotated[str | None, typer.Option(help='Only this group of emoji, "Animals & Nature" say.')] = None,
    size: Annotated[int | None, typer.Option(help="Side of a drawn picture in pixels (256 if left out).")] = None,
    origin: Annotated[str | None, typer.Option("--from", help="Address or file of the archive.")] = None,
    _folder: console.InFolder = None,
) -> None:
    """Get a known picture set into a folder with images, captions and table.csv; print the folder."""
    from curator.catalogue.get import Choice, get_dataset

    made = get_dataset(name, folder or Path(name), Choice(group=group, size_px=size, origin=origin))
    console.put(str(made))
    console.say(f"next: curator ingest {made} --table {made / 'table.csv'}")
