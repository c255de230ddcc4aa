"""What the adjudication screen works with."""

from dataclasses import dataclass

from annotate.pictures import Gallery
from annotate.scribe import Scribe
from annotate.sitting import Sitting
from curator.config import Config


@dataclass(frozen=True)
class Bench:
    """One adjudicator's session with its thread and its pictures."""

    config: Config
    sitting: Sitting
    scribe: Scribe
    gallery: Gallery
