"""One picture file to what is kept of it. Pure: bytes in, bytes and words out; a bad picture is a reason, no crash."""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image

from curator.ingest import colour, exif, jpeg, png, sniff, webp
from curator.ingest.metadata import Cut
from curator.ingest.verdict import MAX_PIXELS, Kept, Refused

CUTTERS: dict[str, Callable[[bytes, bool], Cut]] = {"JPEG": jpeg.cut, "PNG": png.cut, "WEBP": webp.cut}
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation → what makes the picture upright."""


def examine(content: bytes, suffix: str) -> Kept:
    """What is kept of a file with these bytes and this extension. Raises Refused with the reason for quarantine.

    A JPEG, PNG or WebP that is upright, 8-bit, opaque, still and in sRGB keeps its pixel data as it is, and only
    personal metadata is cut. Everything else is decoded, converted, and kept as PNG.
    """
    if not content:
        raise Refused("empty: a file of 0 bytes")
    kind = sniff.check_type(content, suffix)
    cut = CUTTERS[kind](content, True) if kind in CUTTERS else _facts(kind, content)
    with _opened(cut.content, kind) as image:
        icc = image.info.get("icc_profile")
        if icc is not None and not _fits(image, icc):
            icc = None
            if kind in CUTTERS:
                cut = CUTTERS[kind](content, False)
            else:
                cut.drop("colour profile")
        if kind == "GIF" and image.info.get("comment"):
            cut.drop("comment")
        upright, conversions = _converted(image, kind, cut, icc)
        changes = (*cut.words, *(["first of several frames"] if cut.animated else []), *conversions)
        if not conversions and kind in CUTTERS:
            return Kept(cut.content, image.width, image.height, kind, changes)
        if kind not in CUTTERS:
            changes = (*changes, f"{kind} to PNG")
        return Kept(_as_png(upright), upright.width, upright.height, "PNG", changes)


def _converted(image: Image.Image, kind: str, cut: Cut, icc: bytes | None) -> tuple[Image.Image, list[str]]:
    """The upright 8-bit sRGB picture, and what had to be done for it."""
    done: list[str | None] = []
    if kind not in ("JPEG", "PNG") and getattr(image, "is_animated", False):
        image.seek(0)
        done.append("first of several frames")
    if kind == "PNG" and png.bit_depth(cut.content) == 16 and not image.mode.startswith("I"):
        done.append("16-bit to 8-bit")  # Pillow has kept the upper byte of each sample
    if kind == "TIFF" and image.mode in ("RGB", "RGBA", "CMYK") and 16 in image.tag_v2.get(258, ()):  # type: ignore[attr-defined]
        done.append("16-bit to 8-bit")
    image.load()
    for step in (colour.eight_bit, colour.without_palette):
        image, change = step(image)
        done.append(change)
    image, change = colour.to_srgb(image, icc)
    done.append(change)
    image, change = colour.over_white(image)
    done.append(change)
    if cut.orientation != 1:
        if kind != "TIFF":  # Pillow has turned a TIFF as it loaded it
            image = image.transpose(TURNS[cut.orientation])
        done.append("turned upright")
    return image, [change for change in done if change]


def _facts(kind: str, content: bytes) -> Cut:
    """The orientation and personal metadata of a format that is kept as PNG, where all of it is lost."""
    cut = Cut(kept=[content])
    if kind == "TIFF":
        tags = exif.first_directory(content)
        cut.orientation = exif.orientation(tags)
        for tag in sorted(tags.keys() & exif.PERSONAL_TAGS.keys()):
            cut.drop(exif.PERSONAL_TAGS[tag])
    return cut


def _fits(image: Image.Image, icc: bytes) -> bool:
    mode = image.mode
    if mode in ("P", "RGBA", "PA"):
        mode = "RGB"
    elif mode in ("LA", "1") or mode.startswith("I;16"):
        mode = "L"
    return mode in colour.SPACES and colour.usable(icc, mode)


@contextmanager
def _opened(content: bytes, kind: str) -> Iterator[Image.Image]:
    """The picture as Pillow sees it, checked for size before a pixel is decoded; all that can go wrong is Refused."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of size, which is checked here, and of damaged metadata, which is cut.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=[kind]) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise _bomb(image.width, image.height)
                yield image
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused(f"too large: more than {MAX_PIXELS:,} pixels") from error
    except MemoryError as error:
        raise Refused("too large: not enough memory to decode it") from error
    except (
        Exception
    ) as error:  # hostile bytes make Pillow raise nearly anything: IndexError, struct.error, TypeError, …
        said = str(error) or type(error).__name__
        word = "truncated" if "truncated" in said.lower() else "damaged"
        raise Refused(f"{word}: the {kind} cannot be decoded ({said})") from error


def _bomb(width: int, height: int) -> Refused:
    return Refused(f"too large: {width} × {height} pixels; at most {MAX_PIXELS:,} are accepted")


def _as_png(image: Image.Image) -> bytes:
    image.info.clear()  # or Pillow would write some of it into the file
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
