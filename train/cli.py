"""The `train` command line: parse, open, call one function, print. torch is loaded inside the commands."""

from typing import Annotated

import typer

from curator import console
from curator.errors import ExitCode

app = console.app("train", "Finetune GLIDE on a release and sample it.")


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
    _require_extra()
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


@app.command("sample")
def sample_command(
    run: Annotated[str | None, typer.Option(help="Run to sample.", show_default="the one trained last")] = None,
    prompts: Annotated[int, typer.Option(min=1, help="Captions to paint, test and train in turn.")] = 32,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=console.LARGEST_SEED, help="Of the noise.", show_default="the run's"),
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(min=1, help="Pictures at a time.", show_default="4, on a GPU 16")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=2, max=1000, help="Of the base model.", show_default="the preset's")
    ] = None,
    guidance: Annotated[
        float | None, typer.Option(min=0, help="Scale of guidance.", show_default="the preset's")
    ] = None,
    _folder: console.InFolder = None,
) -> None:
    """Paint a release's captions with the untouched and the finetuned models, for comparison.

    Writes samples/original, samples/finetuned and samples/manifest.jsonl in the run's folder. Again: paints only what
    is missing.
    """
    _require_extra()
    from curator.release import newest_release, read_release
    from curator.workspace import Workspace
    from train.plan import Wishes
    from train.runs import find_run, same_release
    from train.sample import sample

    workspace = Workspace.find()
    found = find_run(workspace.runs, run)
    release = same_release(found, read_release(newest_release(workspace.releases, found.release["name"])))
    with found.locked():
        done = sample(found, release, Wishes(prompts, seed, batch_size, steps, guidance))
    if not done.painted:
        console.put(f"run {found.name}: all {done.pictures} pictures of step {done.step} were painted before")
    else:
        console.put(
            f"run {found.name}: painted {done.painted} of {done.pictures} pictures, finetuned at step {done.step}"
        )
    console.say(f"in {found.samples}\nnext: evaluate run")


def _require_extra() -> None:
    """Raise MissingExtra unless all that the extra "train" brings is there."""
    for module in ("torch", "safetensors", "tensorboard"):
        console.require(module, "train")


def main() -> None:
    """Entry point of the `train` script."""
    console.run(app)
