"""The formats a release can have. Each writes samples below a `data` folder and finds them there again.

Every format gives back, for each sample, the caption and the picture's bytes exactly as they were put in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from curator.release import sidecar, webdataset
from curator.release.entry import Entry, Payload
from curator.release.options import FormatName


@dataclass(frozen=True)
class Format:
    write: Callable[[Path, Iterable[Payload]], None]
    """Make the folder and write every sample, in the order given; the same samples make the same bytes."""
    index: Callable[[Path], Mapping[str, Entry]]
    """What the folder holds: sample id → entry."""


FORMATS: dict[FormatName, Format] = {
    "webdataset": Format(webdataset.write, webdataset.index),
    "sidecar": Format(sidecar.write, sidecar.index),
}
