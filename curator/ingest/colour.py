"""Colours to 8-bit sRGB. Pure: a Pillow image in, a Pillow image and what was done in words out."""

import io
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageCms

from curator.ingest.verdict import Refused

TOLERANCE = 3
"""A profile that moves no colour by more than this many of 255 levels is sRGB: makers differ by one or two."""
STEPS = 9
SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK"}
"""Pillow's mode → colour space an ICC profile must be for."""
WITH_ALPHA = {"RGBA", "LA", "PA", "RGBa", "La"}


def eight_bit(image: Image.Image) -> tuple[Image.Image, str | None]:
    """16-bit grey as 8-bit (the upper byte), 1-bit as 8-bit. Raises Refused for 32-bit samples, of unknown range."""
    if image.mode.startswith("I;16"):
        # Pillow clips 16-bit grey when it converts, so the samples are shifted by hand.
        import numpy as np

        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)), "16-bit to 8-bit"
    if image.mode in ("I", "F"):
        raise Refused("not accepted: 32-bit samples, whose range is unknown; save the picture with 8 bits")
    if image.mode == "1":
        return image.convert("L"), "1-bit to 8-bit"
    return image, None


def without_palette(image: Image.Image) -> tuple[Image.Image, str | None]:
    """Palette colours as RGB, or RGBA where some are transparent."""
    if image.mode not in ("P", "PA"):
        return image, None
    return image.convert("RGBA" if image.has_transparency_data else "RGB"), "palette to RGB"


def to_srgb(image: Image.Image, icc: bytes | None) -> tuple[Image.Image, str | None]:
    """Colours that are not sRGB, by mode or by ICC profile, as sRGB; transparency stays. A profile must be `usable`."""
    if image.mode in WITH_ALPHA or image.has_transparency_data:
        alpha = image.convert("RGBA").getchannel("A")
        opaque = image.convert("L" if image.mode in ("L", "LA", "La") else "RGB")
        opaque.info.pop("transparency", None)
        image, change = to_srgb(opaque, icc)
        image.putalpha(alpha)
        return image, change
    if icc is not None and not is_srgb(icc, image.mode):
        name = _name(icc)
        return _transform(icc, image.mode)(image), f"{image.mode} ({name}) to sRGB"
    if image.mode not in ("RGB", "L"):
        return image.convert("RGB"), f"{image.mode} to sRGB"
    return image, None


def over_white(image: Image.Image) -> tuple[Image.Image, str | None]:
    """A picture with transparency as it looks on white paper."""
    if image.mode not in WITH_ALPHA and not image.has_transparency_data:
        return image, None
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB"), "alpha laid over white"


@lru_cache(maxsize=64)
def usable(icc: bytes, mode: str) -> bool:
    """Whether a profile can be read and is for pictures of this mode."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        _transform(icc, mode)
    except (OSError, ImageCms.PyCMSError, KeyError, ValueError):
        return False
    return profile.profile.xcolor_space == SPACES[mode]


@lru_cache(maxsize=64)
def is_srgb(icc: bytes, mode: str) -> bool:
    """Whether a usable profile leaves all colours where they are, within TOLERANCE, whatever it is called."""
    if mode == "CMYK":
        return False
    if mode == "L":
        grid = Image.frombytes("L", (256, 1), bytes(range(256)))
    else:
        levels = [round(255 * step / (STEPS - 1)) for step in range(STEPS)]
        grid = Image.new("RGB", (STEPS**3, 1))
        grid.putdata([(red, green, blue) for red in levels for green in levels for blue in levels])
    pairs = zip(grid.convert("RGB").tobytes(), _transform(icc, mode)(grid).tobytes(), strict=True)
    return all(abs(before - after) <= TOLERANCE for before, after in pairs)


def _transform(icc: bytes, mode: str) -> Callable[[Image.Image], Image.Image]:
    transform = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(icc)),
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return lambda image: transform.apply(image)


def _name(icc: bytes) -> str:
    name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(icc))).strip()
    return name[:40] or "unnamed profile"
