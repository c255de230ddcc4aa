import pytest
import torch

import train.glide
from curator.errors import ConfigError
from train.glide import Diffusion
from train.glide.denoising import Denoising
from train.glide.guidance import Condition, classifier_free, unguided
from train.glide.samplers import ddim

KINDS = ["base", "upsample", "base-inpaint", "upsample-inpaint"]


@pytest.fixture
def case(small_model, noise, tokenized):
    """A small model of a kind with two rows of everything it needs: (model, x, condition, empty captions)."""

    def make(kind):
        model = small_model(kind)
        pictures = {}
        if "upsample" in kind:
            pictures["low_res"] = noise("low_res", (2, 3, 16, 16)).clamp(-1, 1)
        if "inpaint" in kind:
            pictures["inpaint_image"] = noise("inpaint_image", (2, 3, 64, 64)).clamp(-1, 1)
            pictures["inpaint_mask"] = (noise("inpaint_mask", (2, 1, 64, 64)) > 0).float()
        with torch.no_grad():
            text = model.encode_text(*tokenized(["a dog", "two cats under a table"]))
            empty = model.encode_text(*tokenized(["", ""]))
        return model, noise("x", (2, 3, 64, 64)), Condition(text, **pictures), empty

    return make


@pytest.fixture
def rows_seen():
    """`rows_seen(model)` → a list that gets the number of rows of every evaluation of the model."""
    handles = []

    def watch(model):
        seen = []
        handles.append(model.input_blocks[0].register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0]))))
        return seen

    yield watch
    for handle in handles:
        handle.remove()


@pytest.mark.parametrize("kind", KINDS)
@torch.no_grad()
def test_guidance_moves_the_noise_away_from_the_empty_caption(case, kind):
    model, x, condition, empty = case(kind)
    timesteps = torch.tensor([500, 500])
    captioned = unguided(model, condition)(x, timesteps)
    without = unguided(model, condition._replace(text=empty))(x, timesteps)
    guided = classifier_free(model, condition, empty, scale=3.0)(x, timesteps)
    expected = without[:, :3] + 3 * (captioned[:, :3] - without[:, :3])
    assert torch.allclose(guided[:, :3], expected, atol=1e-4)
    assert torch.allclose(guided[:, 3:], captioned[:, 3:], atol=1e-5)
    assert not torch.allclose(guided[:, :3], captioned[:, :3], atol=1e-2)


@pytest.mark.parametrize("scale", [0.0, 1.0], ids=["empty caption", "caption"])
@torch.no_grad()
def test_guidance_of_0_and_1_is_the_model_itself(case, scale):
    model, x, condition, empty = case("base")
    timesteps = torch.tensor([500, 500])
    guided = classifier_free(model, condition, empty, scale)(x, timesteps)
    alone = unguided(model, condition if scale else Condition(empty))(x, timesteps)
    assert torch.allclose(guided[:, :3], alone[:, :3], atol=1e-5)


@torch.no_grad()
def test_text_states_with_keys_guide_as_those_without(case):
    model, x, condition, empty = case("base")
    timesteps = torch.tensor([500, 500])
    plain = classifier_free(model, condition, empty, 3.0, interval=(500, 500))
    keyed = classifier_free(
        model, Condition(model.with_keys(condition.text)), model.with_keys(empty), 3.0, interval=(500, 500)
    )
    for timesteps in (torch.tensor([500, 500]), torch.tensor([700, 700])):
        assert torch.allclose(plain(x, timesteps), keyed(x, timesteps), atol=1e-5)


@torch.no_grad()
def test_outside_the_interval_the_model_sees_half_the_rows(case, rows_seen):
    model, x, condition, empty = case("base")
    seen, diffusion = rows_seen(model), Diffusion("squaredcos_cap_v2", "8")
    kept = diffusion.timesteps[::-1]
    assert kept == [999, 856, 714, 571, 428, 285, 143, 0]
    denoise = classifier_free(model, condition, empty, 3.0, interval=(285, 714))
    list(ddim(Denoising(diffusion, denoise), x, draw=torch.zeros))
    assert seen == [2, 2, 4, 4, 4, 4, 2, 2]


@torch.no_grad()
def test_outside_the_interval_the_captions_alone_decide(case):
    model, x, condition, empty = case("upsample-inpaint")
    limited = classifier_free(model, condition, empty, 3.0, interval=(100, 800))
    everywhere, alone = classifier_free(model, condition, empty, 3.0), unguided(model, condition)
    for timestep, expected in [(99, alone), (100, everywhere), (800, everywhere), (801, alone)]:
        timesteps = torch.tensor([timestep, timestep])
        assert torch.allclose(limited(x, timesteps), expected(x, timesteps), atol=1e-5), timestep


@torch.no_grad()
def test_an_interval_needs_one_timestep_for_all_rows(case):
    model, x, condition, empty = case("base")
    with pytest.raises(AssertionError, match="one timestep"):
        classifier_free(model, condition, empty, 3.0, interval=(0, 500))(x, torch.tensor([3, 900]))


@pytest.mark.parametrize("amount", [0.3, 1.0])
@torch.no_grad()
def test_rescaling_brings_back_the_spread_of_the_captioned_noise(case, amount):
    model, x, condition, empty = case("base")
    timesteps = torch.tensor([500, 500])
    captioned = unguided(model, condition)(x, timesteps)
    guided = classifier_free(model, condition, empty, 8.0)(x, timesteps)
    rescaled = classifier_free(model, condition, empty, 8.0, rescale=amount)(x, timesteps)
    for row in range(2):
        wanted, strong = captioned[row, :3].numpy().std(), guided[row, :3].numpy().std()
        assert strong > 1.2 * wanted
        factor = amount * wanted / strong + (1 - amount)
        assert torch.allclose(rescaled[row, :3], guided[row, :3] * float(factor), atol=1e-4)
    assert torch.equal(rescaled[:, 3:], guided[:, 3:])


@pytest.mark.parametrize(
    "settings",
    [{"interval": (500, 100)}, {"interval": (-1, 100)}, {"rescale": 1.1}, {"rescale": -0.1}],
    ids=["upside down", "negative", "too much", "negative amount"],
)
def test_settings_without_meaning_are_refused(case, settings):
    model, _, condition, empty = case("base")
    with pytest.raises(ConfigError):
        classifier_free(model, condition, empty, 3.0, **settings)


def test_a_model_that_predicts_no_noise_is_rescaled_to_none(golden, noise, tokenized):
    model = train.glide.build(golden("forward.json")["base"]["options"])
    with torch.no_grad():
        text, empty = model.encode_text(*tokenized(["a dog"])), model.encode_text(*tokenized([""]))
        denoise = classifier_free(model, Condition(text), empty, 3.0, rescale=0.7)
        eps = denoise(noise("x", (1, 3, 64, 64)), torch.tensor([500]))
    assert torch.equal(eps, torch.zeros(1, 6, 64, 64))
