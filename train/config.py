"""Settings of a training run: `[train]`, `--set` and options become one checked TrainConfig; loads no torch."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from curator.errors import UsageError
from curator.workspace import Settings, check

WHERE = "train settings (curator.toml [train], --set, options)"

PresetName = Literal["tiny", "glide"]


class TrainConfig(Settings):
    """All that decides what a run computes, apart from the release and the machine."""

    preset: PresetName
    """The pair of models, see train.glide.presets."""
    steps: int = Field(gt=0)
    """Optimizer steps of each model. More of them continue a run: they are not part of its name."""
    seed: int = Field(default=0, ge=0)
    batch_size: int = Field(gt=0)
    """Pictures in a step of the base model."""
    upsampler_batch_size: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    warmup_steps: int = Field(default=20, ge=0)
    """The learning rate rises linearly over so many steps, and is constant after them."""
    weight_decay: float = Field(default=0.0, ge=0)
    max_grad_norm: float = Field(default=1.0, gt=0)
    ema_decay: float = Field(default=0.999, ge=0, lt=1)
    """Decay of the averaged weights once they are warm; step n (from 0) uses at most (1 + n) / (10 + n)."""
    caption_dropout: float = Field(default=0.2, ge=0, le=1)
    """Share of the base model's captions that are emptied, which guidance needs."""
    upsampler_caption_dropout: float = Field(default=0.0, ge=0, le=1)
    low_res_noise: float = Field(default=0.0, ge=0)
    """Standard deviation of noise on the upsampler's low resolution picture, for pixels in -1..1."""
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """Of the arithmetic; weights are float32. `auto`: bfloat16 where a short measurement finds it faster."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int = Field(default=0, ge=0)
    """CPU threads, 0: as many as torch takes. A run keeps the number it began with."""
    checkpoint_steps: int = Field(default=50, gt=0)
    """So many steps are lost at most when the machine stops."""
    weights: str | None = None
    """Folder with the released weights (base.pt, upsample.pt); None: this user's cache of glide-curator."""
    base: dict[str, Any] = Field(default={})
    """Options of the base model that differ from the preset's."""
    upsampler: dict[str, Any] = Field(default={})


DEFAULTS: Mapping[PresetName, Mapping[str, Any]] = {
    "tiny": {"steps": 400, "batch_size": 8, "upsampler_batch_size": 2, "learning_rate": 1e-3},
    "glide": {"steps": 1000, "batch_size": 4, "upsampler_batch_size": 1, "learning_rate": 1e-5},
}
"""What a preset takes where nothing is said: `tiny` starts from nothing, `glide` from the released weights."""

NOT_IN_THE_NAME = {"steps", "checkpoint_steps"}
"""They decide how far a run goes and how often it is saved, not what it computes."""


def resolve(settings: Mapping[str, Any], default_preset: PresetName) -> TrainConfig:
    """Fill in the preset's defaults and check everything. Raises ConfigError that names the key and the nearest one."""
    preset = settings.get("preset", default_preset)
    defaults = next((values for name, values in DEFAULTS.items() if name == preset), {})
    return check(TrainConfig, {"preset": preset, **defaults, **settings}, where=WHERE)


def merge(*tables: Mapping[str, Any]) -> dict[str, Any]:
    """Settings where later tables win, key by key also inside `base` and `upsampler`."""
    merged: dict[str, Any] = {}
    for table in tables:
        for key, value in table.items():
            old = merged.get(key)
            merged[key] = merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def read_assignments(assignments: Iterable[str]) -> dict[str, Any]:
    """`key=value` pairs as settings; a value is TOML or, failing that, text. `base.num_channels=64` goes into `base`.

    Raises UsageError for what is no such pair.
    """
    return merge(*(_read_assignment(assignment) for assignment in assignments))


def _read_assignment(assignment: str) -> dict[str, Any]:
    key, equals, value = assignment.partition("=")
    if not (equals and key.strip()):
        raise UsageError(
            f"--set {assignment!r}: not of the form key=value", hint="for example --set learning_rate=1e-4"
        )
    for text in (value, json.dumps(value)):
        try:
            return tomllib.loads(f"{key} = {text}")
        except tomllib.TOMLDecodeError:
            continue
    raise UsageError(f"--set {assignment!r}: {key!r} is not a key", hint="for example --set base.num_channels=64")


def run_name(config: TrainConfig, release_name: str, release_digest: str) -> str:
    """Release, preset, and a short hash of the release's content and the settings."""
    settings = config.model_dump(exclude=NOT_IN_THE_NAME)
    content = json.dumps([release_digest, settings], sort_keys=True)
    return f"{release_name}-{config.preset}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
