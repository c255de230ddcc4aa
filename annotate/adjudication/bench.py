"""What the adjudication screen works with."""

from dataclasses import dataclass

from annotate.adjudication.sitting import Sitting
from annotate.captioner.scribe import Scribe
from annotate.pictures.gallery import Gallery
from curator.config import Config


@dataclass(frozen=True)
class Bench:
    """One adjudicator's session with its thread and its pictures."""

    config: Config
    sitting: Sitting
    scribe: Scribe
    gallery: Gallery
