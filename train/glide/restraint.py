"""Restraints: what a sampler does to a predicted picture x0 before it uses it. They know no model and no diffusion."""

from collections.abc import Callable

import torch
from torch import Tensor

from curator.errors import ConfigError

Restrain = Callable[[Tensor], Tensor]
"""x0 (B, 3, H, W) as predicted → x0 as used, same shape."""


def clamp(x0: Tensor) -> Tensor:
    """Cut to -1..1, the range of pictures."""
    return x0.clamp(-1, 1)


def dynamic_threshold(percentile: float) -> Restrain:
    """Saharia et al. 2022 (Imagen), section 2.3: cut each picture to ±s and divide by s.

    s is the `percentile` (above 0, at most 100; the paper's is 99.5) of the picture's |x0|, and at least 1: strong
    guidance pushes colours out of range, and this brings them back in where `clamp` would leave them saturated.
    Raises ConfigError for another percentile.
    """
    if not 0 < percentile <= 100:
        raise ConfigError(f"dynamic threshold {percentile} is not a percentile", hint="use a number in 0..100, as 99.5")

    def restrain(x0: Tensor) -> Tensor:
        # Row by row: torch.quantile takes no more than 2^24 values at once, which are 85 pictures of 256 px.
        rows = [row.abs().flatten().quantile(percentile / 100) for row in x0]
        s = torch.stack(rows).clamp(min=1).view(-1, 1, 1, 1)
        return x0.clamp(-s, s) / s

    return restrain


def known_pixels(picture: Tensor, mask: Tensor, then: Restrain = clamp) -> Restrain:
    """Inpainting (Nichol et al. 2021, 4.3): paste the known pixels of `picture` into x0, then restrain the result.

    picture (B, 3, H, W) in -1..1; mask (B, 1, H, W), 1 where a pixel is known and 0 where it is to be painted. What
    `then` does to a known pixel is undone: dynamic thresholding would darken it together with the others.
    """

    def restrain(x0: Tensor) -> Tensor:
        pasted = x0 * (1 - mask) + picture * mask
        return torch.where(mask == 1, picture, then(pasted))

    return restrain
