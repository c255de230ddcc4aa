"""The picture and the mask of inpainting: read, kept beside what is painted, and brought to the models' sizes.

A mask file is white where the model is to paint. Inside, as the model wants it, a mask is 1 where a pixel is known.
"""

import io
import warnings
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from torch.nn import functional as F

from curator.errors import InputError
from curator.files import write_bytes
from train.data import crop_pair, to_signed
from train.sampling.manifest import InpaintFiles

FOLDER = "inputs"
USUAL_FACTOR = 4
"""Between the sizes, where nothing is upsampled."""
WHITE = 128
"""From this level on a mask counts as white."""


@dataclass(frozen=True)
class Given:
    """The two files as they were given."""

    picture: bytes
    mask: bytes
    files: InpaintFiles

    def keep(self, folder: Path) -> None:
        """Copy both into `folder`, where the manifest says they are."""
        for name, content in ((self.files.picture, self.picture), (self.files.mask, self.mask)):
            if not (folder / name).is_file() or (folder / name).read_bytes() != content:
                write_bytes(folder / name, content)


@dataclass(frozen=True)
class Known:
    """The known pixels at one size."""

    picture: Tensor
    """uint8 (3, S, S)."""
    mask: Tensor
    """bool (1, S, S), True where a pixel is known."""

    def signed(self, rows: int) -> tuple[Tensor, Tensor]:
        """For a batch: picture (rows, 3, S, S) in -1..1 and mask (rows, 1, S, S), 1 where known; float32."""
        picture, mask = to_signed(self.picture)[None], self.mask.float()[None]
        return picture.expand(rows, -1, -1, -1), mask.expand(rows, -1, -1, -1)

    def paste(self, levels: Tensor) -> Tensor:
        """Pictures, uint8 (B, 3, S, S), with the known pixels as they were."""
        return torch.where(self.mask, self.picture, levels)


def read_given(picture: Path, mask: Path, low_px: int, high_px: int | None) -> Given:
    """Read and check both files, for a base model of `low_px` and an upsampler to `high_px`, where there is one.

    Raises InputError for what is no picture, OSError for what cannot be read, and InputError for a mask without white.
    """
    contents = picture.read_bytes(), mask.read_bytes()
    opened = _open(contents[0], picture), _open(contents[1], mask)
    if bool(_known_mask(opened[1], opened[0].size, low_px).all()):
        raise InputError(
            f"{mask}: nothing is white in it at {low_px} px, so nothing is to be painted",
            hint="paint white what the model is to fill in; black stays as it is",
        )
    names = [
        f"{FOLDER}/{kind}.{(image.format or 'png').lower()}"
        for kind, image in zip(("picture", "mask"), opened, strict=True)
    ]
    digests = [sha256(content).hexdigest() for content in contents]
    files = InpaintFiles(
        picture=names[0],
        picture_sha256=digests[0],
        mask=names[1],
        mask_sha256=digests[1],
        sizes_px=(low_px, high_px or USUAL_FACTOR * low_px),
    )
    return Given(*contents, files)


def known_at(folder: Path, files: InpaintFiles, px: int) -> Known:
    """The known pixels at one of the two sizes, from the copies in `folder`.

    The picture's centre square is scaled to the larger size and averaged down to the smaller one, as in training. The
    mask is stretched to the picture, cut and scaled with it, and made black and white at the smaller size; its pixels
    are repeated for the larger one. Raises InputError where a copy is gone or was changed.
    """
    opened = []
    for name, digest in ((files.picture, files.picture_sha256), (files.mask, files.mask_sha256)):
        path = folder / name
        if not path.is_file() or sha256(path.read_bytes()).hexdigest() != digest:
            raise InputError(f"{path} is gone or was changed", hint="give picture and mask again: train sample")
        opened.append(_open(path.read_bytes(), path))
    low_px, high_px = files.sizes_px
    high, low = crop_pair(_flat(opened[0], "white"), high_px, low_px)
    mask = _known_mask(opened[1], opened[0].size, low_px)
    if px == low_px:
        return Known(low, mask)
    return Known(high, F.interpolate(mask[None].float(), (high_px, high_px), mode="nearest")[0].bool())


def _open(content: bytes, path: Path) -> Image.Image:
    """A decoded picture, upright."""
    try:
        with warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning):
            image = Image.open(io.BytesIO(content))
        image.load()
        upright = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputError(f"{path}: too many pixels", hint="make it smaller") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"{path}: not readable as a picture", hint="give a PNG or JPEG file") from error
    if image.mode.startswith(("I", "F")):
        raise InputError(f"{path}: its levels have more than 8 bits", hint="save it with 8 bits a channel")
    upright.format = image.format
    return upright


def _flat(image: Image.Image, ground: str) -> Image.Image:
    """8-bit RGB; through what is transparent, `ground` is seen."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    return Image.alpha_composite(Image.new("RGBA", image.size, ground), image.convert("RGBA")).convert("RGB")


def _known_mask(mask: Image.Image, size: tuple[int, int], px: int) -> Tensor:
    """A mask as the model wants it, bool (1, px, px), True where it is black; for a picture of `size`."""
    stretched = _flat(mask, "black").convert("L").resize(size, Image.Resampling.BOX)
    square = ImageOps.fit(stretched, (px, px), Image.Resampling.BOX)
    return torch.from_numpy(np.array(square) < WHITE)[None]
