"""Finding a network's weights on this machine and reading them without running code from them."""

import os
import pickle
import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path

from curator.console import say
from curator.errors import InputError

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

NESTED = ("ema", "state_dict", "model")
"""Keys under which trainers keep the weights proper; the averaged ones come first."""
PARALLEL = "module."
"""What torch's wrappers for several devices put before every key."""
NAMED = 3
"""So many keys of each kind are named in an error; the rest are counted."""


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


@dataclass(frozen=True)
class WeightFile:
    """What a file of weights holds."""

    path: Path
    tensors: dict[str, "Tensor"]
    """On the CPU. They are a private mapping of the file, read from disk when used, except in torch's oldest format."""
    metadata: Mapping[str, str]
    """What a safetensors file says of itself; empty for others."""


def open_weights(path: Path) -> WeightFile:
    """Open a `.safetensors` file, or a state dict that torch saved, plain or under one of the keys `NESTED`.

    Where averaged weights stand beside others, they are taken and that is said. Raises InputError for anything else,
    a pickle that holds more than tensors among it.
    """
    import torch

    if not path.is_file():
        raise InputError(f"{path}: no such file of weights", hint="check the path")
    safe = path.suffix == ".safetensors"
    content, metadata = _read_safetensors(path) if safe else (_read_pickle(path), {})
    nested = [key for key in NESTED if isinstance(content, dict) and _are_tensors(content.get(key))]
    if nested:
        content = content[nested[0]]
    if len(nested) > 1:
        say(f"{path}: takes the weights under {nested[0]!r}, not those under {' or '.join(map(repr, nested[1:]))}")
    if not isinstance(content, dict) or not all(isinstance(value, torch.Tensor) for value in content.values()):
        raise _unreadable(path, "it holds something else than named tensors")
    tensors = {str(key).removeprefix(PARALLEL): value.detach() for key, value in content.items()}
    if len(tensors) < len(content):
        raise _unreadable(path, f"keys stand in it with and without {PARALLEL!r}")
    return WeightFile(path, tensors, metadata)


def read_weights(path: Path) -> dict[str, "Tensor"]:
    """The tensors of `open_weights`."""
    return open_weights(path).tensors


def _are_tensors(value: object) -> bool:
    import torch

    return isinstance(value, dict) and bool(value) and all(isinstance(each, torch.Tensor) for each in value.values())


def _read_safetensors(path: Path) -> tuple[Any, Mapping[str, str]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            return {key: file.get_tensor(key) for key in file.keys()}, file.metadata() or {}
    except SafetensorError as error:
        raise _unreadable(path, _first_line(error)) from error


def _read_pickle(path: Path) -> Any:
    import torch

    try:
        mapped = zipfile.is_zipfile(path)  # the format before it cannot be mapped
        with warnings.catch_warnings(action="ignore"):  # what it warns of either loads or ends in the error below
            return torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    except OSError:
        raise
    except Exception as error:  # spoilt pickles raise nearly everything: KeyError, struct.error, AssertionError, …
        raise _unreadable(path, _why(error)) from error


def _why(error: Exception) -> str:
    """In our words, because torch's advise to trust the file."""
    never = "code from a file is never run"
    if foreign := re.search(r"GLOBAL (\S+)", str(error)):
        return f"it holds more than tensors, {foreign[1]} among it; {never}"
    if "TorchScript" in str(error):
        return f"it holds a program (TorchScript); {never}"
    return "it is no state dict" if isinstance(error, pickle.UnpicklingError) else _first_line(error)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _unreadable(path: Path, reason: str) -> InputError:
    return InputError(
        f"{path}: not readable as weights: {reason}",
        hint="use a .safetensors file, or a state dict saved by torch.save",
    )


def misfits(wanted: Mapping[str, tuple[int, ...]], found: Mapping[str, tuple[int, ...]]) -> str:
    """What keeps tensors of the shapes `found` out of a network with the shapes `wanted`, in words; "" if nothing."""
    other = [f"{key} {found[key]}, not {wanted[key]}" for key in wanted if found.get(key, wanted[key]) != wanted[key]]
    kinds = {
        "missing": [key for key in wanted if key not in found],
        "unknown": [key for key in found if key not in wanted],
        "of another shape": other,
    }
    return "; ".join(_named(kind, keys) for kind, keys in kinds.items() if keys)


def _named(kind: str, keys: list[str]) -> str:
    more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
    return f"{len(keys)} {kind}: {', '.join(keys[:NAMED])}{more}"


def shapes(tensors: Mapping[str, "Tensor"]) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor."""
    return {key: tuple(value.shape) for key, value in tensors.items()}


def fill(network: "Module", weights: Mapping[str, "Tensor"], path: Path) -> None:
    """Load `weights` into `network`, all of them and nothing else; values take the network's type.

    Raises InputError that names what does not fit; then nothing is changed.
    """
    if problem := misfits(shapes(network.state_dict()), shapes(weights)):
        raise InputError(
            f"{path}: not the weights of {type(network).__name__}: {problem}",
            hint="name the weights of the architecture that is asked for",
        )
    network.load_state_dict(dict(weights))
