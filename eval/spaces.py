"""The extractors that figures are computed in, what their figures are called, and why one is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from curator.encoders import Absent, ClipEncoder, Encoder, clip, effnet_lite0, inception
from eval.settings import EvaluateSettings

FID_EXTRACTOR = "Inception"
"""With the published weights; curator.encoders gives other weights another name."""


@dataclass(frozen=True)
class Spaces:
    distances: Sequence[Encoder | Absent]
    """The first one leads: the verdict is drawn in it."""
    alignment: ClipEncoder | Absent

    @property
    def present(self) -> list[Encoder]:
        """The encoders that this machine has."""
        return [each for each in (*self.distances, self.alignment) if not isinstance(each, Absent)]

    @property
    def absent(self) -> list[Absent]:
        return [each for each in (*self.distances, self.alignment) if isinstance(each, Absent)]


def open_spaces(settings: EvaluateSettings, folder: Path) -> Spaces:
    """Load what is there; paths in `settings` are relative to the workspace's `folder`.

    Raises InputError for weights that are named and do not exist or do not fit.
    """

    def place(path: str | None) -> Path | None:
        return None if path is None else folder / path

    return Spaces(
        distances=(effnet_lite0(settings.device), inception(place(settings.inception_weights), settings.device)),
        alignment=clip(place(settings.clip_weights), settings.clip_model, settings.device),
    )


def frechet_name(extractor: str) -> str:
    """FID is a name for Inception's features only; every other distance carries its extractor."""
    return "FID" if extractor == FID_EXTRACTOR else f"FD-{extractor}"


def short_reason(absent: Absent) -> str:
    """What is missing, without the remedy, which names places on this machine."""
    return absent.reason.partition(": ")[0]
