"""Gaussian diffusion (Ho et al. 2020, Nichol & Dhariwal 2021): the steps' constants and the formulas that use them."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from train.glide.respacing import kept_timesteps
from train.glide.restraint import Restrain, clamp
from train.glide.schedules import betas


class Posterior(NamedTuple):
    """One step's distribution p(x_{t-1} | x_t) and the picture it is derived from; each (B, 3, H, W)."""

    mean: Tensor
    variance: Tensor
    log_variance: Tensor
    pred_xstart: Tensor
    """x0, restrained; by default cut to -1..1."""


class Diffusion:
    """The diffusion over the kept timesteps; `t` is an index into them, from 0 (least noise), in every method.

    `betas` (float64) are those of the kept steps, `timesteps` their numbers in the full schedule, which is what the
    model is given (`model_timesteps`).
    """

    def __init__(self, schedule: str, respacing: str = "", steps: int = 1000) -> None:
        self.timesteps = kept_timesteps(respacing, steps)
        alphas_bar = np.cumprod(1 - betas(schedule, steps), dtype=np.float64)[self.timesteps]
        before = np.ones_like(alphas_bar)
        before[1:] = alphas_bar[:-1]
        self.betas: NDArray[np.float64] = 1 - alphas_bar / before
        self.alphas_bar: NDArray[np.float64] = alphas_bar
        self.alphas_bar_before: NDArray[np.float64] = before
        posterior_variance = self.betas * (1 - before) / (1 - alphas_bar)
        # The first step's posterior variance is 0; its logarithm is the second step's, or that of β where it is alone.
        first = posterior_variance[1] if len(self.timesteps) > 1 else self.betas[0]
        self.posterior_log_variance: NDArray[np.float64] = np.log(np.append(first, posterior_variance[1:]))
        self._x0_weight = self.betas * np.sqrt(before) / (1 - alphas_bar)
        self._xt_weight = np.sqrt(1 - self.betas) * (1 - before) / (1 - alphas_bar)

    def __len__(self) -> int:
        return len(self.timesteps)

    def model_timesteps(self, t: Tensor) -> Tensor:
        """The kept steps' indices (B,) as timesteps of the full schedule."""
        return torch.tensor(self.timesteps, device=t.device)[t]

    def q_sample(self, x0: Tensor, t: Tensor, noise: Tensor) -> Tensor:
        """x_t: the picture x0 (B, 3, H, W) after t (B,) steps of noise (Ho et al. 2020, eq. 4)."""
        assert x0.shape == noise.shape, (x0.shape, noise.shape)
        return _at(np.sqrt(self.alphas_bar), t, x0) * x0 + _at(np.sqrt(1 - self.alphas_bar), t, x0) * noise

    def predict_x0(self, x: Tensor, t: Tensor, eps: Tensor) -> Tensor:
        """The picture that x_t and its noise imply, not restrained."""
        return _at(np.sqrt(1 / self.alphas_bar), t, x) * x - _at(np.sqrt(1 / self.alphas_bar - 1), t, x) * eps

    def predict_eps(self, x: Tensor, t: Tensor, x0: Tensor) -> Tensor:
        """The noise that x_t and a picture imply."""
        return (_at(np.sqrt(1 / self.alphas_bar), t, x) * x - x0) / _at(np.sqrt(1 / self.alphas_bar - 1), t, x)

    def p_mean_variance(self, model_output: Tensor, x: Tensor, t: Tensor, restrain: Restrain = clamp) -> Posterior:
        """The step's distribution from the model's output (B, 6, H, W) at x_t (B, 3, H, W).

        The variance lies between β̃ and β, at the place the last three channels say (Nichol & Dhariwal 2021, eq. 15).
        The mean is that of q(x_{t-1} | x_t, x0) (Ho et al. 2020, eq. 7) with the picture as `restrain` leaves it.
        """
        assert model_output.shape == (x.shape[0], 6, *x.shape[2:]), (model_output.shape, x.shape)
        eps, place = model_output.chunk(2, dim=1)
        fraction = (place + 1) / 2
        low, high = _at(self.posterior_log_variance, t, x), _at(np.log(self.betas), t, x)
        log_variance = fraction * high + (1 - fraction) * low
        x0 = restrain(self.predict_x0(x, t, eps))
        mean = _at(self._x0_weight, t, x) * x0 + _at(self._xt_weight, t, x) * x
        return Posterior(mean, log_variance.exp(), log_variance, x0)


def _at(constants: NDArray[np.float64], t: Tensor, like: Tensor) -> Tensor:
    """The constants of steps t (B, 1, 1, 1) on the device of `like`, as float32, or as float64 where `like` is."""
    # Cast before the move: not every device (MPS) has float64.
    dtype = torch.promote_types(like.dtype, torch.float32)
    return torch.from_numpy(constants).to(dtype).to(like.device)[t].view(-1, 1, 1, 1)
