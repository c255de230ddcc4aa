from itertools import pairwise

import numpy as np
import pytest
import torch

from train.glide import Diffusion
from train.glide.denoising import Denoising
from train.glide.guidance import Condition, classifier_free, unguided
from train.glide.restraint import known_pixels
from train.glide.samplers import SAMPLERS, ancestral, ddim, evaluations

DRAWING = {"ancestral", "dpmpp-2m-sde", "euler-ancestral"}
every_sampler = pytest.mark.parametrize("name", SAMPLERS)


def last(steps):
    *_, result = steps
    return result


@pytest.mark.parametrize(
    ("key", "respacing", "sampler"),
    [("p/8", "8", ancestral), ("ddim/ddim10", "ddim10", ddim)],
    ids=["ancestral", "ddim"],
)
@torch.no_grad()
def test_guided_sampling_is_that_of_the_released_code(golden, small_model, noise, tokenized, key, respacing, sampler):
    model, prompts = small_model("base"), golden("diffusion.json")["prompts"]

    def draw(k):
        return noise(f"draw{k}", (2, 3, 64, 64))[:1]

    text = model.encode_text(*tokenized(prompts))
    denoise = classifier_free(model, Condition(text.rows(0, 1)), text.rows(1, 2), scale=3.0)
    picture = last(sampler(Denoising(Diffusion("squaredcos_cap_v2", respacing), denoise), draw(0), draw))
    assert np.abs(picture.numpy() - golden("diffusion.npz")[f"sample_cfg3/{key}"]).max() < 3e-4


@torch.no_grad()
def test_upsampling_is_that_of_the_released_code(golden, small_model, noise, tokenized):
    model, prompts = small_model("upsample"), golden("diffusion.json")["prompts"]
    condition = Condition(model.encode_text(*tokenized(prompts)), low_res=noise("low", (2, 3, 16, 16)).clamp(-1, 1))
    start = noise("upnoise", (2, 3, 64, 64)) * 0.997
    denoising = Denoising(Diffusion("linear", "ddim5"), unguided(model, condition))
    picture = last(ddim(denoising, start, draw=torch.zeros))
    assert np.abs(picture.numpy() - golden("diffusion.npz")["upsample_ddim5_temp0.997"]).max() < 3e-4


@torch.no_grad()
def test_inpainting_is_that_of_the_released_code(golden, small_model, noise, tokenized):
    model, prompts = small_model("base-inpaint"), golden("diffusion.json")["prompts"]
    mask = (noise("inpaint_mask", (2, 1, 64, 64)) > 0).float()
    picture = noise("inpaint_image", (2, 3, 64, 64)).clamp(-1, 1) * mask
    condition = Condition(model.encode_text(*tokenized(prompts)), inpaint_image=picture, inpaint_mask=mask)
    denoising = Denoising(
        Diffusion("squaredcos_cap_v2", "5"), unguided(model, condition), restrain=known_pixels(picture, mask)
    )

    def draw(k):
        return noise(f"draw{k}", (2, 3, 64, 64))

    painted = last(ancestral(denoising, draw(0), draw))
    assert np.abs(painted[:1].numpy() - golden("diffusion.npz")["inpaint_p5"]).max() < 3e-4
    known = mask.bool().expand_as(picture)
    assert torch.allclose(painted[known], picture[known], atol=1e-6)


def exact(x0, diffusion):
    """A denoiser that knows the picture; its variance is the posterior's."""

    def denoise(x, timesteps):
        t = torch.tensor([diffusion.timesteps.index(int(timestep)) for timestep in timesteps])
        return torch.cat([diffusion.predict_eps(x, t, x0), -torch.ones_like(x)], dim=1)

    return denoise


def shaky(x, timesteps):
    """A denoiser that contradicts itself from step to step, as models do."""
    wave = torch.sin(5 * x + timesteps.view(-1, 1, 1, 1))
    return torch.cat([0.7 * x + 0.5 * wave, wave], dim=1)


@pytest.mark.parametrize("schedule", ["squaredcos_cap_v2", "linear"])
@pytest.mark.parametrize("respacing", ["ddim25", "fast27", "2", "1"])
@every_sampler
def test_a_denoiser_that_knows_the_picture_arrives_at_it(noise, name, respacing, schedule):
    diffusion = Diffusion(schedule, respacing)
    x0 = noise("x0", (2, 3, 8, 8)).clamp(-1, 1)
    denoising = Denoising(diffusion, exact(x0, diffusion))
    steps = list(SAMPLERS[name](denoising, noise("start", x0.shape), lambda k: noise(f"{k}", x0.shape)))
    assert len(steps) == len(diffusion)
    assert torch.allclose(steps[-1], x0, atol=1e-4)


@pytest.mark.parametrize("schedule", ["squaredcos_cap_v2", "linear"])
@every_sampler
def test_the_last_step_ends_at_the_picture_predicted_there(noise, name, schedule):
    predicted = []

    def restrain(x0):
        predicted.append(x0.clamp(-1, 1))
        return predicted[-1]

    def draw(k):
        return noise(f"{k}", (1, 3, 8, 8))

    picture = last(SAMPLERS[name](Denoising(Diffusion(schedule, "7"), shaky, restrain), draw(0), draw))
    assert torch.equal(picture, predicted[-1])


