"""`train weights`: the released files fetched, listed, verified and converted."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from curator import console
from curator.errors import GateError, UsageError
from train.extra import require_extra

app = console.app("weights", "The released weights: fetch, list, verify and convert them.")

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME",
        help="base, upsample, base-inpaint, upsample-inpaint, clip-image-enc, clip-text-enc.",
        show_default=False,
    ),
]
Within = Annotated[
    Path | None, typer.Option("--in", metavar="DIR", help="Folder to look in.", show_default="this user's cache")
]


@app.command("fetch")
def fetch_command(
    names: Names = None,
    everything: Annotated[bool, typer.Option("--all", help="All six, not only base and upsample.")] = False,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder to keep them in.", show_default="this user's cache")
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option("--from", metavar="URL", help="Web folder with the files.", show_default="where OpenAI has them"),
    ] = None,
    _folder: console.InFolder = None,
) -> None:
    """Fetch released weights, base and upsample if no name is given; print where they are.

    Again: goes on where it was broken off; what is there is checked and not fetched.
    """
    require_extra()
    from curator.encoders.weights import weights_folder
    from train.glide.released import PAIR, RELEASED, by_name
    from train.weights.fetch import ORIGIN, fetch

    if everything and names:
        raise UsageError("--all fetches all of them", hint="leave the names out, or --all")
    wanted = RELEASED if everything else [by_name(name) for name in dict.fromkeys(names or PAIR)]
    for each in wanted:
        console.put(str(fetch(each, to or weights_folder(), origin or ORIGIN)))


@app.command("list")
def list_command(within: Within = None, as_json: console.AsJson = False, _folder: console.InFolder = None) -> None:
    """List the released weights: which are there, where, how large, of what type, and what they are for."""
    require_extra()
    from curator.encoders.weights import weights_folder
    from train.glide.released import RELEASED
    from train.weights.inventory import listed

    folder = within or weights_folder()
    entries = list(listed(RELEASED, folder))
    if as_json:
        console.print_json([asdict(each) for each in entries])
        return
    columns = ["name", "state", "file", "MB", "type", "sha256", "what it is for"]
    console.print_table(
        columns,
        [
            [
                each.name,
                each.state,
                each.file and each.file.name,
                each.bytes and round(each.bytes / 1e6, 1),
                each.dtype,
                each.sha256 and each.sha256[:12],
                each.about,
            ]
            for each in entries
        ],
    )
    console.say(f"in {folder}")


@app.command("verify")
def verify_command(
    names: Names = None,
    within: Within = None,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Check weights to the last value: sha256 as recorded, keys and shapes of their model, all values finite.

    Without a name: all that are there. Exit code 4 if anything is wrong.
    """
    require_extra()
    from curator.encoders.weights import weights_folder
    from train.glide.released import PAIR, RELEASED, find, missing, need_released
    from train.weights.inventory import verify

    need_released(*names or (), folder=within)
    folder = within or weights_folder()
    wanted = [each for each in RELEASED if (each.name in names if names else find(each, folder))]
    if not wanted:
        raise missing(PAIR, within)
    found = [verify(each, path) for each in console.progress(wanted, "verifying") if (path := find(each, folder))]
    if as_json:
        console.print_json([asdict(each) for each in found])
    else:
        rows = [[each.name, each.file.name, each.sha256[:12], each.result] for each in found]
        console.print_table(["name", "file", "sha256", "result"], rows)
    if bad := [each for each in found if each.problems]:
        raise GateError(
            "; ".join(f"{each.file}: {problem}" for each in bad for problem in each.problems),
            hint="delete the file and fetch it again: train weights fetch " + " ".join(each.name for each in bad),
        )


@app.command("convert")
def convert_command(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A .pt or .safetensors file.")],
    to: Annotated[Path, typer.Argument(metavar="OUT", help="The .safetensors file to write.")],
    dtype: Annotated[
        Literal["float32", "bfloat16", "float16"] | None,
        typer.Option(help="Type of the values.", show_default="as they are"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it is there.")] = False,
    _folder: console.InFolder = None,
) -> None:
    """Convert weights to safetensors, with options and origin in the file; say which model they belong to."""
    require_extra()
    from train.weights.convert import convert

    made = convert(source, to, dtype, force=force)
    console.put(str(made.path))
    megabytes = made.path.stat().st_size / 1e6
    console.say(f"{made.tensors} tensors, {made.parameters:,} values, {megabytes:.1f} MB; {made.model}")
