import copy

import numpy as np
import pytest
import torch

from curator.errors import UsageError
from train.glide import Diffusion
from train.glide.clip.guidance import check_guides, clip_gradient
from train.glide.clip.noised_clip import NoisedClip
from train.glide.clip.options import read_clip_options
from train.glide.denoising import Denoising
from train.glide.guidance import Condition, unguided
from train.glide.options import read_options
from train.glide.samplers import ancestral

SCALE = 3.0


@pytest.fixture(autouse=True)
def _tokenizer(need):
    need("eval")


def test_the_gradient_is_that_of_the_released_code(golden, small_clip, noise):
    gradient = clip_gradient(small_clip, golden("noised_clip.json")["prompts"], SCALE)
    slope = gradient(noise("clipx", (2, 3, 64, 64)).clamp(-1, 1), torch.tensor([3, 900]))
    assert np.abs(slope.numpy() - golden("diffusion.npz")["clip/cond_grad"]).max() < 1e-5


def test_sampling_guided_by_clip_is_that_of_the_released_code(golden, small_model, small_clip, noise, tokenized):
    model, figures = small_model("base"), golden("diffusion.npz")["sample_clip_guided_p5"]

    def draw(k):
        return noise(f"draw{k}", (2, 3, 64, 64))

    with torch.inference_mode():
        text = model.encode_text(*tokenized(golden("diffusion.json")["prompts"]))
        gradient = clip_gradient(small_clip, golden("noised_clip.json")["prompts"], SCALE)
        denoising = Denoising(Diffusion("squaredcos_cap_v2", "5"), unguided(model, Condition(text)), gradient=gradient)
        *_, picture = ancestral(denoising, draw(0), draw)
    assert np.abs(picture.numpy() - figures).max() < 3e-4


def test_the_gradient_is_the_slope_of_the_likeness(small_clip, noise):
    clip, prompts, timesteps = copy.deepcopy(small_clip).double(), ["a dog", "two cats"], torch.tensor([7, 600])
    clip.options = clip.options.model_copy(update={"logit_scale": 20.0})
    x, direction = noise("x", (2, 3, 64, 64)).double(), noise("direction", (2, 3, 64, 64)).double()

    def likeness(step):
        cosines = (clip.encode_image(x + step * direction, timesteps) * clip.encode_text(prompts)).sum()
        return SCALE * 20.0 * cosines.item()

    slope = (clip_gradient(clip, prompts, SCALE)(x, timesteps) * direction).sum().item()
    step = 1e-5
    assert slope == pytest.approx((likeness(step) - likeness(-step)) / (2 * step), rel=1e-6)


def test_a_small_step_along_the_gradient_makes_a_picture_more_like_its_caption(small_clip, noise):
    x, timesteps = noise("x", (1, 3, 64, 64)), torch.tensor([300])
    caption = small_clip.encode_text(["a dog"])
    slope = clip_gradient(small_clip, ["a dog"], 1.0)(x, timesteps)
    before, after = (small_clip.encode_image(each, timesteps) @ caption.T for each in (x, x + 0.01 * slope))
    assert after > before


def test_each_picture_has_the_gradient_it_has_alone(small_clip, noise):
    x, timesteps, prompts = noise("x", (3, 3, 64, 64)), torch.tensor([0, 500, 999]), ["a dog", "a cat", ""]
    together = clip_gradient(small_clip, prompts, SCALE)(x, timesteps)
    for i, prompt in enumerate(prompts):
        alone = clip_gradient(small_clip, [prompt], SCALE)(x[i : i + 1], timesteps[i : i + 1])
        assert torch.allclose(alone[0], together[i], atol=1e-6)


def test_one_caption_guides_all_pictures(small_clip, noise):
    x, timesteps = noise("x", (2, 3, 64, 64)), torch.tensor([7, 600])
    one, each = (clip_gradient(small_clip, prompts, SCALE) for prompts in (["a dog"], ["a dog", "a dog"]))
    assert torch.allclose(one(x, timesteps), each(x, timesteps), atol=1e-6)


def test_the_gradient_grows_with_the_scale(small_clip, noise):
    x, timesteps = noise("x", (1, 3, 64, 64)), torch.tensor([7])
    one, three = (clip_gradient(small_clip, ["a dog"], scale)(x, timesteps) for scale in (1.0, 3.0))
    assert torch.allclose(3 * one, three, atol=1e-6)


@pytest.mark.parametrize("mode", [torch.inference_mode, torch.no_grad], ids=["inference mode", "no grad"])
def test_the_gradient_works_where_the_caller_keeps_none(small_clip, noise, mode):
    x, timesteps = noise("x", (1, 3, 64, 64)), torch.tensor([7])
    expected = clip_gradient(small_clip, ["a dog"], SCALE)(x, timesteps)
    with mode():
        inside = clip_gradient(small_clip, ["a dog"], SCALE)(x * 1, timesteps * 1)
        assert not torch.is_grad_enabled()
    assert torch.equal(inside, expected)
    assert not x.requires_grad
    assert not inside.requires_grad
    assert all(weight.grad is None for weight in small_clip.parameters())


def test_weights_that_ask_for_gradients_do_not_stand_in_the_way(small_clip, noise):
    x, timesteps = noise("x", (1, 3, 64, 64)), torch.tensor([7])
    expected = clip_gradient(small_clip, ["a dog"], SCALE)(x, timesteps)
    trainable = copy.deepcopy(small_clip).requires_grad_()
    gradient = clip_gradient(trainable, ["a dog"], SCALE)
    with torch.inference_mode():
        for _ in range(2):
            assert torch.equal(gradient(x * 1, timesteps * 1), expected)
    assert all(weight.grad is None for weight in trainable.parameters())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32, torch.float64], ids=str)
def test_the_gradient_has_the_pictures_type(small_clip, noise, dtype):
    x, timesteps = noise("x", (1, 3, 64, 64)).bfloat16(), torch.tensor([7])
    gradient = clip_gradient(small_clip, ["a dog"], SCALE)
    slope = gradient(x.to(dtype), timesteps)
    assert slope.dtype == dtype
    assert torch.allclose(slope.float(), gradient(x.float(), timesteps), rtol=0.01, atol=1e-6)


def test_pictures_of_another_size_are_refused(small_clip):
    with pytest.raises(UsageError, match="64 x 64 px"):
        clip_gradient(small_clip, ["a dog"], SCALE)(torch.zeros(1, 3, 256, 256), torch.tensor([7]))


@pytest.mark.parametrize("prompts", [[], ["a dog", "a cat"]], ids=["none", "two"])
def test_another_number_of_captions_than_pictures_is_refused(small_clip, prompts):
    with pytest.raises(UsageError, match=f"{len(prompts)} captions guide 3 pictures"):
        clip_gradient(small_clip, prompts, SCALE)(torch.zeros(3, 3, 64, 64), torch.tensor([7, 7, 7]))


def test_the_released_base_model_may_be_guided(small_clip):
    check_guides(small_clip, read_options({}))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"image_size": 256}, "image size 256, not 64"),
        ({"diffusion_steps": 400}, "timesteps 400, not 1000"),
        ({"noise_schedule": "linear"}, "noise schedule linear, not squaredcos_cap_v2"),
    ],
    ids=str,
)
def test_a_model_of_other_pictures_or_noise_is_not_guided(small_clip, options, said):
    with pytest.raises(UsageError, match=said):
        check_guides(small_clip, read_options(options))


def test_on_the_meta_device_nothing_is_allocated():
    with torch.device("meta"):
        clip = NoisedClip(read_clip_options({}))
    assert {weight.device.type for weight in clip.parameters()} == {"meta"}
