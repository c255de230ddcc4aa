"""What a format stores for one sample, read when asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from curator.release.sample import Sample

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
"""Pillow's name of a picture format that ingest keeps → the extension used in releases."""

Payload = tuple[Sample, bytes]
"""A sample and the bytes of its picture."""


@dataclass(frozen=True)
class Part:
    """Some bytes of a file."""

    path: Path
    offset: int
    size: int

    def read(self) -> bytes:
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(self.size)


@dataclass(frozen=True)
class Entry:
    picture: Callable[[], bytes]
    caption: Callable[[], bytes]
    """UTF-8."""
