"""How pictures reach the extractors: real ones made as small as the generated ones, some blurred."""

from pathlib import Path

from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from curator.errors import InputError

RESIZE = "centre square, PIL Lanczos to the largest size sampled; smaller sizes from that, by area (box)"
"""What `square` does, as the card says it."""
BLUR_SHARE = 1 / 16
"""Standard deviation of the blurred controls' Gaussian, as a share of the side."""


def square(picture: Image.Image, size_px: int, largest_px: int) -> Image.Image:
    """The centre square of an RGB picture at `size_px`, by way of `largest_px`.

    This is what a base model and an upsampler are trained on, so a perfect model paints pictures like these.
    """
    large = ImageOps.fit(picture, (largest_px, largest_px), Image.Resampling.LANCZOS)
    return large if size_px == largest_px else large.resize((size_px, size_px), Image.Resampling.BOX)


def blurred(picture: Image.Image) -> Image.Image:
    """A picture without its details: what a model that only learned colours and layout could paint."""
    return picture.filter(ImageFilter.GaussianBlur(max(picture.size) * BLUR_SHARE))


def read_picture(path: Path, size_px: int) -> Image.Image:
    """A generated picture as RGB. Raises InputError where it cannot be read or is not `size_px` square."""
    try:
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise InputError(f"{path}: not a readable picture: {error}", hint=AGAIN) from error
    if picture.size != (size_px, size_px):
        raise InputError(f"{path}: {picture.width} × {picture.height} px, its manifest says {size_px}", hint=AGAIN)
    return picture


AGAIN = "make the samples again: train sample"
