import dataclasses

import numpy as np
import pytest
import torch

from train.glide import Diffusion
from train.glide.denoising import Denoising
from train.glide.samplers import ddim

INDICES = [0, 1, 12, 24]


def score(diffusion, timestep, x, mean, spread):
    """∇ₓ log of the density of x_t where pictures are N(mean, spread²)."""
    bar = diffusion.alphas_bar[diffusion.timesteps.index(timestep)]
    return (np.sqrt(bar) * mean - x) / (bar * spread**2 + 1 - bar)


def gaussian(diffusion, mean, spread, place=None):
    """The denoiser that is right for pictures N(mean, spread²); `place` fills its variance channels."""

    def denoise(x, timesteps):
        timestep = int(timesteps[0])
        bar = diffusion.alphas_bar[diffusion.timesteps.index(timestep)]
        eps = -np.sqrt(1 - bar) * score(diffusion, timestep, x, mean, spread)
        return torch.cat([eps, torch.zeros_like(x) if place is None else place], dim=1)

    return denoise


def unchanged(x0):
    return x0


@pytest.fixture
def diffusion():
    return Diffusion("squaredcos_cap_v2", "25")


@pytest.fixture
def x(noise):
    return noise("x", (2, 3, 8, 8)).double()


@pytest.mark.parametrize("i", INDICES)
def test_a_prediction_is_the_restrained_picture_and_the_noise_that_goes_with_it(diffusion, x, i):
    denoising = Denoising(diffusion, gaussian(diffusion, mean=0.6, spread=1.0))
    x0, eps = denoising.prediction(x, i)
    free = dataclasses.replace(denoising, restrain=unchanged).prediction(x, i)
    assert torch.equal(x0, free.x0.clamp(-1, 1))
    t = torch.tensor([i, i])
    assert torch.allclose(diffusion.q_sample(x0, t, eps), x, atol=1e-9)
    assert torch.allclose(diffusion.q_sample(free.x0, t, free.eps), x, atol=1e-9)
    assert torch.allclose(free.eps, denoising.denoise(x, diffusion.model_timesteps(t))[:, :3], atol=1e-9)


def likelihood_ratio(diffusion, old, new):
    """The gradient that turns pictures N(*old) into pictures N(*new): ∇ log p(y|x) with p(x|y) the latter."""

    def gradient(x, timesteps):
        timestep = int(timesteps[0])
        return score(diffusion, timestep, x, *new) - score(diffusion, timestep, x, *old)

    return gradient


@pytest.mark.parametrize("i", INDICES)
def test_the_right_gradient_turns_one_distribution_into_another(diffusion, x, i):
    old, new = (0.0, 1.0), (0.4, 0.2)
    guided = Denoising(diffusion, gaussian(diffusion, *old), unchanged, likelihood_ratio(diffusion, old, new))
    for got, expected in zip(
        guided.prediction(x, i),
        Denoising(diffusion, gaussian(diffusion, *new), unchanged).prediction(x, i),
        strict=True,
    ):
        assert torch.allclose(got, expected, atol=1e-6)


def test_a_guided_loop_arrives_where_the_other_distribution_does(diffusion, x):
    old, new = (0.0, 1.0), (0.4, 0.2)
    guided = Denoising(diffusion, gaussian(diffusion, *old), unchanged, likelihood_ratio(diffusion, old, new))
    other = Denoising(diffusion, gaussian(diffusion, *new), unchanged)
    *_, by_gradient = ddim(guided, x, draw=torch.zeros)
    *_, expected = ddim(other, x, draw=torch.zeros)
    assert torch.allclose(by_gradient, expected, atol=1e-6)


@pytest.mark.parametrize("i", INDICES)
def test_a_gradient_moves_the_posteriors_mean_by_the_learned_variance(diffusion, x, noise, i):
    denoise = gaussian(diffusion, 0.0, 1.0, place=noise("place", x.shape).double())
    plain = Denoising(diffusion, denoise).posterior(x, i)
    asked = []

    def gradient(x, timesteps):
        asked.append((x, timesteps.tolist()))
        return 3 * x

    guided = Denoising(diffusion, denoise, gradient=gradient).posterior(x, i)
    assert torch.allclose(guided.mean, plain.mean + plain.variance * 3 * x, atol=1e-12)
    assert torch.equal(guided.log_variance, plain.log_variance)
    [(at, timesteps)] = asked
    assert at is x
    assert timesteps == [diffusion.timesteps[i]] * 2


def test_a_denoising_uses_its_own_restraint_everywhere(diffusion, x):
    denoising = Denoising(diffusion, gaussian(diffusion, 0.0, 1.0), restrain=torch.zeros_like)
    assert denoising.prediction(x, 12).x0.abs().max() == 0
    assert denoising.posterior(x, 12).pred_xstart.abs().max() == 0
