"""Batches out of a release: the train split's pictures and captions, in an order that follows from the seed."""

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from torch.nn import functional as F

from curator.errors import InputError
from curator.release import Release, Sample
from train.glide import Tokenizer
from train.randomness import generator

CACHE_BYTES = 1 << 30
"""Decoded crops kept in memory; the ones beyond are decoded again in every epoch."""


@dataclass(frozen=True)
class Crops:
    """The centre squares of a batch's pictures; levels 0..255, uint8."""

    high: Tensor
    """(B, 3, S, S) at the upsampler's size."""
    low: Tensor
    """(B, 3, s, s): the same squares at the base model's size, averaged over areas and rounded to 8 bits."""


class TrainPictures:
    """The pictures of the train split, decoded when first asked for."""

    def __init__(self, release: Release, high_px: int, low_px: int) -> None:
        self.samples = train_samples(release)
        self.release, self.high_px, self.low_px = release, high_px, low_px
        self._cache: dict[int, tuple[Tensor, Tensor]] = {}

    def __len__(self) -> int:
        return len(self.samples)

    def crops(self, indices: list[int]) -> Crops:
        """The pictures at these places of the train split."""
        pairs = [self._pair(index) for index in indices]
        return Crops(torch.stack([high for high, _ in pairs]), torch.stack([low for _, low in pairs]))

    def _pair(self, index: int) -> tuple[Tensor, Tensor]:
        if index in self._cache:
            return self._cache[index]
        pair = crop_pair(self._picture(self.samples[index]), self.high_px, self.low_px)
        if (len(self._cache) + 1) * 3 * (self.high_px**2 + self.low_px**2) <= CACHE_BYTES:
            self._cache[index] = pair
        return pair

    def _picture(self, sample: Sample) -> Image.Image:
        try:
            return self.release.picture(sample)
        except (OSError, SyntaxError, ValueError) as error:  # what Pillow raises on damaged files
            raise InputError(
                f"release {self.release.name}: the picture of sample {sample.sample_id} cannot be read: {error}",
                hint="see what else was changed: curator verify",
            ) from error


def train_samples(release: Release) -> list[Sample]:
    """The train split, ordered by sample id. Raises InputError if it is empty."""
    samples = sorted((sample for sample in release.samples if sample.split == "train"), key=lambda each: each.sample_id)
    if not samples:
        raise InputError(
            f"release {release.name} has no train samples ({len(release.samples)} samples in all)",
            hint="hold out fewer pictures (curator hold-out --share 15% --redraw), then: curator export",
        )
    return samples


def crop_pair(picture: Image.Image, high_px: int, low_px: int) -> tuple[Tensor, Tensor]:
    """The centre square of an RGB picture at two sizes, uint8 (3, S, S) and (3, s, s), the small from the large.

    `high_px` is a multiple of `low_px`.
    """
    square = ImageOps.fit(picture, (high_px, high_px), Image.Resampling.LANCZOS)
    high = torch.from_numpy(np.array(square)).permute(2, 0, 1).contiguous()
    return high, F.avg_pool2d(high.float(), high_px // low_px).round().to(torch.uint8)


def to_signed(levels: Tensor) -> Tensor:
    """Levels 0..255 as float32 in -1..1."""
    return levels.float() / 127.5 - 1


@dataclass(frozen=True)
class Tokens:
    """A batch of tokenized captions: tokens (B, context) int64, mask (B, context) bool."""

    tokens: Tensor
    mask: Tensor

    def __getitem__(self, indices: list[int]) -> "Tokens":
        return Tokens(self.tokens[indices], self.mask[indices])

    def emptied(self, drop: Tensor) -> "Tokens":
        """The captions with those emptied where `drop` (B,) is True."""
        return Tokens(
            torch.where(drop[:, None], Tokenizer.end_token, self.tokens), torch.where(drop[:, None], False, self.mask)
        )


def tokenize(captions: list[str], context: int) -> Tokens:
    """Captions without their outer blanks as tokens."""
    tokenizer = Tokenizer()
    padded = [tokenizer.pad(tokenizer.encode(caption.strip()), context) for caption in captions]
    return Tokens(torch.tensor([tokens for tokens, _ in padded]), torch.tensor([mask for _, mask in padded]))


def order(seed: int, name: str, count: int, start: int, length: int) -> list[int]:
    """Which of `count` pictures stand at the places start, …, start + length - 1 of an endless series of epochs.

    Each epoch holds every picture once, in an order of its own that follows from the seed and `name`.
    """
    places = range(start, start + length)
    epochs = {
        epoch: torch.randperm(count, generator=generator(seed, name, "order", epoch)).tolist()
        for epoch in {place // count for place in places}
    }
    return [epochs[place // count][place % count] for place in places]
