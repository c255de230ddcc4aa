import pytest
import torch

import train.glide
from train.glide.precision import cast

KINDS = ["base", "upsample", "base-inpaint", "upsample-inpaint"]


def wide(model, dtype):
    return {name for name, parameter in model.named_parameters() if parameter.dtype == dtype}


@pytest.mark.parametrize("kind", KINDS)
def test_most_weights_of_the_published_models_are_halved_and_sensitive_ones_kept(golden, kind):
    with torch.device("meta"):
        model = cast(train.glide.build(golden("full_size.json")[kind]["options"]), "bfloat16")
    kept, halved = wide(model, torch.float32), wide(model, torch.bfloat16)
    assert kept | halved == set(dict(model.named_parameters()))
    assert {"out.2.weight", "time_embed.0.weight", "final_ln.weight", "input_blocks.1.0.in_layers.0.weight"} <= kept
    assert {
        "token_embedding.weight",
        "padding_embedding",
        "transformer_proj.weight",
        "input_blocks.0.0.weight",
    } <= halved
    assert not any("norm" in name or "ln" in name for name in halved)
    count = sum(parameter.numel() for name, parameter in model.named_parameters() if name in halved)
    assert count / sum(parameter.numel() for parameter in model.parameters()) > 0.85


def test_casting_to_float32_changes_nothing(small_model):
    model = small_model("base")
    before = {name: parameter.data_ptr() for name, parameter in model.named_parameters()}
    cast(model, "float32")
    assert {name: parameter.data_ptr() for name, parameter in model.named_parameters()} == before


@pytest.mark.parametrize("kind", ["base", "upsample-inpaint"])
def test_a_prediction_in_bfloat16_is_close_and_float32(golden, noise, tokenized, kind, fresh_model):
    spec = golden("forward.json")[kind]
    side = spec["image_size_of_x"]
    given = [noise("low_res", (2, 3, side // 4, side // 4)).clamp(-1, 1)] if "upsample" in kind else []
    inputs = (noise("x", (2, 3, side, side)), torch.tensor(spec["timesteps"]), *tokenized(spec["prompts"]), *given)
    with torch.inference_mode():
        exact = fresh_model(kind)(*inputs)
        half = cast(fresh_model(kind), "bfloat16")(*inputs)
    assert half.dtype == torch.float32
    assert 1e-4 < float((half - exact).norm() / exact.norm()) < 0.02
