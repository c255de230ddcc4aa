"""Samplers: from noise to a picture, as generators that yield the picture after every step.

A sampler knows a diffusion and a denoiser, not a model: guidance, text and low resolution pictures are the denoiser's.
"""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor

from train.glide.diffusion import Diffusion

Denoiser = Callable[[Tensor, Tensor], Tensor]
"""(x (B, 3, H, W), timesteps (B,) of the full schedule) → model output (B, 6, H, W)."""

Draw = Callable[[int], Tensor]
"""k → the k-th standard normal draw of a loop, (B, 3, H, W). The loop starts at draw 0; draw k belongs to step k."""


def ancestral(diffusion: Diffusion, denoise: Denoiser, x: Tensor, draw: Draw) -> Iterator[Tensor]:
    """Ho et al. 2020, algorithm 2, with the learned variance; `x` is the initial noise. The last step adds no noise."""
    for step, t in _steps(diffusion, x):
        p = diffusion.p_mean_variance(denoise(x, diffusion.model_timesteps(t)), x, t)
        last = step == len(diffusion)
        x = p.mean if last else p.mean + torch.exp(0.5 * p.log_variance) * draw(step)
        yield x


def ddim(diffusion: Diffusion, denoise: Denoiser, x: Tensor, draw: Draw, eta: float = 0.0) -> Iterator[Tensor]:
    """Song et al. 2020, eq. 12, with the noise derived again from the clamped x0; `eta` 0 draws nothing, 1 is DDPM."""
    for step, t in _steps(diffusion, x):
        p = diffusion.p_mean_variance(denoise(x, diffusion.model_timesteps(t)), x, t)
        eps = diffusion.predict_eps(x, t, p.pred_xstart)
        i = len(diffusion) - step
        bar, before = diffusion.alphas_bar[i], diffusion.alphas_bar_before[i]
        sigma = eta * np.sqrt((1 - before) / (1 - bar)) * np.sqrt(1 - bar / before)
        x = float(np.sqrt(before)) * p.pred_xstart + float(np.sqrt(1 - before - sigma**2)) * eps
        if sigma > 0 and step < len(diffusion):
            x = x + float(sigma) * draw(step)
        yield x


def _steps(diffusion: Diffusion, x: Tensor) -> Iterator[tuple[int, Tensor]]:
    """Step 1, 2, … with its index into the kept timesteps, (B,), from the noisiest down to 0."""
    for step in range(1, len(diffusion) + 1):
        yield step, torch.full((len(x),), len(diffusion) - step, device=x.device)
