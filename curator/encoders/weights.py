"""Finding a network's weights on this machine and reading them without running code from them."""

import os
import warnings
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from curator.errors import InputError

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


def weights_folder() -> Path:
    """Where weights are looked for when no other place is named: `weights` in this user's cache of glide-curator."""
    return user_cache_path("glide-curator", appauthor=False) / "weights"


def find_weights(given: Path | None, variable: str, places: Iterable[Path]) -> Path | None:
    """The weights named by `given`, else by the environment `variable`, else the first of `places` that exists.

    None if there are none. Raises InputError if a place was named and nothing is there.
    """
    named = given or (Path(os.environ[variable]) if os.environ.get(variable) else None)
    if named is None:
        return next((place for place in places if place.exists()), None)
    if not named.exists():
        source = "the settings" if given else variable
        raise InputError(f"{named}: no weights there, although {source} says so", hint=f"correct or remove {source}")
    return named


def not_installed(*modules: str) -> str | None:
    """Why the extra "eval" is needed: the first of `modules` that is not installed, or None."""
    missing = next((module for module in modules if find_spec(module) is None), None)
    return missing and f"Python module {missing!r} not installed: pip install 'glide-curator[eval]'"


def read_weights(path: Path) -> dict[str, "Tensor"]:
    """The tensors of a `.safetensors` file or of a state dict that torch saved, on the CPU.

    Raises InputError for anything else, a pickle that holds more than tensors among it.
    """
    import torch

    content = _read_safetensors(path) if path.suffix == ".safetensors" else _read_pickle(path)
    if isinstance(content, dict) and isinstance(content.get("state_dict"), dict):
        content = content["state_dict"]
    if not isinstance(content, dict) or not all(isinstance(value, torch.Tensor) for value in content.values()):
        raise _unreadable(path, "it holds more than tensors")
    return {key.removeprefix("module."): value for key, value in content.items()}


def _read_safetensors(path: Path) -> object:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except SafetensorError as error:
        raise _unreadable(path, error) from error


def _read_pickle(path: Path) -> object:
    import torch

    try:
        with warnings.catch_warnings(action="ignore"):  # what it warns of either loads or ends in the error below
            return torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:  # spoilt pickles raise nearly everything: KeyError, struct.error, AssertionError, …
        raise _unreadable(path, error) from error


def _unreadable(path: Path, reason: object) -> InputError:
    first_line = str(reason).strip().partition("\n")[0]
    return InputError(
        f"{path}: not readable as weights: {first_line or type(reason).__name__}",
        hint="use a .safetensors file, or a state dict saved by torch.save",
    )


def fill(network: "Module", weights: Mapping[str, "Tensor"], path: Path) -> None:
    """Load `weights` into `network`, all of them and nothing else. Raises InputError that names what does not fit."""
    wanted = {key: tuple(value.shape) for key, value in network.state_dict().items()}
    found = {key: tuple(value.shape) for key, value in weights.items()}
    problems = [f"{key} is missing" for key in wanted.keys() - found.keys()]
    problems += [f"{key} is not known" for key in found.keys() - wanted.keys()]
    problems += [
        f"{key} has shape {found[key]}, expected {wanted[key]}"
        for key in wanted.keys() & found.keys()
        if wanted[key] != found[key]
    ]
    if problems:
        raise InputError(
            f"{path}: not the weights of {type(network).__name__}: {min(problems)} ({len(problems)} differences)",
            hint="name the weights of the architecture that is asked for",
        )
    network.load_state_dict(dict(weights))
