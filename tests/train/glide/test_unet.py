import pytest
import torch

import train.glide
from curator.errors import ConfigError, UsageError

KINDS = ["base", "upsample", "base-inpaint", "upsample-inpaint"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_state_dict_is_that_of_the_published_checkpoints(golden, kind):
    expected = golden("full_size.json")[kind]
    with torch.device("meta"):
        model = train.glide.build(expected["options"])
    assert {name: list(value.shape) for name, value in model.state_dict().items()} == expected["state_dict"]
    assert sum(parameter.numel() for parameter in model.parameters()) == expected["parameters"]


def inputs(kind, noise, tokenized, spec):
    side = spec["image_size_of_x"]
    tokens, mask = tokenized(spec["prompts"])
    given = {"tokens": tokens, "mask": mask}
    if "upsample" in kind:
        given["low_res"] = noise("low_res", (2, 3, side // 4, side // 4)).clamp(-1, 1)
    if "inpaint" in kind:
        given["inpaint_image"] = noise("inpaint_image", (2, 3, side, side)).clamp(-1, 1)
        given["inpaint_mask"] = (noise("inpaint_mask", (2, 1, side, side)) > 0).float()
    return noise("x", (2, 3, side, side)), torch.tensor(spec["timesteps"]), given


@pytest.mark.parametrize("kind", KINDS)
def test_output_loss_and_gradients_are_those_of_the_released_code(golden, small_model, noise, tokenized, kind):
    spec, expected, model = golden("forward.json")[kind], golden(f"forward_{kind}.npz"), small_model(kind)
    x, timesteps, given = inputs(kind, noise, tokenized, spec)
    y = model(x, timesteps, **given)
    assert torch.allclose(y, torch.from_numpy(expected["y"]), rtol=0, atol=5e-5)

    loss = torch.nn.functional.mse_loss(y[:, :3], noise("target", x.shape))
    assert float(loss.detach()) == pytest.approx(float(expected["loss"]), abs=1e-5)

    names = [name for name in spec["grad_norms"] if name != "token_embedding.weight"] + ["token_embedding.weight"]
    parameters = dict(model.named_parameters())
    gradients = torch.autograd.grad(loss, [parameters[name] for name in names])
    norms = {name: float(gradient.norm()) for name, gradient in zip(names, gradients, strict=True)}
    assert norms.keys() == parameters.keys()
    wrong = {
        name: (norms[name], norm)
        for name, norm in spec["grad_norms"].items()
        if not (abs(norms[name] - norm) <= 1e-4 * norm if norm > 1e-6 else norms[name] < 1e-6)
    }
    assert wrong == {}


def test_text_encoded_beforehand_gives_the_same_picture(small_model, noise, tokenized, golden):
    spec, model = golden("forward.json")["base"], small_model("base")
    x, timesteps, given = inputs("base", noise, tokenized, spec)
    with torch.no_grad():
        assert torch.equal(model(x, timesteps, **given), model.predict(x, timesteps, model.encode_text(**given)))


def test_tokens_behind_the_mask_do_not_matter(small_model, tokenized):
    tokens, mask = tokenized(["a brown dog"])
    changed = torch.where(mask, tokens, 7)
    model = small_model("base")
    with torch.no_grad():
        assert torch.equal(model.encode_text(tokens, mask).sequence, model.encode_text(changed, mask).sequence)


def test_an_inpainting_model_without_a_picture_knows_no_pixel(small_model, noise, tokenized):
    x, timesteps = noise("x", (1, 3, 64, 64)), torch.tensor([7])
    tokens, mask = tokenized(["a brown dog"])
    zeros = {"inpaint_image": torch.zeros_like(x), "inpaint_mask": torch.zeros_like(x[:, :1])}
    model = small_model("base-inpaint")
    with torch.no_grad():
        assert torch.equal(model(x, timesteps, tokens, mask), model(x, timesteps, tokens, mask, **zeros))


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("base", {"low_res": torch.zeros(1, 3, 16, 16)}, "does not take low_res"),
        ("upsample", {}, "needs low_res"),
        ("base", {"inpaint_mask": torch.zeros(1, 1, 64, 64)}, "inpaint=True"),
    ],
    ids=["low_res to a base model", "upsampler without low_res", "mask to a plain model"],
)
def test_an_input_of_another_kind_of_model_is_refused(small_model, tokenized, kind, given, message):
    with pytest.raises(UsageError, match=message):
        small_model(kind)(torch.zeros(1, 3, 64, 64), torch.tensor([7]), *tokenized([""]), **given)


def test_tokens_of_another_length_are_refused(small_model):
    with pytest.raises(UsageError, match="128"):
        small_model("base").encode_text(torch.zeros(1, 64, dtype=torch.int64), torch.ones(1, 64, dtype=torch.bool))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"num_chanels": 32}, "did you mean 'num_channels'"),
        ({"image_size": 32}, "channel_mult must be given"),
        ({"channel_mult": "1,two"}, "whole numbers with commas"),
        ({"num_channels": 100}, "multiple of 32"),
        ({"use_fp16": True}, "use_fp16"),
        ({"noise_schedule": "cosine"}, "squaredcos_cap_v2"),
        ({"xf_width": 100}, "xf_heads"),
        ({"image_size": 36, "channel_mult": "1,1,1,1"}, "halved"),
    ],
)
def test_options_that_make_no_model_are_refused_by_name(options, said):
    with pytest.raises(ConfigError) as refused:
        train.glide.build(options)
    assert said in str(refused.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fresh_model_predicts_nothing_yet(golden, kind, noise, tokenized):
    spec = golden("forward.json")[kind]
    x, timesteps, given = inputs(kind, noise, tokenized, spec)
    with torch.no_grad():
        assert torch.equal(train.glide.build(spec["options"])(x, timesteps, **given), torch.zeros(2, 6, 64, 64))
