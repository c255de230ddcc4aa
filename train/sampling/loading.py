"""Painters: a manifest line and the weights it names become a model that paints that line's picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from curator.errors import InputError
from curator.files import sha256_file
from train.glide.clip.weights import load_clip
from train.glide.weights import load_model
from train.sampling.inpainting import known_at
from train.sampling.manifest import Line
from train.sampling.painter import Painter, Palette, Shot
from train.sampling.plan import recipe_of
from train.sampling.sources import ClipFiles, Weights
from train.sampling.surroundings import engine_of


def open_painter(line: Line, weights: Weights, folder: Path, clip: ClipFiles | None = None) -> Painter:
    """A painter for all lines with this one's recipe and weights; `folder` is that of the manifest.

    Raises InputError where weights or inputs are gone or were changed.
    """
    if weights.recorded and (not weights.path.is_file() or sha256_file(weights.path) != weights.digest):
        raise InputError(
            f"{weights.path} is missing or was changed after it was written",
            hint=f"remove {weights.path.parents[2]} and train again: train run",
        )
    engine = engine_of(line)
    guide = load_clip(clip.text, clip.image).to(engine.device) if line.clip_guidance and clip else None
    known = known_at(folder, line.inpaint, line.resolution) if line.inpaint else None
    model = load_model(weights.path, weights.options, engine.dtype)
    return Painter(model, recipe_of(line), Palette(engine, guide, known))


@contextmanager
def enough_memory(line: Line) -> Iterator[None]:
    """Raise InputError where a GPU has too little memory for what is done within for pictures like this line's."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise InputError(
            f"device {line.device} has too little memory to paint {line.resolution} px, {line.batch_size} at a time",
            hint="paint with a smaller --batch-size or with --device cpu: train sample",
        ) from error


def shot(line: Line) -> Shot:
    """What a painter has to know of a line beside its recipe."""
    return Shot(line.prompt, line.prompt_index, line.take)
