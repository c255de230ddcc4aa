"""Denoisers: a model with its captions bound to it, with and without classifier-free guidance."""

import torch
from torch import Tensor

from train.glide.samplers import Denoiser
from train.glide.text_encoder import TextState
from train.glide.unet import Glide


def unguided(model: Glide, text: TextState, low_res: Tensor | None = None) -> Denoiser:
    """The model as it is; `low_res` (B, 3, s, s) for an upsampler."""

    def denoise(x: Tensor, timesteps: Tensor) -> Tensor:
        return model.predict(x, timesteps, text, low_res)

    return denoise


def classifier_free(model: Glide, text: TextState, empty: TextState, scale: float) -> Denoiser:
    """Classifier-free guidance (Nichol et al. 2021, 2.3): ε = ε(∅) + scale · (ε(text) - ε(∅)).

    `empty` holds the states of as many empty captions as `text` has. Only the noise is guided: the variance channels
    are those of the captioned half.
    """
    both = TextState.concatenate(text, empty)

    def denoise(x: Tensor, timesteps: Tensor) -> Tensor:
        out = model.predict(torch.cat([x, x]), torch.cat([timesteps, timesteps]), both)
        with_text, without = out.chunk(2)
        eps = without[:, :3] + scale * (with_text[:, :3] - without[:, :3])
        return torch.cat([eps, with_text[:, 3:]], dim=1)

    return denoise
