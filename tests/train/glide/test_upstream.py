from importlib import import_module

import pytest
import torch

import train.glide
from train.glide import Diffusion

pytestmark = pytest.mark.upstream


@pytest.fixture
def upstream(need):
    """The released code's module that makes models and diffusions."""
    need("upstream")
    return import_module("glide_text2im.model_creation")


@pytest.mark.parametrize("kind", ["base", "upsample", "base-inpaint", "upsample-inpaint"])
def test_both_models_agree_on_the_same_weights(upstream, golden, small_model, noise, tokenized, kind):
    options, model = golden("forward.json")[kind]["options"], small_model(kind)
    other, _ = upstream.create_model_and_diffusion(**options)
    other.load_state_dict(model.state_dict())
    x, timesteps = noise("other x", (2, 3, 64, 64)), torch.tensor([3, 500])
    tokens, mask = tokenized(["two cats under a table", "a cat"])
    given = {"low_res": noise("other low", (2, 3, 16, 16))} if "upsample" in kind else {}
    with torch.no_grad():
        expected = other.eval()(x, timesteps, tokens=tokens, mask=mask, **given)
        assert torch.allclose(model(x, timesteps, tokens=tokens, mask=mask, **given), expected, atol=5e-5)


@pytest.mark.parametrize("respacing", ["", "100", "fast27", "ddim40", "7,5,3"])
@pytest.mark.parametrize("schedule", ["squaredcos_cap_v2", "linear"])
def test_both_diffusions_keep_the_same_steps(upstream, schedule, respacing):
    other = upstream.create_gaussian_diffusion(steps=1000, noise_schedule=schedule, timestep_respacing=respacing)
    mine = Diffusion(schedule, respacing)
    assert mine.timesteps == sorted(other.use_timesteps)
    assert abs(mine.betas - other.betas).max() < 1e-12


def test_the_full_size_model_has_the_upstream_keys(upstream, golden):
    options = golden("full_size.json")["base"]["options"]
    with torch.device("meta"):
        mine = train.glide.build(options)
        other, _ = upstream.create_model_and_diffusion(**options, timestep_respacing="")
    assert {k: v.shape for k, v in mine.state_dict().items()} == {k: v.shape for k, v in other.state_dict().items()}
