import numpy as np
import pytest
import torch

from train.glide import Diffusion
from train.glide.guidance import classifier_free, unguided
from train.glide.samplers import ancestral, ddim


def last(steps):
    for x in steps:
        result = x
    return result


@pytest.mark.parametrize(
    ("key", "respacing", "sampler"),
    [("p/8", "8", ancestral), ("ddim/ddim10", "ddim10", ddim)],
    ids=["ancestral", "ddim"],
)
def test_guided_sampling_is_that_of_the_released_code(golden, small_model, noise, tokenized, key, respacing, sampler):
    model, prompts = small_model("base"), golden("diffusion.json")["prompts"]
    diffusion = Diffusion("squaredcos_cap_v2", respacing)

    def draw(k):
        return noise(f"draw{k}", (2, 3, 64, 64))[:1]

    with torch.no_grad():
        text = model.encode_text(*tokenized(prompts))
        denoise = classifier_free(model, text.rows(0, 1), text.rows(1, 2), scale=3.0)
        picture = last(sampler(diffusion, denoise, draw(0), draw))
    assert np.abs(picture.numpy() - golden("diffusion.npz")[f"sample_cfg3/{key}"]).max() < 3e-4


def test_upsampling_is_that_of_the_released_code(golden, small_model, noise, tokenized):
    model, prompts = small_model("upsample"), golden("diffusion.json")["prompts"]
    low_res = noise("low", (2, 3, 16, 16)).clamp(-1, 1)
    start = noise("upnoise", (2, 3, 64, 64)) * 0.997
    with torch.no_grad():
        denoise = unguided(model, model.encode_text(*tokenized(prompts)), low_res)
        picture = last(ddim(Diffusion("linear", "ddim5"), denoise, start, draw=torch.zeros))
    assert np.abs(picture.numpy() - golden("diffusion.npz")["upsample_ddim5_temp0.997"]).max() < 3e-4


@pytest.mark.parametrize("scale", [0.0, 1.0], ids=["empty caption", "caption"])
def test_guidance_of_0_and_1_is_the_model_itself(small_model, noise, tokenized, scale):
    model = small_model("base")
    x, timesteps = noise("x", (1, 3, 64, 64)), torch.tensor([500])
    with torch.no_grad():
        text, empty = model.encode_text(*tokenized(["a dog"])), model.encode_text(*tokenized([""]))
        guided = classifier_free(model, text, empty, scale)(x, timesteps)
        alone = unguided(model, text if scale else empty)(x, timesteps)
    assert torch.allclose(guided[:, :3], alone[:, :3], atol=1e-5)


def exact(x0, diffusion):
    """A denoiser that knows the picture; its variance is the posterior's."""

    def denoise(x, timesteps):
        t = torch.tensor([diffusion.timesteps.index(int(timestep)) for timestep in timesteps])
        return torch.cat([diffusion.predict_eps(x, t, x0), -torch.ones_like(x)], dim=1)

    return denoise


@pytest.mark.parametrize(
    "sampler",
    [ancestral, ddim, lambda *loop: ddim(*loop, eta=1.0)],
    ids=["ancestral", "ddim", "ddim with eta 1"],
)
def test_a_denoiser_that_knows_the_picture_arrives_at_it(noise, sampler):
    diffusion = Diffusion("squaredcos_cap_v2", "ddim25")
    x0 = noise("x0", (2, 3, 8, 8)).clamp(-1, 1)
    steps = list(sampler(diffusion, exact(x0, diffusion), noise("start", x0.shape), lambda k: noise(f"{k}", x0.shape)))
    assert len(steps) == 25
    assert torch.allclose(steps[-1], x0, atol=1e-4)


def test_ddim_with_eta_1_is_ancestral_sampling_with_the_smallest_variance(noise):
    diffusion = Diffusion("linear", "ddim25")
    x0 = noise("x0", (1, 3, 8, 8)).clamp(-1, 1)

    def draw(k):
        return noise(f"draw{k}", x0.shape)

    denoise = exact(x0, diffusion)
    for by_ddim, by_ddpm in zip(
        ddim(diffusion, denoise, draw(0), draw, eta=1.0), ancestral(diffusion, denoise, draw(0), draw), strict=True
    ):
        assert torch.allclose(by_ddim, by_ddpm, atol=1e-4)


def test_ddim_without_eta_draws_nothing(noise):
    diffusion = Diffusion("linear", "ddim5")
    x0 = noise("x0", (1, 3, 8, 8)).clamp(-1, 1)
    asked = []
    last(ddim(diffusion, exact(x0, diffusion), noise("start", x0.shape), asked.append))
    assert asked == []
