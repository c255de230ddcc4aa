"""The pictures that a run sampled, as its manifest describes them, and how they pair up."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from curator.errors import InputError

Role = Literal["train", "test"]
Model = Literal["original", "finetuned"]
MANIFEST = "manifest.jsonl"
SAMPLE = "make samples: train sample"
AGAIN = "make the samples again: train sample"


class ClipDigests(BaseModel):
    """sha256 of the two files of a noised CLIP."""

    model_config = ConfigDict(frozen=True)

    text: str
    image: str


class Line(BaseModel):
    """One line of the manifest: a picture and all that made it. Keys that are not needed here are ignored."""

    model_config = ConfigDict(frozen=True)

    sample_id: str
    image_id: str
    prompt: str
    prompt_index: int
    """The noise follows from this, the take and the seed."""
    take: int = 0
    """Where a prompt is painted several times."""
    role: Role
    model: Model
    resolution: int = Field(gt=0)
    """Side in px."""
    file: str
    """Relative to the folder of the manifest."""
    seed: int
    sampler: str
    steps: int
    respacing: str
    guidance: float
    temperature: float
    eta: float = 0.0
    guidance_interval: tuple[int, int] | None = None
    guidance_rescale: float = 0.0
    dynamic_threshold: float | None = None
    clip_guidance: float = 0.0
    """This one and the four above were off when a manifest without them was written."""
    clip: ClipDigests | None = None
    """What guided; None: no CLIP did."""
    checkpoint: str
    """sha256 of the weights."""
    batch_size: int
    dtype: str
    threads: int
    device: str


@dataclass(frozen=True)
class Pair:
    """Two pictures of one prompt and one noise, from the model before and after."""

    sample_id: str
    image_id: str
    prompt: str
    prompt_index: int
    seed: int
    take: int
    original: Path
    finetuned: Path


@dataclass(frozen=True)
class Samples:
    folder: Path
    lines: tuple[Line, ...]

    @property
    def resolutions(self) -> list[int]:
        """Sides in px, smallest first: the base model's, then the upsampler's."""
        return sorted({line.resolution for line in self.lines})

    def of(self, role: Role, resolution: int | None) -> list[Line]:
        return [line for line in self.lines if line.role == role and line.resolution == resolution]

    def pairs(self, role: Role, resolution: int | None) -> tuple[Pair, ...]:
        """Ordered by sample id, seed and take. Raises InputError where a picture has no counterpart."""
        sides: dict[tuple[str, int, int], dict[Model, Line]] = defaultdict(dict)
        for line in self.of(role, resolution):
            sides[line.sample_id, line.seed, line.take][line.model] = line
        return tuple(self._pair(sides[key]) for key in sorted(sides))

    def _pair(self, side: dict[Model, Line]) -> Pair:
        if len(side) < 2:
            (line,) = side.values()
            lacking = "finetuned" if line.model == "original" else "original"
            raise InputError(
                f"{self.folder / MANIFEST}: sample {line.sample_id} at {line.resolution} px has no {lacking} picture",
                hint="finish sampling: train sample",
            )
        before, after = side["original"], side["finetuned"]
        if (before.prompt, before.prompt_index) != (after.prompt, after.prompt_index):
            raise InputError(
                f"{self.folder / MANIFEST}: sample {before.sample_id} has two prompts or two noises", hint=AGAIN
            )
        paths = self.folder / before.file, self.folder / after.file
        return Pair(
            before.sample_id, before.image_id, before.prompt, before.prompt_index, before.seed, before.take, *paths
        )


def read_samples(folder: Path) -> Samples:
    """The samples of a run's `samples` folder. Raises InputError where there are none, or a line is not acceptable."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise InputError(f"nothing sampled yet: no {manifest}", hint=SAMPLE)
    try:
        text = manifest.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{manifest}: not UTF-8", hint=AGAIN) from error
    if text and not text.endswith("\n"):
        raise InputError(f"{manifest}: its last line is not finished", hint="finish sampling: train sample")
    lines = tuple(_line(manifest, number, line) for number, line in enumerate(text.split("\n"), 1) if line)
    if not lines:
        raise InputError(f"nothing sampled yet: {manifest} is empty", hint=SAMPLE)
    _refuse_twins(manifest, lines)
    return Samples(folder, lines)


def _line(manifest: Path, number: int, text: str) -> Line:
    try:
        line = Line.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise InputError(f"{manifest}, line {number}: not JSON: {error.msg}", hint=AGAIN) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{manifest}, line {number}: {key}: {first['msg']}", hint=AGAIN) from error
    root, path = manifest.parent.resolve(), (manifest.parent / line.file).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise InputError(f"{manifest}, line {number}: no picture {line.file} in {manifest.parent}", hint=AGAIN)
    return line


def _refuse_twins(manifest: Path, lines: Iterable[Line]) -> None:
    seen: set[tuple[object, ...]] = set()
    for line in lines:
        key = (line.sample_id, line.role, line.resolution, line.seed, line.take, line.model)
        if key in seen:
            raise InputError(f"{manifest}: sample {line.sample_id} is there twice for {line.model}", hint=AGAIN)
        seen.add(key)
