"""What ingest says of a file: kept, with what was changed, or refused with a reason."""

from dataclasses import dataclass

MAX_PIXELS = 89_478_485
"""Larger pictures are refused before they are decoded: a quarter of a gibibyte at three bytes a pixel."""
MAX_PICTURE_BYTES = 256 << 20
MAX_CAPTION_BYTES = 1 << 20

REMOVED = " removed"
"""How the words for a cut end; all other changes are conversions."""


class Refused(Exception):
    """A file that ingest puts in quarantine. The reason is `kind: what exactly`; reports count by kind."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Kept:
    """A picture as the workspace keeps it."""

    content: bytes
    """An upright 8-bit RGB or greyscale picture in sRGB, one frame, without personal metadata."""
    width: int
    """In pixels."""
    height: int
    format: str
    """JPEG, PNG or WEBP."""
    changes: tuple[str, ...]
    """What was cut or converted, in words; empty where the bytes are the bytes found."""


def kind(reason: str) -> str:
    """The part of a reason that reports count by."""
    return reason.partition(":")[0]
