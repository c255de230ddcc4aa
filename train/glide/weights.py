"""Weights of a model: written, checked against it, and loaded without being held twice."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from curator.encoders.weights import WeightFile, misfits, open_weights, read_weights, shapes
from curator.errors import InputError
from curator.workspace import check
from train.glide.known import belonging, recognise
from train.glide.options import Options, read_options
from train.glide.precision import DtypeName, cast
from train.glide.safetensors_file import write_weights
from train.glide.unet import Glide
from train.glide.weightless import weightless

__all__ = ["file_options", "load_model", "load_state", "read_weights", "write_weights"]

OPTIONS = "options"
"""Key of a safetensors file's metadata under which the model's options stand as JSON."""


def load_model(path: Path, options: Options | Mapping[str, Any] | None = None, dtype: DtypeName = "float32") -> Glide:
    """A Glide with the weights of a file, on the CPU and in evaluation mode.

    Its options are `options`, else those in the file's metadata, else those of the known model that has the file's keys
    and shapes. Beside the model nothing is held but the mapped file, and that only until this returns. `dtype` is that
    of `train.glide.precision.cast`. Raises InputError where the file does not fit, naming keys and the model it fits.
    """
    file = open_weights(path)
    with weightless():
        model = cast(Glide(_given(options) or _options(file)), dtype)
    return _filled(model, file.tensors, str(path))


def file_options(path: Path) -> Options:
    """The options of the Glide in a file: those in its metadata, else those of the known model it holds.

    Raises InputError where it holds none, ConfigError where its options are wrong.
    """
    return _options(open_weights(path))


def load_state(model: nn.Module, state: Mapping[str, Tensor], where: str) -> None:
    """Fill `model` from named tensors that came from `where`; values take the model's type. Raises InputError."""
    _check(model, state, where)
    model.load_state_dict(state)


def _check(model: nn.Module, state: Mapping[str, Tensor], where: str) -> None:
    if problem := misfits(shapes(model.state_dict()), shapes(state)):
        raise InputError(
            f"{where}: does not fit the model: {problem}; {belonging(state)}",
            hint="use the preset and options that the weights were made with",
        )


def _filled(model: Glide, state: dict[str, Tensor], where: str) -> Glide:
    """Give a model on the meta device memory and its values, tensor by tensor; empties `state` on the way."""
    _check(model, state, where)
    model.to_empty(device="cpu")
    for name, value in model.state_dict().items():
        value.copy_(state.pop(name))  # taken out, so that a file that could not be mapped is freed as the model grows
    return model.eval()


def _given(options: Options | Mapping[str, Any] | None) -> Options | None:
    return options if options is None or isinstance(options, Options) else read_options(options)


def _options(file: WeightFile) -> Options:
    if OPTIONS in file.metadata:
        return _written_options(file)
    options = next((model.options for model in recognise(file.tensors) if model.options), None)
    if options is None:
        raise InputError(
            f"{file.path}: not the weights of a known GLIDE model: {belonging(file.tensors)}",
            hint="give the options of the model, or a safetensors file that carries them",
        )
    return options


def _written_options(file: WeightFile) -> Options:
    try:
        written = json.loads(file.metadata[OPTIONS])
    except ValueError as error:
        raise InputError(f"{file.path}: the options in it are no JSON: {error}", hint="convert it again") from error
    if not isinstance(written, dict):
        raise InputError(f"{file.path}: the options in it are no JSON object", hint="convert it again")
    return check(Options, written, where=f"{file.path}: model options")
