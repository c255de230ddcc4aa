"""Weight files: safetensors, or plain state dicts in `.pt` files as OpenAI published them."""

import warnings
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from curator.errors import InputError
from curator.files import replacing

NAMED = 3
"""So many keys of each kind are named in an error; the rest are counted."""


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a `.safetensors` or torch file on the CPU. Raises InputError if it is neither or damaged."""
    if not path.is_file():
        raise InputError(f"{path}: no such file of weights", hint="check the path")
    try:
        if path.suffix == ".safetensors":
            return dict(load_file(path))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the pickle protocol of files that are no checkpoints
            content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged pickle may raise anything
        raise InputError(
            f"{path}: not a readable file of weights", hint="fetch it again and compare its size"
        ) from error
    if not isinstance(content, dict) or not all(isinstance(value, Tensor) for value in content.values()):
        raise InputError(f"{path}: holds something else than named tensors", hint="give a plain state dict")
    return content


def write_weights(path: Path, state: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None) -> None:
    """Write named tensors as safetensors, whole or not at all."""
    with replacing(path) as part:
        tensors = {name: tensor.detach().contiguous() for name, tensor in state.items()}
        save_file(tensors, part, metadata=dict(metadata or {}))


def load_weights(model: nn.Module, path: Path) -> None:
    """Fill `model` from a file. Raises InputError that names missing, unknown and misshapen keys."""
    load_state(model, read_weights(path), str(path))


def load_state(model: nn.Module, state: Mapping[str, Tensor], where: str) -> None:
    """Fill `model` from named tensors that came from `where`; values take the model's type. Raises InputError."""
    own = model.state_dict()
    misshapen = [
        f"{name} {tuple(state[name].shape)}, not {tuple(own[name].shape)}"
        for name in own
        if name in state and state[name].shape != own[name].shape
    ]
    problems = [
        _named("missing", [name for name in own if name not in state]),
        _named("unknown", [name for name in state if name not in own]),
        _named("of another shape", misshapen),
    ]
    if any(problems):
        raise InputError(
            f"{where}: does not fit the model: {'; '.join(filter(None, problems))}",
            hint="use the preset and options that the weights were made with",
        )
    model.load_state_dict(state)


def _named(kind: str, names: list[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)} {kind}: {shown}{more}"
