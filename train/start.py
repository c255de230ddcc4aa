"""`train run`: from what is asked for to the run that answers it, new, resumed or finished."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from curator.console import say
from curator.errors import InputError
from curator.release import Release, newest_release, read_release
from curator.workspace import Workspace
from train.config import PresetName, TrainConfig, merge, read_assignments, resolve, run_name
from train.data import train_samples
from train.loop import steps_done, train
from train.machine import find_machine
from train.models import model_options, need_released_weights, released_weights
from train.runs import Run, describe, next_name, read_run, same_settings


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    assignments: Sequence[str]
    """key=value pairs of `--set`."""
    options: Mapping[str, Any]
    """Named options that were given; they win over `--set`, which wins over [train]."""
    new: bool = False
    release: str | None = None


@dataclass(frozen=True)
class Started:
    """What became of it."""

    run: Run
    steps: int
    """Steps that are done."""
    stopped: bool


def start(workspace: Workspace, wanted: Wanted) -> Started:
    """Find or make the run that has the wanted settings, and train it to its end. Raises CuratorError before step 0."""
    release = read_release(newest_release(workspace.releases, wanted.release))
    train_samples(release)
    given = merge(workspace.config.train, read_assignments(wanted.assignments), wanted.options)
    config = _settle(given, workspace.path)
    run = _find_or_make(workspace.runs, release, config, wanted.new)
    with run.locked():
        done = steps_done(run)
        if "steps" in given:
            run = replace(run, config=run.config.model_copy(update={"steps": config.steps}))
        if done >= run.config.steps:
            say(
                f"run {run.name} is finished: {done} steps are done\n"
                f"  train it further: --steps {2 * done}; begin another one with the same settings: --new"
            )
            return Started(run, done, stopped=False)
        run.save()
        _narrate(run, done)
        outcome = train(run, release)
    return Started(run, outcome.steps, outcome.stopped)


def _settle(given: Mapping[str, Any], workspace: Path) -> TrainConfig:
    """Checked settings; without a preset, `glide` where the released weights are and `tiny` elsewhere."""
    folder = given.get("weights")
    place = workspace / folder if isinstance(folder, str) else None
    default: PresetName = "tiny" if released_weights(place) is None else "glide"
    config = resolve(given, default)
    if "preset" not in given:
        say(f"preset {config.preset}: the released weights are {'here' if default == 'glide' else 'not here'}")
    model_options(config)
    if config.preset == "glide":
        need_released_weights(place)
    return config


def _find_or_make(runs: Path, release: Release, config: TrainConfig, new: bool) -> Run:
    """The newest run with these settings, however many steps it is to take, or a new one."""
    name = run_name(config, release.name, release.digest)
    existing = same_settings(runs, name)
    if new or not existing:
        folder = runs / next_name(name, existing)
        folder.mkdir(parents=True, exist_ok=True)
        return Run(folder, describe(release), config, find_machine(config))
    run = read_run(existing[-1])
    if run.machine.device == "cuda" and not torch.cuda.is_available():
        raise InputError(f"run {run.name} began on a GPU, and torch finds none here", hint="train run --new")
    return run


def _narrate(run: Run, done: int) -> None:
    machine = run.machine
    begin = f"resumed at step {done} of {run.config.steps}" if done else f"{run.config.steps} steps"
    say(
        f"run {run.name}: {begin}, {run.release['train']} train samples of release {run.release['name']}, "
        f"{machine.precision} on {machine.device}, threads: {machine.threads}"
    )
    if machine.torch_version != torch.__version__:
        say(f"it began with torch {machine.torch_version}; with {torch.__version__} weights may differ in the last bit")
