import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from train.glide import Diffusion

CASES = [("squaredcos_cap_v2", "100"), ("linear", "fast27"), ("squaredcos_cap_v2", "ddim50")]


@pytest.mark.parametrize("schedule", ["squaredcos_cap_v2", "linear"])
def test_betas_are_those_of_the_released_code(golden, schedule):
    diffusion = Diffusion(schedule)
    assert diffusion.betas.dtype == np.float64
    assert np.abs(diffusion.betas - golden("diffusion.npz")[f"betas_{schedule}"]).max() < 1e-12


@pytest.mark.parametrize(("schedule", "respacing"), CASES)
def test_each_steps_distribution_is_that_of_the_released_code(golden, noise, schedule, respacing):
    diffusion, figures = Diffusion(schedule, respacing), golden("diffusion.npz")
    x, output = noise("xt", (2, 3, 64, 64)), noise("model_out", (2, 6, 64, 64))
    steps = {int(key.split("/")[3]) for key in figures if key.startswith(f"pmv/{schedule}/{respacing}/")}
    assert len(steps) == 4
    for step in steps:
        posterior = diffusion.p_mean_variance(output, x, torch.tensor([step, step]))._asdict()
        for name in ("mean", "log_variance", "pred_xstart"):
            expected = figures[f"pmv/{schedule}/{respacing}/{step}/{name}"]
            assert np.abs(posterior[name][:, :, ::8, ::8].numpy() - expected).max() < 5e-5, (step, name)


@pytest.mark.parametrize(("schedule", "respacing"), CASES)
def test_noising_is_that_of_the_released_code(golden, noise, schedule, respacing):
    diffusion = Diffusion(schedule, respacing)
    x0, drawn = noise("x0", (2, 3, 64, 64)).clamp(-1, 1), noise("qn", (2, 3, 64, 64))
    x = diffusion.q_sample(x0, torch.tensor([0, len(diffusion) - 1]), drawn)
    expected = golden("diffusion.npz")[f"q_sample/{schedule}/{respacing}"]
    assert np.abs(x[:, :, ::8, ::8].numpy() - expected).max() < 5e-5


@given(
    schedule=st.sampled_from(["squaredcos_cap_v2", "linear"]),
    respacing=st.sampled_from(["", "100", "ddim10", "fast27", "2", "1"]),
    seed=st.integers(0, 2**32),
)
def test_picture_and_noise_come_back_from_what_they_made(schedule, respacing, seed):
    diffusion, generator = Diffusion(schedule, respacing), torch.Generator().manual_seed(seed)
    x0, drawn = torch.randn(2, 4, 3, 2, 2, generator=generator, dtype=torch.float64)
    t = torch.randint(len(diffusion), (4,), generator=generator)
    x = diffusion.q_sample(x0, t, drawn)
    assert torch.allclose(diffusion.predict_x0(x, t, drawn), x0, atol=1e-9)
    assert torch.allclose(diffusion.predict_eps(x, t, x0), drawn, atol=1e-9)
    assert torch.equal(diffusion.model_timesteps(t), torch.tensor([diffusion.timesteps[int(i)] for i in t]))


def test_noise_and_picture_imply_each_other(noise):
    diffusion = Diffusion("squaredcos_cap_v2", "100")
    x0, drawn, t = noise("x0", (2, 3, 8, 8)), noise("qn", (2, 3, 8, 8)), torch.tensor([10, 60])
    x = diffusion.q_sample(x0, t, drawn)
    assert torch.allclose(diffusion.predict_x0(x, t, drawn), x0, atol=1e-4)
    assert torch.allclose(diffusion.predict_eps(x, t, x0), drawn, atol=1e-4)


def test_the_mean_is_derived_from_the_restrained_picture(noise):
    diffusion, t = Diffusion("squaredcos_cap_v2", "100"), torch.tensor([10, 60])
    x, output = noise("xt", (2, 3, 8, 8)), noise("model_out", (2, 6, 8, 8))
    black = diffusion.p_mean_variance(output, x, t, torch.zeros_like)
    white = diffusion.p_mean_variance(output, x, t, torch.ones_like)
    assert black.pred_xstart.abs().max() == 0
    gain = torch.from_numpy(diffusion.betas * np.sqrt(diffusion.alphas_bar_before) / (1 - diffusion.alphas_bar))[t]
    assert torch.allclose(white.mean - black.mean, gain.float().view(2, 1, 1, 1).expand_as(x), atol=1e-6)
    assert torch.equal(white.log_variance, black.log_variance)


def test_a_diffusion_of_one_step_ends_at_the_picture(noise):
    diffusion, t = Diffusion("squaredcos_cap_v2", "1"), torch.tensor([0])
    posterior = diffusion.p_mean_variance(noise("model_out", (1, 6, 8, 8)), noise("xt", (1, 3, 8, 8)), t)
    assert torch.equal(posterior.mean, posterior.pred_xstart)
    assert torch.isfinite(posterior.log_variance).all()
