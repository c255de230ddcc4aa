"""Weights in safetensors out of weights in any format that can be read, with a note on what they are."""

from dataclasses import dataclass
from pathlib import Path

from curator import console
from curator.encoders.weights import open_weights
from curator.errors import InputError, UsageError
from train.glide.known import belonging, recognise
from train.glide.precision import DTYPES, DtypeName
from train.glide.released import released_sha256
from train.glide.safetensors_file import write_weights
from train.glide.weights import OPTIONS


@dataclass(frozen=True)
class Converted:
    """What was written."""

    path: Path
    model: str
    """In words: whose weights they are."""
    tensors: int
    parameters: int


def convert(source: Path, to: Path, dtype: DtypeName | None = None, *, force: bool = False) -> Converted:
    """Write the weights in `source` to `to`, as `dtype` or as they are; one tensor at a time is held.

    The file's metadata has the model's name and options, if it is a known one, and the source's sha256. Raises
    UsageError if `to` is no `.safetensors`; InputError if it is there and not `force`, or if `source` is damaged.
    """
    if to.suffix != ".safetensors":
        raise UsageError(f"{to}: only .safetensors is written", hint=f"name it {to.with_suffix('.safetensors').name}")
    if to.exists() and not force:
        raise InputError(f"{to} is there already", hint="name another file, or replace it with --force")
    file = open_weights(source)
    digest = released_sha256(source)
    metadata = {**file.metadata, "format": "pt", "source_sha256": digest}
    for model in recognise(file.tensors)[:1]:
        metadata["model"] = model.name
        if model.options:
            metadata.setdefault(OPTIONS, model.options.model_dump_json())
    with console.bar("converting", len(file.tensors)) as tracker:
        kind = dtype and DTYPES[dtype]
        write_weights(to, file.tensors, metadata, dtype=kind, written=lambda _: tracker.advance())
    parameters = sum(value.numel() for value in file.tensors.values())
    return Converted(to, belonging(file.tensors), len(file.tensors), parameters)
