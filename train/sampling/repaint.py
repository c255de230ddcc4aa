"""`train repaint`: a picture is made once more from its manifest line, and compared with the one that is there."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import torch
from torch import Tensor

from curator.errors import InputError
from curator.workspace import Workspace
from train import checkpoint
from train.glide.released import need_released, released_sha256
from train.glide.weights import file_options
from train.machine import prepare
from train.models import model_options
from train.runs import CONFIG, Run, find_run, read_run
from train.sampling.loading import enough_memory, open_painter, shot
from train.sampling.manifest import MANIFEST, Line, read_manifest
from train.sampling.pictures import from_png
from train.sampling.plan import model_name
from train.sampling.sources import RELEASED, Weights, clip_files

ONLY_SAMPLED = "only what train sample painted can be painted again"


@dataclass(frozen=True)
class Found:
    """A picture and what made it."""

    folder: Path
    """Of the manifest."""
    line: Line

    @property
    def path(self) -> Path:
        return self.folder / self.line.file


@dataclass(frozen=True)
class Repainted:
    """What came of painting a picture again."""

    found: Found
    levels: Tensor
    """uint8 (3, S, S)."""
    before: Tensor | None
    """What is there, or None where the picture is gone."""

    @property
    def same(self) -> bool:
        """Whether the bits are those of the picture that is there."""
        return self.before is not None and torch.equal(self.levels, self.before)

    @property
    def largest_difference(self) -> int:
        """In levels of 255, over all pixels; 0 where there is nothing to compare."""
        return 0 if self.before is None else int((self.levels.int() - self.before.int()).abs().max())


def find(picture: Path) -> Found:
    """The line of a picture, from the manifest in the nearest folder above that has one; the picture may be gone.

    Raises InputError where there is none, or it does not name the picture.
    """
    path = Path(os.path.abspath(picture))
    folder = next((folder for folder in path.parents if (folder / MANIFEST).is_file()), None)
    problem = f"no {MANIFEST} in its folder or above"
    if folder:
        name = path.relative_to(folder).as_posix()
        for line in read_manifest(folder, ONLY_SAMPLED):
            if line.file == name:
                return Found(folder, line)
        problem = f"{folder / MANIFEST} does not name it"
    raise InputError(f"{picture}: {problem}", hint=ONLY_SAMPLED)


def targets(wanted: Sequence[Found], to: Path) -> list[Path]:
    """Where each picture goes in the folder `to`; nothing is written.

    Raises InputError where two would go into one file, or one into a folder that has a manifest, or below it.
    """
    taken: dict[Path, Found] = {}
    for found in wanted:
        target = to / found.line.file
        for folder in target.resolve().parents:
            if (folder / MANIFEST).is_file():
                raise InputError(f"--to {to}: pictures with a {MANIFEST} are in {folder}", hint="name another folder")
        if target in taken:
            raise InputError(
                f"{taken[target].path} and {found.path} would both become {target}",
                hint="paint those of different folders one folder at a time, each with a --to of its own",
            )
        taken[target] = found
    return list(taken)


def repaint(wanted: Sequence[Found], weights: Path | None = None) -> Iterator[Repainted]:
    """The pictures once more, those of one model after those of another; `weights` is the released files' folder.

    On the machine that painted them they have the same bits. An upsampled one is made of the small picture that is
    there, or of that painted again. Raises InputError where weights or inputs are gone or others than they were.
    """
    for _, group in groupby(sorted(wanted, key=_painter_key), key=_painter_key):
        same = list(group)
        first = same[0].line
        prepare(first.threads)
        low_res = [_small(found, weights) for found in same]
        files = clip_files(weights) if first.clip else None
        if files and files.digests != first.clip:
            raise InputError("the noised CLIP is not the one that guided", hint="name its folder with --weights DIR")
        with enough_memory(first):
            painter = open_painter(first, weights_of(same[0], weights), same[0].folder, files)
        for start in range(0, len(same), first.batch_size):
            batch = slice(start, start + first.batch_size)
            small = [each for each in low_res[batch] if each is not None]
            with enough_memory(first):
                levels = painter.paint(
                    [shot(found.line) for found in same[batch]], torch.stack(small) if small else None
                )
            for found, picture in zip(same[batch], levels, strict=True):
                yield Repainted(found, picture, from_png(found.path) if found.path.is_file() else None)


def weights_of(found: Found, released: Path | None) -> Weights:
    """The weights that a line names. Raises InputError where they are nowhere to be found."""
    line, name = found.line, model_name(found.line)
    if line.model == "released":
        (path,) = need_released(RELEASED[line.inpaint is not None][name], folder=released)
        if (digest := released_sha256(path)) != line.checkpoint:
            raise InputError(
                f"{path} has other weights than those that painted {found.path}: sha256 {digest[:12]}, "
                f"not {line.checkpoint[:12]}",
                hint="name the folder of the right ones with --weights DIR",
            )
        return Weights(path, digest, file_options(path))
    run = _run_of(found)
    for saved in checkpoint.all_checkpoints(run.checkpoints):
        file = checkpoint.sampled_file(saved, name)
        if saved.files[file] == line.checkpoint:
            return Weights(saved.folder / file, line.checkpoint, model_options(run.config)[name], recorded=True)
    raise InputError(
        f"run {run.name} has the weights {line.checkpoint[:12]} no more, which painted {found.path}",
        hint="it was trained further; paint again: train sample",
    )


def _run_of(found: Found) -> Run:
    """The run in whose folder the picture lies, or the one of that name in this workspace."""
    for folder in found.folder.parents:
        if (folder / CONFIG).is_file() and (folder / "checkpoints").is_dir():
            return read_run(folder)
    return find_run(Workspace.find().runs, found.line.run)


def _small(found: Found, weights: Path | None) -> Tensor | None:
    """The low resolution picture that a picture was made of."""
    if found.line.low_res is None:
        return None
    path = found.folder / found.line.low_res
    if path.is_file():
        return from_png(path)
    (again,) = repaint([find(path)], weights)
    return again.levels


def _painter_key(found: Found) -> str:
    """Equal for pictures that one painter can paint; text, so that it can be sorted by."""
    own = {"sample_id", "image_id", "role", "prompt", "prompt_index", "take", "file", "low_res", "choice"}
    small = found.line.low_res is None
    return f"{found.folder} {small} {found.line.model_dump_json(exclude=own)}"
