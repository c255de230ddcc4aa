"""Runs on disk: their folders and names, and what config.json records before the first step."""

import json
import re
import shutil
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from curator.errors import InputError
from curator.files import write_json
from curator.release import Release
from curator.version import TOOL
from curator.workspace import check
from train.config import TrainConfig
from train.lock import held
from train.machine import Machine

CONFIG = "config.json"
TRAIN = "train a model: train run"


@dataclass(frozen=True)
class Run:
    """One run: the release it learns, its settings, the machine it began on."""

    folder: Path
    release: dict[str, Any]
    """Name, digest, and number of samples in either split."""
    config: TrainConfig
    machine: Machine

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def checkpoints(self) -> Path:
        return self.folder / "checkpoints"

    @property
    def samples(self) -> Path:
        return self.folder / "samples"

    @property
    def weights_folder(self) -> Path | None:
        """Where its settings say the released weights are; relative to the workspace."""
        return None if self.config.weights is None else self.folder.parents[1] / self.config.weights

    def save(self) -> None:
        """Write config.json."""
        content = {
            "name": self.name,
            "tool": TOOL,
            "release": self.release,
            "config": self.config.model_dump(),
            "machine": asdict(self.machine),
        }
        write_json(self.folder / CONFIG, content)

    def locked(self) -> AbstractContextManager[None]:
        """Hold the run for this process alone. Raises InputError where another one holds it."""
        return held(self.folder, f"run {self.name}")


def describe(release: Release) -> dict[str, Any]:
    """What a run records of its release."""
    splits = [sample.split for sample in release.samples]
    return {
        "name": release.name, "digest": release.digest, "train": splits.count("train"), "test": splits.count("test"),
    }  # fmt: skip


def read_run(folder: Path) -> Run:
    """Open a run. Raises InputError where config.json is not what `train run` writes."""
    path = folder / CONFIG
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        config = check(TrainConfig, content["config"], where=str(path))
        return Run(folder, content["release"], config, Machine(**content["machine"]))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not what `train run` writes: {error}", hint="train anew: train run --new") from error


def run_folders(runs: Path) -> list[Path]:
    """The runs of a workspace, the one trained last at the end."""
    found = [path for path in runs.glob(f"*/{CONFIG}") if not path.parent.name.startswith(".")]
    return [path.parent for path in sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.parent.name))]


def find_run(runs: Path, name: str | None = None) -> Run:
    """The run trained last, or the one called `name`. Raises InputError with the names there are."""
    folders = run_folders(runs)
    if not folders:
        raise InputError(f"no run in {runs}", hint=TRAIN)
    if name is None:
        return read_run(folders[-1])
    known = ", ".join(folder.name for folder in folders)
    if not any(folder.name == name for folder in folders):
        raise InputError(f"no run is called {name!r}; known: {known}", hint=TRAIN)
    return read_run(runs / name)


def same_settings(runs: Path, name: str) -> list[Path]:
    """The runs called NAME, NAME-2, NAME-3, …, in this order; half-made folders without config.json are not counted."""
    numbers = {
        int(match[1] or 1): path.parent
        for path in runs.glob(f"{name}*/{CONFIG}")
        if (match := re.fullmatch(re.escape(name) + r"(?:-(\d+))?", path.parent.name))
    }
    return [folder for _, folder in sorted(numbers.items())]


def next_name(name: str, existing: list[Path]) -> str:
    """A name for one more run with the same settings."""
    if not existing:
        return name
    number = existing[-1].name.removeprefix(name).lstrip("-") or "1"
    return f"{name}-{int(number) + 1}"


def remove_leavings(folder: Path) -> None:
    """Remove the half-written folders and files that a killed process left in `folder`."""
    for part in folder.glob(".*.part"):
        shutil.rmtree(part) if part.is_dir() else part.unlink()


def same_release(run: Run, release: Release) -> Release:
    """`release`, if it is still the one the run learned. Raises InputError otherwise."""
    if release.digest != run.release["digest"]:
        raise InputError(
            f"release {release.name} is not the one that run {run.name} learned: digest {release.digest[:12]}, "
            f"the run names {run.release['digest'][:12]}",
            hint="train on the release as it is now: train run",
        )
    return release
