"""The models known by name have the published keys and shapes, and are told apart by them."""

import pytest
import torch

from train.glide.known import KNOWN_MODELS, belonging, nearest, recognise

KNOWN = {model.name: model for model in KNOWN_MODELS}


def empty(name, **changes):
    """All tensors of a model, without memory."""
    return {key: torch.empty(shape, device="meta") for key, shape in {**KNOWN[name].shapes, **changes}.items()}


@pytest.mark.parametrize("name", ["base", "upsample", "base-inpaint", "upsample-inpaint"])
def test_the_released_models_are_the_published_ones(golden, name):
    published = golden("full_size.json")[name]["state_dict"]
    assert dict(KNOWN[name].shapes) == {key: tuple(shape) for key, shape in published.items()}


def test_the_towers_have_the_published_widths():
    assert KNOWN["clip-text-enc"].shapes["blocks.input.w_voc"] == (65536, 512)
    assert KNOWN["clip-image-enc"].shapes["blocks.input.w_t"] == (1000, 768)
    assert KNOWN["clip-image-enc"].shapes["blocks.output.f.w"] == (512, 768)


@pytest.mark.parametrize("name", KNOWN)
def test_each_model_is_recognised_as_itself_alone(name):
    assert [model.name for model in recognise(empty(name))] == [name]
    assert belonging(empty(name)) == f"they are the weights of {name}"


def test_a_damaged_model_is_next_to_itself():
    state = empty("upsample")
    del state["out.2.bias"]
    assert recognise(state) == []
    assert nearest(state).name == "upsample"
    assert belonging(state) == "the nearest known model is upsample, but for 1 missing: out.2.bias"


def test_something_else_is_next_to_nothing():
    state = {"a": torch.zeros(1)}
    assert nearest(state) is None
    assert belonging(state) == "they are of no model known here"


def test_no_weights_are_no_model():
    assert recognise({}) == []
    assert nearest({}, ()) is None
