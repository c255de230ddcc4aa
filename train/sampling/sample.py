"""`train sample`: a release's captions painted by the untouched and the finetuned models of a run, with a manifest."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from curator.console import Tracker, bar
from curator.errors import InputError
from curator.files import write_bytes
from curator.release import Release
from train import checkpoint, glide
from train.checkpoint import Checkpoint
from train.manifest import MANIFEST, Line, add_lines, read_manifest, write_manifest
from train.models import MODEL_NAMES, ModelName, model_options
from train.painter import Painter, Recipe
from train.plan import Batch, Wishes, make_plan, model_name, recipe_of
from train.runs import Run


@dataclass(frozen=True)
class Sampled:
    """What a call of `sample` did."""

    pictures: int
    """Pictures that the manifest now lists."""
    painted: int
    """How many of them were painted now; 0 where all were there."""
    step: int
    """Steps of training behind the finetuned ones."""


def sample(run: Run, release: Release, wishes: Wishes) -> Sampled:
    """Paint what is not there yet into samples/original and samples/finetuned; what was asked for before is replaced.

    Interrupted, it goes on with the batches whose pictures are not all there. Raises InputError before the first step.
    """
    run.machine.prepare()
    batches = make_plan(run, release, wishes)
    wanted = [line for batch in batches for line in batch.lines]
    done = tidy(run.samples, wanted)
    todo = [batch for batch in batches if not done.issuperset(batch.lines)]
    with bar("sampling", sum(batch.lines[0].steps + batch.lines[1].steps for batch in todo)) as tracker:
        for batch, painters in _with_painters(run, todo):
            _paint(run.samples, batch, painters, tracker)
    if todo:
        write_manifest(run.samples, wanted)
    return Sampled(len(wanted), sum(len(batch.lines) for batch in todo), max(batch.source.step for batch in batches))


def tidy(folder: Path, wanted: Sequence[Line]) -> set[Line]:
    """Remove what is not wanted any more from a samples folder; returns the lines whose pictures are there already."""
    asked, before = set(wanted), read_manifest(folder)
    kept = [line for line in before if line in asked and (folder / line.file).is_file()]
    if kept != before:
        write_manifest(folder, kept)
    files = {folder / line.file for line in kept}
    for path in folder.rglob("*"):
        if path.is_file() and path not in files and path.name != MANIFEST:
            path.unlink()
    return set(kept)


def _with_painters(run: Run, batches: Sequence[Batch]) -> Iterator[tuple[Batch, dict[ModelName, Painter]]]:
    """Batches with the painters of their checkpoint, which are loaded once for all of its batches."""
    loaded: Checkpoint | None = None
    painters: dict[ModelName, Painter] = {}
    for batch in batches:
        if batch.source != loaded:
            painters = {name: make_painter(run, batch.source, name, batch.recipes[name]) for name in MODEL_NAMES}
            loaded = batch.source
        yield batch, painters


def make_painter(run: Run, source: Checkpoint, name: ModelName, recipe: Recipe) -> Painter:
    """A painter with the weights of a checkpoint. Raises InputError where they are damaged."""
    with torch.device("meta"):
        model = glide.Glide(model_options(run.config)[name])
    model.to_empty(device="cpu")
    checkpoint.load_model(model, source, name)
    return Painter(model, recipe, run.machine.torch_device)


def _paint(folder: Path, batch: Batch, painters: dict[ModelName, Painter], tracker: Tracker) -> None:
    """Paint one batch, write its pictures, then its lines."""
    captions = [pair.base.prompt for pair in batch.pairs]
    indices = [pair.base.prompt_index for pair in batch.pairs]
    tracker.note(batch.pairs[0].base.model)
    small = painters["base"].paint(captions, indices, advance=tracker.advance)
    large = painters["upsampler"].paint(captions, indices, small, tracker.advance)
    for pair, base, upsampled in zip(batch.pairs, small, large, strict=True):
        write_bytes(folder / pair.base.file, to_png(base))
        write_bytes(folder / pair.upsampled.file, to_png(upsampled))
    add_lines(folder, batch.lines)


def repaint(run: Run, line: Line) -> Tensor:
    """The picture of a manifest line once more, uint8 (3, S, S): the same bits on the machine that painted it.

    Raises InputError where the weights or the low resolution picture it came from are gone.
    """
    run.machine.prepare()
    name = model_name(line)
    sources = checkpoint.all_checkpoints(run.checkpoints)
    source = next(
        (each for each in sources if each.files[checkpoint.sampled_file(each, name)] == line.checkpoint), None
    )
    if source is None:
        raise InputError(f"run {run.name} has the weights {line.checkpoint[:12]} no more", hint="train sample")
    low_res = None if line.low_res is None else from_png(run.samples / line.low_res)[None]
    painter = make_painter(run, source, name, recipe_of(line))
    return painter.paint([line.prompt], [line.prompt_index], low_res)[0]


def to_png(levels: Tensor) -> bytes:
    """A picture, uint8 (3, S, S), as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(levels.permute(1, 2, 0).contiguous().numpy()).save(buffer, "PNG")
    return buffer.getvalue()


def from_png(path: Path) -> Tensor:
    """A PNG file as uint8 (3, S, S)."""
    with Image.open(path) as picture:
        return torch.from_numpy(np.array(picture.convert("RGB"))).permute(2, 0, 1)
