"""manifest.jsonl: for every sampled picture, all that made it."""

import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from curator.errors import InputError
from curator.files import write_text
from train.glide.precision import DtypeName
from train.glide.samplers import SamplerName

MANIFEST = "manifest.jsonl"
ModelState = Literal["original", "finetuned", "released"]


class Group(BaseModel):
    """A set of fields; equal where all are, and without unknown ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ClipDigests(Group):
    """The noised CLIP that guided."""

    text: str
    """sha256 of the text tower's file."""
    image: str


class InpaintFiles(Group):
    """What was painted into. Files are relative to the folder of the manifest."""

    picture: str
    picture_sha256: str
    mask: str
    """White where the model paints."""
    mask_sha256: str
    sizes_px: tuple[int, int]
    """Sides to which both were brought: the base model's, and the one it was averaged down from."""


class Choice(Group):
    """How a candidate fared among those of its prompt."""

    judge: str
    """Name of the encoder that compared picture and prompt; another one than guided."""
    judge_sha256: str
    score: float
    """Cosine of picture and prompt."""
    place: int
    """1: the best of its prompt."""
    candidates: int
    """So many there were."""
    kept: bool


class Line(Group):
    """One picture. What a key lets out of an older manifest was off when it was written."""

    sample_id: str | None = None
    """Whose caption the prompt is; None: it is not out of a release."""
    image_id: str | None = None
    role: str | None = None
    """Split of the picture whose caption this is: train or test."""
    prompt: str
    prompt_index: int
    """Its noise follows from this, the take and the seed."""
    take: int = 0
    """From 0, where a prompt is painted several times."""
    model: ModelState
    run: str | None = None
    """The run that trained the model."""
    checkpoint: str
    """sha256 of the weights file."""
    resolution: int
    """Side in px."""
    file: str
    """Relative to the folder of the manifest."""
    low_res: str | None
    """The picture that was upsampled, or None."""
    seed: int
    sampler: SamplerName
    steps: int
    respacing: str
    eta: float = 0.0
    """Of DDIM: 0 draws no noise, 1 as much as the ancestral sampler."""
    guidance: float
    """Scale of classifier-free guidance; 1 means none."""
    guidance_interval: tuple[int, int] | None = None
    """Guided from the second timestep down to the first; None: always."""
    guidance_rescale: float = 0.0
    """Share of the guided prediction that is brought to the unguided one's contrast."""
    dynamic_threshold: float | None = None
    """Percentile of a picture's levels that becomes white; None: levels are cut."""
    clip_guidance: float = 0.0
    """Scale of CLIP guidance; 0 means none."""
    clip: ClipDigests | None = None
    temperature: float
    """Factor of the initial noise."""
    inpaint: InpaintFiles | None = None
    choice: Choice | None = None
    """None: there was nothing to choose from."""
    batch_size: int
    """So many pictures the model saw at a time; where fewer were left, the last one again."""
    dtype: DtypeName
    device: str
    threads: int
    winograd: bool = False
    """Whether 3 × 3 convolutions were done in the way that needs fewer multiplications and rounds differently."""
    compiled: bool = False
    torch_version: str

    @field_validator("file", "low_res")
    @classmethod
    def _inside(cls, name: str | None) -> str | None:
        path = PurePosixPath(name or "x")
        if path.is_absolute() or ".." in path.parts:
            raise ValueError("lies outside of the manifest's folder")
        return name

    def asked(self) -> dict[str, Any]:
        """What decides the picture but for rounding: not the machine, the batch it was painted in, or its rank."""
        return self.model_dump(exclude=NOT_ASKED, exclude_defaults=True)


NOT_ASKED = {"run", "choice", "batch_size", "device", "threads", "winograd", "compiled", "torch_version"}


def read_manifest(folder: Path, hint: str | None = None) -> list[Line]:
    """The lines so far, [] where there are none; a line that a killed process did not finish is left out.

    Raises InputError for a line that is no such line. `hint` says what to do then; None: to remove the folder, which
    is for one that holds nothing but what was painted.
    """
    hint = hint or f"remove {folder}"
    path = folder / MANIFEST
    if not path.is_file():
        return []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8", hint=hint) from error
    return [_line(path, number, line, hint) for number, line in enumerate(lines[:-1], 1)]


def _line(path: Path, number: int, text: str, hint: str) -> Line:
    try:
        return Line.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        problem = f"not JSON: {error.msg}"
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    raise InputError(f"{path}, line {number}: not what `train sample` writes: {problem}", hint=hint)


def manifest_text(lines: Iterable[Line]) -> str:
    """The lines as a manifest holds them."""
    return "".join(json.dumps(line.model_dump(mode="json"), ensure_ascii=False) + "\n" for line in lines)


def write_manifest(folder: Path, lines: Iterable[Line]) -> None:
    """Replace the manifest."""
    write_text(folder / MANIFEST, manifest_text(lines))


def add_lines(folder: Path, lines: Iterable[Line]) -> None:
    """Add lines at the end."""
    with (folder / MANIFEST).open("a", encoding="utf-8", newline="") as file:
        file.write(manifest_text(lines))
