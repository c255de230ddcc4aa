"""Cutting personal metadata out of a picture file without touching its pixel data.

What may stay is listed, so that whatever nobody thought of goes too. JPEG, PNG and WebP only: other formats are
decoded and kept as PNG.
"""

from dataclasses import dataclass, field

from curator.ingest import exif
from curator.ingest.verdict import REMOVED


@dataclass
class Cut:
    """A picture file on its way through a cutter."""

    kept: list[bytes] = field(default_factory=list)
    """The parts that stay, in order."""
    removed: dict[str, None] = field(default_factory=dict)
    """What went, in words: an ordered set."""
    orientation: int = 1
    """As EXIF gives it, 1 (upright) to 8."""
    animated: bool = False
    """Whether the file holds further frames beside the one that stays."""

    def drop_exif(self, tiff: bytes) -> None:
        """Note that EXIF went, and what it said. The first one counts, as it does for viewers."""
        tags = exif.first_directory(tiff)
        if "EXIF" not in self.removed:
            self.orientation = exif.orientation(tags)
        self.removed["EXIF"] = None
        if exif.GPS in tags:
            self.removed["GPS position"] = None

    def drop_xmp(self, packet: bytes) -> None:
        """Note that XMP went, and whether it said where the picture was taken."""
        self.removed["XMP"] = None
        if b"GPSLatitude" in packet:
            self.removed["GPS position"] = None

    def drop(self, what: str) -> None:
        """Note that something else went."""
        self.removed[what] = None

    @property
    def content(self) -> bytes:
        """The file that is left."""
        return b"".join(self.kept)

    @property
    def words(self) -> tuple[str, ...]:
        """What went, as it is recorded with the picture."""
        return tuple(what + REMOVED for what in self.removed)
