"""What is measured on a picture's pixels. Each picture is read and decoded once, for all checks."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image as Pillow
from PIL import ImageOps, ImageStat

from curator.blobs import Blobs
from curator.errors import CuratorError
from curator.record import Finding, Image
from curator.similarity import perceptual_hash

if TYPE_CHECKING:
    from curator.audit.context import Context

FLAT = 1.0
"""Standard deviation of the 16 × 16 grey values (0..255) below which a picture shows nothing that could be compared."""
GREY_SIDE = 16


@dataclass(frozen=True)
class Pixels:
    digest: str
    """sha256 over size and RGB values of the upright picture: equal exactly where the pixels are."""
    hash: int | None
    """64-bit perceptual hash, or None for a picture of one colour."""
    grey: bytes
    """The picture as 16 × 16 grey values, row by row."""


@dataclass(frozen=True)
class Broken:
    reason: str


def measure(image: Image, blobs: Blobs) -> Pixels | Broken:
    """Read, check and decode one picture. What is wrong with it comes back as a reason, never as an exception."""
    try:
        if not blobs.has(image.blob):
            return Broken("the picture's bytes are missing")
        content = blobs.read(image.blob)
    except CuratorError:
        return Broken("the picture's bytes are damaged: not those that were ingested")
    except OSError as error:
        return Broken(f"the picture's bytes cannot be read: {error.strerror or error}")
    try:
        return decode(content)
    except Exception as error:  # decoders raise whatever they like on broken bytes; the pass must not end with one
        return Broken(f"the picture cannot be decoded ({type(error).__name__})")


def decode(content: bytes) -> Pixels:
    """The figures of an encoded picture. Raises what Pillow raises for bytes that are none."""
    upright = opened(content)
    digest = hashlib.sha256(f"{upright.width}x{upright.height}\n".encode())
    digest.update(upright.tobytes())
    grey = upright.convert("L").resize((GREY_SIDE, GREY_SIDE), Pillow.Resampling.BOX)
    flat = ImageStat.Stat(grey).stddev[0] < FLAT
    return Pixels(digest.hexdigest(), None if flat else perceptual_hash(upright), grey.tobytes())


def opened(content: bytes) -> Pillow.Image:
    """An encoded picture, decoded, upright, in RGB."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about metadata; the size was judged when the picture was ingested
        with Pillow.open(io.BytesIO(content)) as source:
            return ImageOps.exif_transpose(source).convert("RGB")


def unreadable(context: "Context") -> list[Finding]:
    """Pictures whose bytes are missing, changed or cannot be decoded."""
    return [
        Finding(
            check="unreadable-picture",
            severity="error",
            message=f"{record.name}: {found.reason}",
            images=(record.image.id,),
            advice="Restore the file in blobs/ from a backup; or touch the picture's own file and ingest again.",
        )
        for record in context.records
        if isinstance(found := context.pixels.get(record.image.id), Broken)
    ]
