"""Training runs as the trainer leaves them: which is the newest, what it was trained on, where its samples lie."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.errors import InputError
from curator.release import Release, newest_release, read_release
from curator.workspace import Workspace
from eval.samples import Samples, read_samples

CONFIG = "config.json"
TRAIN = "train a model: train run"


@dataclass(frozen=True)
class Run:
    folder: Path
    config: dict[str, Any]
    """What the trainer resolved before its first step."""

    @property
    def name(self) -> str:
        return self.folder.name

    def samples(self) -> Samples:
        """What was sampled from it. Raises InputError where nothing was."""
        return read_samples(self.folder / "samples")


def find_run(workspace: Workspace, name: str | None = None) -> Run:
    """The newest run, or the one called `name`. Raises InputError where there is none, with the names that exist."""
    folders = run_folders(workspace.runs)
    if not folders:
        raise InputError(f"no run in {workspace.runs}", hint=TRAIN)
    if name is None:
        return read_run(folders[-1])
    if name not in {folder.name for folder in folders}:
        raise InputError(
            f"no run is called {name!r}; known: {', '.join(folder.name for folder in folders)}", hint=TRAIN
        )
    return read_run(workspace.runs / name)


def run_folders(runs: Path) -> list[Path]:
    """The runs of a workspace, oldest first by the time of their config.json."""
    found = [file for file in runs.glob(f"*/{CONFIG}") if not file.parent.name.startswith(".")]
    return [file.parent for file in sorted(found, key=lambda file: (file.stat().st_mtime_ns, file.parent.name))]


def read_run(folder: Path) -> Run:
    """Raises InputError where config.json is not what the trainer writes."""
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{folder / CONFIG}: not readable: {error}", hint=TRAIN) from error
    if not isinstance(config, dict):
        raise InputError(f"{folder / CONFIG}: not an object", hint=TRAIN)
    return Run(folder, config)


def release_of(workspace: Workspace, run: Run) -> Release:
    """The release that `run` was trained on. Raises InputError where it is gone or is no longer the same."""
    release = run.config.get("release")
    if not isinstance(release, dict) or not isinstance(release.get("name"), str):
        raise InputError(f"{run.folder / CONFIG}: it does not name its release", hint=TRAIN)
    found = read_release(newest_release(workspace.releases, release["name"]))
    if found.digest != release.get("digest"):
        raise InputError(
            f"release {found.name} is not the one that run {run.name} was trained on: "
            f"digest {found.digest[:12]}, the run names {str(release.get('digest'))[:12]}",
            hint="train on the release as it is now: train run",
        )
    return found
