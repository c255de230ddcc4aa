"""What can be chosen for an export."""

from dataclasses import dataclass
from typing import Literal

FormatName = Literal["webdataset", "sidecar"]


@dataclass(frozen=True)
class Options:
    format: FormatName = "webdataset"
    anonymous: bool = False
    """Leave the authors' names out."""
    skip_unready: bool = False
    """Leave pictures out that are in conflict or have no caption, instead of refusing."""
