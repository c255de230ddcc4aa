"""Denoisers: a model with its captions and pictures bound to it, with and without classifier-free guidance."""

from typing import NamedTuple

import torch
from torch import Tensor

from curator.errors import ConfigError
from train.glide.denoising import Denoiser
from train.glide.text_encoder import TextState
from train.glide.unet import Glide


class Condition(NamedTuple):
    """What a model is given beside x and timesteps, row by row; see `Glide.predict` for the pictures."""

    text: TextState
    low_res: Tensor | None = None
    """(B, 3, s, s) in -1..1, for an upsampler."""
    inpaint_image: Tensor | None = None
    """(B, 3, S, S) in -1..1, for an inpainting model."""
    inpaint_mask: Tensor | None = None
    """(B, 1, S, S), 1 where a pixel is known."""

    def beside(self, text: TextState) -> "Condition":
        """These rows, then the same rows with other captions."""
        pictures = [None if picture is None else torch.cat([picture, picture]) for picture in self[1:]]
        return Condition(TextState.concatenate(self.text, text), *pictures)


def unguided(model: Glide, condition: Condition) -> Denoiser:
    """The model as it is."""

    def denoise(x: Tensor, timesteps: Tensor) -> Tensor:
        return model.predict(x, timesteps, *condition)

    return denoise


def classifier_free(
    model: Glide,
    condition: Condition,
    empty: TextState,
    scale: float,
    interval: tuple[int, int] | None = None,
    rescale: float = 0.0,
) -> Denoiser:
    """Classifier-free guidance (Nichol et al. 2021, 2.3): ε = ε(∅) + scale · (ε(text) - ε(∅)).

    `empty` holds the states of as many empty captions as `condition` has rows. Only the noise is guided: the variance
    channels are those of the captioned half.

    `interval` (low, high), timesteps of the full schedule, both included: guide there only (Kynkäänniemi et al. 2024,
    arXiv 2404.07724). Elsewhere the model sees the captioned rows alone, at half the cost. None: guide everywhere.
    With an interval all rows must be at one timestep, as in a sampling loop.

    `rescale` φ in 0..1 (Lin et al. 2023, arXiv 2305.08891, eq. 15 and 16): draw the guided noise's standard deviation
    towards that of the captioned noise, against over-exposed pictures.

    Raises ConfigError for an empty interval or another φ.
    """
    if interval is not None and not 0 <= interval[0] <= interval[1]:
        raise ConfigError(f"guidance interval {interval} is empty", hint="give the lower timestep first, 0 or more")
    if not 0 <= rescale <= 1:
        raise ConfigError(f"guidance rescale {rescale} is not in 0..1", hint="0 switches it off; the paper's is 0.7")
    both = condition.beside(empty)
    # Rows of `both` instead of the caller's: text states with keys are large, and the caller may let go of them.
    captioned = condition._replace(text=both.text.rows(0, len(condition.text.pooled)))

    def denoise(x: Tensor, timesteps: Tensor) -> Tensor:
        if interval is not None and not is_guided(_only(timesteps), interval):
            return model.predict(x, timesteps, *captioned)
        out = model.predict(torch.cat([x, x]), torch.cat([timesteps, timesteps]), *both)
        with_text, without = out.chunk(2)
        eps = without[:, :3] + scale * (with_text[:, :3] - without[:, :3])
        if rescale:
            eps = _rescaled(eps, with_text[:, :3], rescale)
        return torch.cat([eps, with_text[:, 3:]], dim=1)

    return denoise


def is_guided(timestep: int, interval: tuple[int, int] | None) -> bool:
    """Whether a step at `timestep` is guided, so that the model sees every picture twice."""
    return interval is None or interval[0] <= timestep <= interval[1]


def _only(timesteps: Tensor) -> int:
    different = set(timesteps.tolist())
    assert len(different) == 1, f"guidance over an interval needs one timestep for all rows, not {different}"
    return int(different.pop())


def _rescaled(eps: Tensor, with_text: Tensor, amount: float) -> Tensor:
    """Lin et al. 2023, eq. 15 and 16; standard deviations over each row."""
    axes = tuple(range(1, eps.ndim))
    # A model before its first step predicts no noise at all, of which nothing can be rescaled.
    least = torch.finfo(eps.dtype).tiny
    ratio = with_text.std(axes, keepdim=True) / eps.std(axes, keepdim=True).clamp(min=least)
    return amount * (eps * ratio) + (1 - amount) * eps
