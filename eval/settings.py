"""The table `[evaluate]` of curator.toml."""

from typing import Literal

from pydantic import Field

from curator.workspace import Settings, Workspace, check


class EvaluateSettings(Settings):
    seed: int = Field(default=0, ge=0)
    """Of every random draw: relabelings, resamples, halves."""
    relabelings: int = Field(default=2000, ge=99)
    """Draws behind a p of KID, CLIP and AuthPct; the smallest p is 1 / (1 + relabelings)."""
    resamples: int = Field(default=2000, ge=100)
    """Draws behind an interval."""
    distance_draws: int = Field(default=200, ge=99)
    """Draws behind p and interval of a Fréchet distance, which costs more."""
    halves: int = Field(default=50, ge=10)
    """Random halves of the real pictures behind each floor and control."""
    alpha: float = Field(default=0.05, gt=0, lt=1)
    """A difference is called one below this p, if its interval leaves out 0."""
    gallery: int = Field(default=60, ge=0)
    """Captions shown with their pictures in the report."""
    inception_weights: str | None = None
    """A file, relative to the workspace; else where curator.encoders looks."""
    clip_weights: str | None = None
    """A file or folder, relative to the workspace."""
    clip_model: str | None = None
    """open_clip's name of the architecture that `clip_weights` belong to."""
    device: Literal["cpu", "cuda"] = "cpu"


def read_settings(workspace: Workspace) -> EvaluateSettings:
    """Check `[evaluate]`. Raises ConfigError with the key, what is allowed, and the nearest known name."""
    return check(EvaluateSettings, workspace.config.evaluate, where="curator.toml, [evaluate]")