@pytest.mark.parametrize("steps", [1, 2, 6])
@every_sampler
def test_the_denoiser_is_called_as_often_as_stated(noise, name, steps):
    timesteps_seen = []

    def denoise(x, timesteps):
        timesteps_seen.append(int(timesteps[0]))
        return shaky(x, timesteps)

    diffusion, start = Diffusion("linear", str(steps)), noise("start", (1, 3, 8, 8))
    list(SAMPLERS[name](Denoising(diffusion, denoise), start, lambda k: torch.zeros_like(start)))
    assert len(timesteps_seen) == evaluations(name, steps)
    assert sorted(set(timesteps_seen)) == diffusion.timesteps


@every_sampler
def test_draws_are_asked_for_once_per_step_but_the_last_or_never(noise, name):
    asked = []

    def draw(k):
        asked.append(k)
        return noise(f"{k}", (1, 3, 8, 8))

    list(SAMPLERS[name](Denoising(Diffusion("linear", "5"), shaky), noise("start", (1, 3, 8, 8)), draw))
    assert asked == ([1, 2, 3, 4] if name in DRAWING else [])


def test_ddim_with_eta_1_is_ancestral_sampling_with_the_smallest_variance(noise):
    diffusion = Diffusion("linear", "ddim25")
    x0 = noise("x0", (1, 3, 8, 8)).clamp(-1, 1)

    def draw(k):
        return noise(f"draw{k}", x0.shape)

    denoising = Denoising(diffusion, exact(x0, diffusion))
    for by_ddim, by_ddpm in zip(
        ddim(denoising, draw(0), draw, eta=1.0), ancestral(denoising, draw(0), draw), strict=True
    ):
        assert torch.allclose(by_ddim, by_ddpm, atol=1e-4)


def levels(diffusion):
    """σ of the kept steps, noisiest first, and 0 after the last."""
    return [*np.sqrt((1 - diffusion.alphas_bar) / diffusion.alphas_bar)[::-1], 0.0]


def in_sigma(name, denoising, x, draw):
    """The samplers that work in σ, written for x̄ = x / √ᾱ as Karras et al. 2022 do; yields x̄ after each step."""
    diffusion = denoising.diffusion
    sigmas = levels(diffusion)

    def picture(x, k):
        return denoising.prediction(x / (1 + sigmas[k] ** 2) ** 0.5, len(diffusion) - 1 - k).x0

    x = x * (1 + sigmas[0] ** 2) ** 0.5
    for k, (sigma, lower) in enumerate(pairwise(sigmas)):
        slope = (x - picture(x, k)) / sigma
        if name == "euler-ancestral":
            up = (lower**2 * (sigma**2 - lower**2) / sigma**2) ** 0.5
            x = x + ((lower**2 - up**2) ** 0.5 - sigma) * slope
            x = x + up * draw(k + 1) if lower else x
        else:
            ahead = x + (lower - sigma) * slope
            if name == "heun" and lower and k > 0:
                slope = (slope + (ahead - picture(ahead, k + 1)) / lower) / 2
            x = x + (lower - sigma) * slope
        yield x


@pytest.mark.parametrize("schedule", ["squaredcos_cap_v2", "linear"])
@pytest.mark.parametrize("name", ["euler", "euler-ancestral", "heun"])
def test_what_is_written_for_x_is_the_method_in_sigma(noise, name, schedule):
    def draw(k):
        return noise(f"draw{k}", (1, 3, 8, 8)).double()

    denoising = Denoising(Diffusion(schedule, "12"), shaky)
    steps = zip(SAMPLERS[name](denoising, draw(0), draw), in_sigma(name, denoising, draw(0), draw), strict=True)
    for sigma, (x, in_other_coordinates) in zip(levels(denoising.diffusion)[1:], steps, strict=True):
        assert torch.allclose(x, in_other_coordinates / (1 + sigma**2) ** 0.5, atol=1e-7)


@pytest.mark.parametrize(("name", "eta"), [("euler", 0.0), ("euler-ancestral", 1.0)])
def test_two_samplers_are_ddim_by_another_name(noise, name, eta):
    def draw(k):
        return noise(f"draw{k}", (1, 3, 8, 8))

    denoising = Denoising(Diffusion("squaredcos_cap_v2", "12"), shaky)
    same = zip(SAMPLERS[name](denoising, draw(0), draw), ddim(denoising, draw(0), draw, eta=eta), strict=True)
    assert all(torch.equal(one, other) for one, other in same)


@every_sampler
def test_float32_is_enough_from_the_highest_level_of_noise(noise, name):
    """The cosine schedule's first σ is 20,000."""
    diffusion = Diffusion("squaredcos_cap_v2", "25")
    assert 1e4 < levels(diffusion)[0] < 3e4

    def solve(dtype):
        def denoise(x, timesteps):
            bar = diffusion.alphas_bar[diffusion.timesteps.index(int(timesteps[0]))]
            eps = np.sqrt(1 - bar) * (x - np.sqrt(bar) * 0.3) / (bar * 0.25 + 1 - bar)
            return torch.cat([eps, torch.zeros_like(x)], dim=1)

        def draw(k):
            return noise(f"draw{k}", (4, 3, 8, 8)).to(dtype)

        return last(SAMPLERS[name](Denoising(diffusion, denoise), draw(0), draw))

    picture = solve(torch.float32)
    assert picture.dtype == torch.float32
    assert (picture - solve(torch.float64)).abs().max() < 1e-3
