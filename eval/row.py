"""A row of the report: one figure for both models, what its difference is worth, or why it was not measured."""

from dataclasses import dataclass
from typing import Literal

from curator.release import Sample
from eval.floor import Spread
from eval.resampling import Interval
from eval.samples import Pair, Role

Stage = Literal["base", "upsampled"]
Kind = Literal["kid", "frechet", "authentic", "alignment"]
Better = Literal["lower", "higher"]
BETTER: dict[Kind, Better] = {"kid": "lower", "frechet": "lower", "authentic": "higher", "alignment": "higher"}


@dataclass(frozen=True)
class Group:
    """What is compared with what: the real pictures of one split, and pairs of generated ones of one size."""

    role: Role
    stage: Stage
    resolution: int | None
    """Side in px of all pictures; None where nothing was sampled at this stage."""
    reals: tuple[Sample, ...]
    """One sample an image."""
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Figure:
    """A figure of one model."""

    value: float
    interval: Interval | None = None
    """95 %."""
    p: float | None = None
    """The chance of lying so far from the real pictures if the model drew from their law."""


@dataclass(frozen=True)
class Difference:
    """finetuned - original."""

    value: float
    interval: Interval | None
    """95 %; None where it cannot be had, with one subject for example."""
    p: float
    """The chance of so large a difference if the models did not differ."""


@dataclass(frozen=True)
class Figures:
    original: Figure
    finetuned: Figure
    difference: Difference


@dataclass(frozen=True)
class Controls:
    """One distance from a random half of the real pictures, at the same numbers of pictures for everything."""

    real: Spread
    """The other half of the real pictures: the floor."""
    blurred: Spread
    """The other half, blurred."""
    copies: Spread
    """Copies of the half itself: what a model that memorises gets."""
    original: Spread
    finetuned: Spread


@dataclass(frozen=True)
class Row:
    kind: Kind
    metric: str
    """With the extractor in its name; "FID" only in Inception's features."""
    role: Role
    stage: Stage
    resolution: int | None
    n_real: int
    n_fake: int
    """Pictures of each model."""
    figures: Figures | None = None
    real: Figure | None = None
    """What the real pictures themselves get: with their own captions, or each against the others."""
    controls: Controls | None = None
    reason: str | None = None
    """Why it was not measured; None when it was."""
    note: str = ""

    @property
    def better(self) -> Better:
        return BETTER[self.kind]


def blank(group: Group, kind: Kind, metric: str, reason: str) -> Row:
    """The row of a figure that was not measured."""
    sizes = len(group.reals), len(group.pairs)
    return Row(kind, metric, group.role, group.stage, group.resolution, *sizes, reason=reason)
