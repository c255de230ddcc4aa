"""Bringing pictures to a network's size and range; all resizing is PIL's bicubic, antialiased when shrinking."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from curator.encoders.encoder import Picture

BICUBIC = Image.Resampling.BICUBIC


def as_rgb(picture: Picture) -> Image.Image:
    """`picture` as an RGB image. Raises ValueError for an array that is not uint8 (height, width, 3)."""
    if isinstance(picture, Image.Image):
        return picture.convert("RGB")
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise ValueError(f"expected uint8 (height, width, 3), found {picture.dtype} {picture.shape}")
    return Image.fromarray(picture)


def crop(picture: Picture, size: int) -> NDArray[np.float32]:
    """The middle of `picture` after its shorter side is resized to `size`: float32 (size, size, 3), levels 0..255.

    The usual preparation of ImageNet and CLIP networks; equal to torchvision's Resize and CenterCrop on PIL images.
    """
    image = as_rgb(picture)
    shorter = min(image.size)
    wide, high = (max(size, size * side // shorter) for side in image.size)
    image = image.resize((wide, high), BICUBIC)
    left, top = round((wide - size) / 2), round((high - size) / 2)
    return np.asarray(image.crop((left, top, left + size, top + size)), dtype=np.float32)


def stretch(picture: Picture, size: int) -> NDArray[np.float32]:
    """The whole of `picture` at `size`: float32 (size, size, 3), about 0..255, neither rounded nor clipped.

    What clean-FID does (Parmar et al. 2022): each channel is resized in float32.
    """
    channels = [
        np.asarray(Image.fromarray(np.asarray(channel, dtype=np.float32)).resize((size, size), BICUBIC))
        for channel in as_rgb(picture).split()
    ]
    return np.stack(channels, axis=2)


def normalise(levels: NDArray[np.float32], mean: object, deviation: object) -> NDArray[np.float32]:
    """(size, size, 3) levels → (3, size, size): less `mean`, over `deviation`, each a number or one a channel."""
    scaled = (levels - np.asarray(mean, dtype=np.float32)) / np.asarray(deviation, dtype=np.float32)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1))
