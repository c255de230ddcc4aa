"""Samplers against exact solutions, where pictures are N(MEAN, SPREAD²) and the noise in them is known in closed form.

All in float64, on a linear schedule of 961 timesteps: 960 can be kept every 6th, 12th, … from the first to the last.
"""

import numpy as np
import pytest
import torch

from train.glide import Diffusion
from train.glide.denoising import Denoising
from train.glide.samplers import SAMPLERS

MEAN, SPREAD = 0.3, 0.5
INTERVALS = [20, 40, 80, 160]


def toy(diffusion):
    """The exact denoiser, its variance the posterior's, without any restraint."""
    bars = dict(zip(diffusion.timesteps, diffusion.alphas_bar, strict=True))

    def denoise(x, timesteps):
        bar = bars[int(timesteps[0])]
        eps = np.sqrt(1 - bar) * (x - np.sqrt(bar) * MEAN) / (bar * SPREAD**2 + 1 - bar)
        return torch.cat([eps, -torch.ones_like(x)], dim=1)

    return Denoising(diffusion, denoise, restrain=lambda x0: x0)


def even(intervals):
    return Diffusion("linear", str(intervals + 1), 961)


def level(bar):
    return np.sqrt((1 - bar) / bar)


def solution(x, start, end):
    """The probability-flow ODE from ᾱ `start` to `end`: in x̄ = x / √ᾱ, x̄(σ) - MEAN grows as √(SPREAD² + σ²)."""
    grown = np.sqrt((SPREAD**2 + level(end) ** 2) / (SPREAD**2 + level(start) ** 2))
    return np.sqrt(end) * (MEAN + (x / np.sqrt(start) - MEAN) * grown)


def error(name, diffusion, index):
    """How far from the exact solution a sampler is when it arrives at a kept timestep."""
    x = torch.full((1, 3, 1, 1), 1.3, dtype=torch.float64)
    *_, start = diffusion.alphas_bar
    steps = list(SAMPLERS[name](toy(diffusion), x, torch.zeros))
    arrived = steps[len(diffusion) - 2 - index]
    return float((arrived - solution(x, start, diffusion.alphas_bar[index])).abs().max())


def order(errors):
    """The slope of log error over log step size."""
    return -np.polyfit(np.log(INTERVALS), np.log(errors), 1)[0]


@pytest.mark.parametrize(("name", "expected"), [("ddim", 1), ("euler", 1), ("heun", 2), ("dpmpp-2m", 2)])
def test_deterministic_samplers_converge_to_the_ode_with_their_order(name, expected):
    # At timestep 240: further down, 2M's last step of first order adds an error of the other sign.
    errors = [error(name, even(intervals), intervals // 4) for intervals in INTERVALS]
    assert errors[-1] < 4e-2 / INTERVALS[-1] ** (expected - 1)
    assert order(errors) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("name", "expected"), [("ddim", 1), ("euler", 1), ("heun", 2)])
def test_the_order_holds_down_to_the_least_noisy_timestep(name, expected):
    assert order([error(name, even(intervals), 0) for intervals in INTERVALS]) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("schedule", ["squaredcos_cap_v2", "linear"])
@pytest.mark.parametrize("steps", [8, 10, 20, 30, 100])
@pytest.mark.parametrize("name", ["heun", "dpmpp-2m"])
def test_second_order_pays_with_few_steps_too(name, steps, schedule):
    """Which it would not if the first step (heun) or the last but one (dpmpp-2m) were of second order as well."""
    diffusion = Diffusion(schedule, str(steps))
    assert error(name, diffusion, 0) < 0.9 * error("ddim", diffusion, 0)


def moments(name, diffusion, index=None):
    """Mean and variance of what a sampler makes of exactly noised pictures, at a kept timestep or (None) at the end.

    Every step is linear in x and its draw, so the result is bias + a·x + Σ cₖ·draw k: one row of the batch per
    coefficient gives them all in one loop, without chance.
    """
    count = len(diffusion)
    x = torch.zeros(count + 1, 3, 1, 1, dtype=torch.float64)
    x[0] = 1

    def draw(k):
        unit = torch.zeros_like(x)
        unit[k] = 1
        return unit

    steps = list(SAMPLERS[name](toy(diffusion), x, draw))
    rows = steps[-1 if index is None else count - 2 - index][:, 0, 0, 0].numpy()
    bias = rows[-1]
    from_x, from_draws = rows[0] - bias, rows[1:-1] - bias
    *_, start = diffusion.alphas_bar
    mean = bias + from_x * np.sqrt(start) * MEAN
    return mean, from_x**2 * (start * SPREAD**2 + 1 - start) + (from_draws**2).sum()


WEAK = [("ancestral", 1), ("euler-ancestral", 1), ("dpmpp-2m-sde", 2)]


@pytest.mark.parametrize(("name", "expected"), WEAK)
def test_stochastic_samplers_converge_to_the_distribution_with_their_weak_order(name, expected):
    errors = []
    for intervals in INTERVALS:
        diffusion, index = even(intervals), intervals // 4
        bar = diffusion.alphas_bar[index]
        mean, variance = moments(name, diffusion, index)
        assert mean == pytest.approx(np.sqrt(bar) * MEAN, abs=1e-9)
        errors.append(abs(variance - (bar * SPREAD**2 + 1 - bar)))
    assert errors[-1] < 5e-3
    assert order(errors) == pytest.approx(expected, abs=0.15)


@pytest.mark.parametrize("name", [name for name, _ in WEAK])
def test_what_stochastic_samplers_paint_comes_to_be_distributed_as_the_pictures(name):
    ends = [moments(name, even(intervals)) for intervals in (40, 160, 480)]
    errors = [abs(variance - SPREAD**2) for _, variance in ends]
    assert [mean for mean, _ in ends] == pytest.approx([MEAN] * 3, abs=1e-9)
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.04 * SPREAD**2


def test_ancestral_sampling_without_learned_variance_is_euler_ancestral():
    diffusion = even(40)
    assert moments("ancestral", diffusion) == pytest.approx(moments("euler-ancestral", diffusion), rel=1e-9)
