"""Where the weights to sample with come from: a run's first or averaged ones, or the released files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from curator.encoders.weights import read_weights
from curator.errors import InputError
from train import checkpoint, models
from train.checkpoint import Checkpoint
from train.glide.clip.guidance import check_guides
from train.glide.clip.noised_clip import NoisedClip
from train.glide.clip.weights import options_of
from train.glide.options import Options
from train.glide.presets import PRESETS, Preset
from train.glide.released import need_released, released_sha256
from train.glide.weightless import weightless
from train.glide.weights import file_options
from train.models import ModelName, model_options
from train.runs import Run
from train.sampling.manifest import ClipDigests, ModelState

RELEASED: Mapping[bool, Mapping[ModelName, str]] = {
    False: models.RELEASED,
    True: {"base": "base-inpaint", "upsampler": "upsample-inpaint"},
}
"""Names of the released files, without and with inpainting."""


@dataclass(frozen=True)
class Weights:
    """One model's weights on disk."""

    path: Path
    digest: str
    """sha256 of the file, as it was recorded or as it is now."""
    options: Options
    recorded: bool = False
    """Whether the file may have changed since its digest was taken."""


@dataclass(frozen=True)
class Source:
    """The models that paint together: a base model, and the upsampler unless only small pictures are wanted."""

    state: ModelState
    models: Mapping[ModelName, Weights]
    preset: Preset
    """How they are usually sampled."""
    run: Run | None = None
    step: int = 0
    """Steps of training behind them."""

    @property
    def options(self) -> dict[ModelName, Options]:
        return {name: weights.options for name, weights in self.models.items()}


@dataclass(frozen=True)
class ClipFiles:
    """The noised CLIP's two files."""

    text: Path
    image: Path
    digests: ClipDigests


def trained(run: Run, upsample: bool = True) -> dict[ModelState, Source]:
    """A run's models before its first step and after its last. Raises InputError where nothing is trained."""
    found = checkpoint.all_checkpoints(run.checkpoints)
    if not found or found[-1].step == 0:
        raise InputError(f"run {run.name} has no trained weights yet", hint="train it: train run")
    if found[0].step != 0:
        raise InputError(f"run {run.name} lacks the weights of step 0", hint="train anew: train run --new")
    states: dict[ModelState, Checkpoint] = {"original": found[0], "finetuned": found[-1]}
    return {state: _trained(run, state, saved, upsample) for state, saved in states.items()}


def _trained(run: Run, state: ModelState, saved: Checkpoint, upsample: bool) -> Source:
    weights = {
        name: Weights(saved.folder / file, saved.files[file], options, recorded=True)
        for name, options in model_options(run.config).items()
        if (upsample or name == "base") and (file := checkpoint.sampled_file(saved, name))
    }
    return Source(state, weights, PRESETS[run.config.preset], run, saved.step)


def published(folder: Path | None, upsample: bool = True, inpaint: bool = False) -> Source:
    """The released models in `folder` (default: this user's cache of glide-curator).

    Raises InputError where a file is not there, is not as it was recorded, or holds no GLIDE model.
    """
    names = {name: file for name, file in RELEASED[inpaint].items() if upsample or name == "base"}
    paths = dict(zip(names, need_released(*names.values(), folder=folder), strict=True))
    found = {name: Weights(path, released_sha256(path), file_options(path)) for name, path in paths.items()}
    check_fit({name: weights.options for name, weights in found.items()}, paths)
    return Source("released", found, PRESETS["glide"])


def check_fit(options: Mapping[ModelName, Options], paths: Mapping[ModelName, Path]) -> None:
    """Raise InputError unless base model and upsampler are what their files are called, and belong together."""
    for name, model in options.items():
        if model.super_res != (name == "upsampler"):
            raise InputError(f"{paths[name]}: holds another model than the {name}", hint="put the right file there")
    if "upsampler" in options and options["upsampler"].image_size % options["base"].image_size:
        small, large = options["base"].image_size, options["upsampler"].image_size
        raise InputError(
            f"{paths['upsampler']} makes {large} px, no multiple of the {small} px of {paths['base']}",
            hint="take a pair that belongs together, or --no-upsample",
        )


def clip_files(folder: Path | None) -> ClipFiles:
    """The noised CLIP in `folder` (default: this user's cache).

    Raises InputError where a file is not there, or is not as it was recorded.
    """
    text, image = need_released("clip-text-enc", "clip-image-enc", folder=folder)
    return ClipFiles(text, image, ClipDigests(text=released_sha256(text), image=released_sha256(image)))


def check_guidance(files: ClipFiles, options: Options) -> None:
    """Raise UsageError unless the noised CLIP knows the pictures and the noise of the base model with `options`."""
    with weightless():
        clip = NoisedClip(options_of(read_weights(files.text), read_weights(files.image)))
    check_guides(clip, options)


def check_inpainting(source: Source, inpaint: bool) -> None:
    """Raise InputError where pictures are to be painted into by models that cannot."""
    lacking = [name for name, options in source.options.items() if not options.inpaint]
    if inpaint and lacking:
        fetch = "train weights fetch base-inpaint upsample-inpaint"
        folder = next(iter(source.models.values())).path.parent
        there = f"put the right files into {folder}: {fetch} --to {folder}"
        raise InputError(
            f"--inpaint needs models with the option inpaint; the {source.state} {' and '.join(lacking)} lack it",
            hint=there if source.state == "released" else f"take --model released; its files come with: {fetch}",
        )
