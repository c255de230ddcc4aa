"""samples/manifest.jsonl: for every sampled picture, all that made it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from curator.errors import InputError
from curator.files import write_text
from train.painter import SamplerName

MANIFEST = "manifest.jsonl"
ModelState = Literal["original", "finetuned"]


@dataclass(frozen=True)
class Line:
    """One picture. Equal lines mean equal pictures on the same machine."""

    sample_id: str
    image_id: str
    prompt: str
    prompt_index: int
    """Its noise follows from this and the seed."""
    role: str
    """Split of the picture whose caption this is: train or test."""
    model: ModelState
    resolution: int
    """Side in px."""
    file: str
    """Relative to the folder of the manifest."""
    seed: int
    sampler: SamplerName
    steps: int
    respacing: str
    guidance: float
    """1 means none."""
    temperature: float
    """Factor of the initial noise."""
    checkpoint: str
    """sha256 of the weights file."""
    low_res: str | None
    """The picture that was upsampled, or None."""
    batch_size: int
    dtype: str
    threads: int
    device: str
    torch_version: str


def read_manifest(folder: Path) -> list[Line]:
    """The lines so far, [] where there are none; a line that a killed process did not finish is left out.

    Raises InputError for a line that is no such line.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    try:
        return [Line(**json.loads(line)) for line in lines if line.endswith("\n")]
    except (ValueError, TypeError) as error:
        raise InputError(f"{path}: not what `train sample` writes: {error}", hint=f"remove {folder}") from error


def write_manifest(folder: Path, lines: Iterable[Line]) -> None:
    """Replace the manifest."""
    write_text(folder / MANIFEST, "".join(_json(line) for line in lines))


def add_lines(folder: Path, lines: Iterable[Line]) -> None:
    """Add lines at the end."""
    with (folder / MANIFEST).open("a", encoding="utf-8") as file:
        file.write("".join(_json(line) for line in lines))


def _json(line: Line) -> str:
    return json.dumps(asdict(line), ensure_ascii=False) + "\n"
