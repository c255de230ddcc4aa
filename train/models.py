"""The two models of a run: their options, their first weights, and where released weights lie."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import torch

from curator.errors import ConfigError, InputError
from train import glide
from train.config import WHERE, TrainConfig
from train.glide.options import Options, read_options
from train.glide.presets import PRESETS
from train.glide.released import missing, released, released_sha256
from train.glide.weights import load_model
from train.randomness import derive

ModelName = Literal["base", "upsampler"]
MODEL_NAMES: tuple[ModelName, ...] = ("base", "upsampler")
RELEASED: Mapping[ModelName, str] = {"base": "base", "upsampler": "upsample"}
"""Names of the released files."""


def model_options(config: TrainConfig) -> dict[ModelName, Options]:
    """Checked options of both models. Raises ConfigError where they are wrong or do not fit each other."""
    preset = PRESETS[config.preset]
    base = read_options({**preset.base, **config.base})
    upsampler = read_options({**preset.upsampler, **config.upsampler})
    if base.super_res or not upsampler.super_res:
        raise ConfigError(f"{WHERE}: super_res belongs to the upsampler, and only to it", hint="remove it")
    if upsampler.image_size % base.image_size or upsampler.image_size == base.image_size:
        raise ConfigError(
            f"{WHERE}: the upsampler makes {upsampler.image_size} px out of {base.image_size} px",
            hint="upsampler.image_size must be a multiple of base.image_size",
        )
    if base.text_ctx != upsampler.text_ctx:
        raise ConfigError(f"{WHERE}: base.text_ctx and upsampler.text_ctx differ", hint="make them equal")
    return {"base": base, "upsampler": upsampler}


def released_weights(folder: Path | None) -> dict[ModelName, Path] | None:
    """The files of both released models in `folder` (default: this user's cache), or None if one is not there."""
    found = {name: path for name, file in RELEASED.items() if (path := released(file, folder))}
    return found if len(found) == len(RELEASED) else None


def need_released_weights(folder: Path | None) -> dict[ModelName, Path]:
    """As `released_weights`, but raises InputError that says which files are missing and how to get them."""
    found = released_weights(folder)
    if found is None:
        lack = missing([file for file in RELEASED.values() if not released(file, folder)], folder)
        raise InputError(f"preset glide: {lack.message}", hint=f"{lack.hint}; or take --preset tiny")
    return found


def first_model(name: ModelName, options: Options, seed: int, weights: Path | None) -> glide.Glide:
    """A model before its first step: released weights, or fresh ones that follow from the seed.

    Raises InputError where the weights do not fit, or are not those that were fetched.
    """
    if weights is not None:
        released_sha256(weights)
        return load_model(weights, options)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive(seed, name, "weights"))
        return glide.Glide(options)
