"""What a sampler solves: a diffusion, a denoiser, and what is done to the denoiser's predictions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from train.glide.diffusion import Diffusion, Posterior
from train.glide.restraint import Restrain, clamp

Denoiser = Callable[[Tensor, Tensor], Tensor]
"""(x (B, 3, H, W), timesteps (B,) of the full schedule) → model output (B, 6, H, W)."""

Gradient = Callable[[Tensor, Tensor], Tensor]
"""(x (B, 3, H, W), timesteps (B,) of the full schedule) → ∇ₓ log p(y | xₜ), scaled as wanted, (B, 3, H, W)."""


class Prediction(NamedTuple):
    """What is behind x_t; each (B, 3, H, W)."""

    x0: Tensor
    """The picture, restrained."""
    eps: Tensor
    """The noise that x_t and `x0` imply."""


@dataclass(frozen=True)
class Denoising:
    """Everything about a sampling loop but the sampler; `i` is an index into the diffusion's kept timesteps."""

    diffusion: Diffusion
    denoise: Denoiser
    restrain: Restrain = clamp
    """Applied to every predicted picture."""
    gradient: Gradient | None = None
    """Guidance by a classifier, CLIP for instance; taken at x_t itself. None: no such guidance."""

    def posterior(self, x: Tensor, i: int) -> Posterior:
        """p(x_{t-1} | x_t) with the learned variance; a gradient moves its mean by variance · gradient.

        Dhariwal & Nichol 2021, algorithm 1. One evaluation of the denoiser.
        """
        t = self._index(x, i)
        timesteps = self.diffusion.model_timesteps(t)
        p = self.diffusion.p_mean_variance(self.denoise(x, timesteps), x, t, self.restrain)
        return p if self.gradient is None else p._replace(mean=p.mean + p.variance * self.gradient(x, timesteps))

    def prediction(self, x: Tensor, i: int) -> Prediction:
        """Picture and noise behind x_t; a gradient moves the noise by -√(1 - ᾱ) · gradient before the restraint.

        Dhariwal & Nichol 2021, algorithm 2. One evaluation of the denoiser; its variance channels are not used.
        """
        t = self._index(x, i)
        timesteps = self.diffusion.model_timesteps(t)
        eps = self.denoise(x, timesteps)[:, :3]
        if self.gradient is not None:
            eps = eps - float((1 - self.diffusion.alphas_bar[i]) ** 0.5) * self.gradient(x, timesteps)
        x0 = self.restrain(self.diffusion.predict_x0(x, t, eps))
        return Prediction(x0, self.diffusion.predict_eps(x, t, x0))

    def _index(self, x: Tensor, i: int) -> Tensor:
        return torch.full((len(x),), i, device=x.device)
