import numpy as np
import pytest
import torch

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


@pytest.mark.parametrize("schedule", ["squaredcos_cap_v2", "linear"])
def test_a_respaced_diffusion_adds_the_same_noise_at_the_kept_steps(schedule):
    short, whole = Diffusion(schedule, "100"), Diffusion(schedule)
    assert np.allclose(short.alphas_bar, whole.alphas_bar[short.timesteps], rtol=1e-12)
    assert np.allclose(np.cumprod(1 - short.betas), short.alphas_bar, rtol=1e-9)


def test_noise_and_picture_imply_each_other(noise):
    diffusion = Diffusion("squaredcos_cap_v2", "100")
    x0, drawn, t = noise("x0", (2, 3, 8, 8)), noise("qn", (2, 3, 8, 8)), torch.tensor([10, 60])
    x = diffusion.q_sample(x0, t, drawn)
    assert torch.allclose(diffusion.predict_x0(x, t, drawn), x0, atol=1e-4)
    assert torch.allclose(diffusion.predict_eps(x, t, x0), drawn, atol=1e-4)
