"""A stored picture made small enough to travel: a JPEG of a given longest side. Knows Pillow and nothing else."""

import io

from PIL import Image as Pillow

from curator.errors import InputError

QUALITY = 90


def scaled(content: bytes, longest_side: int) -> bytes:
    """The picture as a JPEG whose longest side is at most `longest_side` pixels; one that is so already, as it is.

    The same picture, side and version of Pillow give the same bytes. Raises InputError where it is no picture.
    """
    try:
        with Pillow.open(io.BytesIO(content)) as picture:
            if picture.format == "JPEG" and max(picture.size) <= longest_side:
                return content
            picture.draft("RGB", (longest_side, longest_side))
            picture.thumbnail((longest_side, longest_side), Pillow.Resampling.LANCZOS, reducing_gap=3.0)
            small = picture.convert("L" if picture.mode == "L" else "RGB")
            target = io.BytesIO()
            small.save(target, "JPEG", quality=QUALITY, subsampling=0)
            return target.getvalue()
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise InputError(f"this is no picture that can be read: {error}", hint="ingest it again") from error


def measured(content: bytes) -> tuple[int, int, str]:
    """Width, height and format of a picture, from its head. Raises InputError where it is none."""
    try:
        with Pillow.open(io.BytesIO(content)) as picture:
            return picture.width, picture.height, picture.format or ""
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise InputError(f"this is no picture that can be read: {error}", hint="get the pack again") from error
