"""The `train` command line: parse, open, call one function, print. torch is loaded inside the commands."""

from typing import Annotated

import typer

from curator import console
from curator.errors import ExitCode
from train.extra import require_extra
from train.sampling.cli import repaint_command, sample_command
from train.weights.cli import app as weights

app = console.app("train", "Finetune GLIDE on a release and sample it.")
app.add_typer(weights, name="weights")


@app.command("run")
def run_command(
    preset: Annotated[
        str | None, typer.Option(help="tiny or glide.", show_default="glide where its weights are, else tiny")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Steps in all; more of them continue a run.")] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="Pictures in a step of the base model.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=console.LARGEST_SEED, help="Of all random draws.")] = None,
    assignments: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Any setting of [train]; repeatable.")
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="Begin a further run with the same settings.")] = False,
    release: Annotated[str | None, typer.Option(help="Release to learn.", show_default="the newest")] = None,
    _folder: console.InFolder = None,
) -> None:
    """Train base model and upsampler on a release's train split, or go on with the run that has these settings.

    Settings come from [train] in curator.toml, then --set, then the other options. Ctrl-C saves and stops; the same
    command goes on, and ends in the same weights as if it had not been stopped.
    """
    require_extra("tensorboard")
    from curator.release import newest_release
    from curator.workspace import Workspace

    workspace = Workspace.find()
    newest_release(workspace.releases, release)  # says what to do first, before torch takes seconds to load
    from train.start import Wanted, start

    options = {"preset": preset, "steps": steps, "batch_size": batch_size, "seed": seed}
    given = {key: value for key, value in options.items() if value is not None}
    done = start(workspace, Wanted(assignments or [], given, new, release))
    console.put(f"run {done.run.name}: {done.steps} of {done.run.config.steps} steps")
    if done.stopped:
        console.say("stopped; to go on: train run, with the same settings")
        raise typer.Exit(ExitCode.STOPPED)
    console.say(f"in {done.run.folder}\nnext: train sample")


app.command("sample")(sample_command)
app.command("repaint")(repaint_command)


def main() -> None:
    """Entry point of the `train` script."""
    console.run(app)
