"""Checkpoints: weights, averaged weights and optimizer state as safetensors, written whole or not at all.

checkpoints/step-000000   the weights before the first step, kept for comparison
            step-000050   the newest; older ones are removed
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from curator.errors import InputError
from curator.files import new_folder, sha256_file, write_json
from train.ema import Ema
from train.glide.weights import load_state, read_weights, write_weights
from train.learner import Learner
from train.models import ModelName
from train.runs import remove_leavings

NOTE = "checkpoint.json"
MOMENTS = ("exp_avg", "exp_avg_sq")
"""Adam's state of a parameter, apart from its number of steps."""


@dataclass(frozen=True)
class Checkpoint:
    """A finished checkpoint on disk."""

    folder: Path
    step: int
    """Steps done."""
    files: dict[str, str]
    """File name → sha256."""

    def path(self, file: str) -> Path:
        """Where one of its files lies. Raises InputError if it is not there or not as it was written."""
        path = self.folder / file
        if not path.is_file() or sha256_file(path) != self.files.get(path.name):
            raise InputError(
                f"{path} is missing or was changed after it was written",
                hint=f"remove {self.folder.parent.parent} and train again: train run",
            )
        return path


def file_name(name: ModelName, kind: str = "") -> str:
    """A model's weights (`kind` ""), averaged weights ("ema") or optimizer state ("optimizer")."""
    return f"{name}.{kind}.safetensors" if kind else f"{name}.safetensors"


def save(checkpoints: Path, step: int, learners: Sequence[Learner]) -> None:
    """Write the state after `step` steps and remove older checkpoints except step 0, which holds weights only."""
    remove_leavings(checkpoints)
    folder = checkpoints / f"step-{step:06}"
    with new_folder(folder) as part:
        for learner in learners:
            write_weights(part / file_name(learner.name), learner.model.state_dict())
            if step > 0:
                write_weights(part / file_name(learner.name, "ema"), learner.ema.weights)
                write_weights(part / file_name(learner.name, "optimizer"), optimizer_state(learner))
        files = {path.name: sha256_file(path) for path in sorted(part.iterdir())}
        write_json(part / NOTE, {"step": step, "files": files})
    for other in all_checkpoints(checkpoints):
        if 0 < other.step < step:
            # Renamed first: a removal cut short must not leave something that looks like a checkpoint.
            gone = other.folder.rename(checkpoints / f".{other.folder.name}.part")
            shutil.rmtree(gone)


def all_checkpoints(checkpoints: Path) -> list[Checkpoint]:
    """The finished checkpoints, by step. Raises InputError for one whose note cannot be read."""
    return sorted((_read(path) for path in checkpoints.glob(f"step-*/{NOTE}")), key=lambda found: found.step)


def _read(note: Path) -> Checkpoint:
    try:
        content = json.loads(note.read_text(encoding="utf-8"))
        return Checkpoint(note.parent, content["step"], content["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{note}: not readable: {error}", hint=f"remove {note.parent} and train on") from error


def restore(checkpoint: Checkpoint, learners: Sequence[Learner]) -> None:
    """Bring learners to where a checkpoint left them."""
    for learner in learners:
        path = checkpoint.path(file_name(learner.name))
        load_state(learner.model, read_weights(path), str(path))
        if checkpoint.step == 0:
            learner.ema = Ema(learner.model)
            continue
        averaged = read_weights(checkpoint.path(file_name(learner.name, "ema")))
        for name, value in learner.ema.weights.items():
            value.copy_(averaged[name])
        _load_optimizer(learner, read_weights(checkpoint.path(file_name(learner.name, "optimizer"))))


def sampled_file(checkpoint: Checkpoint, name: ModelName) -> str:
    """The file of the weights a checkpoint is sampled with: the averaged ones, at step 0 the only ones."""
    return file_name(name, "ema" if checkpoint.step else "")


def optimizer_state(learner: Learner) -> dict[str, Tensor]:
    """Adam's state under the names of the parameters."""
    state = learner.optimizer.state_dict()["state"]
    names = [name for name, _ in learner.model.named_parameters()]
    return {f"{names[index]}:{key}": value for index, entry in state.items() for key, value in entry.items()}


def _load_optimizer(learner: Learner, tensors: dict[str, Tensor]) -> None:
    names = [name for name, _ in learner.model.named_parameters()]
    state = {
        index: {key: tensors[f"{name}:{key}"] for key in ("step", *MOMENTS)}
        for index, name in enumerate(names)
        if f"{name}:step" in tensors
    }
    groups = learner.optimizer.state_dict()["param_groups"]
    learner.optimizer.load_state_dict({"state": state, "param_groups": groups})
