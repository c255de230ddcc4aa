"""Weights of any readable format become safetensors that say what they are."""

import hashlib
import json

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from curator.errors import InputError, UsageError
from train.glide.known import KNOWN_MODELS
from train.glide.options import read_options
from train.glide.weights import load_model, write_weights
from train.weights.convert import convert

TINY = next(model for model in KNOWN_MODELS if model.name == "tiny-base")


@pytest.fixture(scope="module")
def tiny_state():
    torch.manual_seed(1)
    return TINY.build().state_dict()


def metadata(path):
    with safe_open(path, framework="pt") as file:
        return file.metadata()


@pytest.mark.parametrize("nested", [None, "state_dict", "ema"])
def test_a_known_model_is_converted_with_options_and_origin(tiny_state, tmp_path, nested):
    source, to = tmp_path / "in.pt", tmp_path / "out.safetensors"
    torch.save({nested: tiny_state} if nested else tiny_state, source)
    made = convert(source, to)
    assert made.model == "they are the weights of tiny-base"
    assert (made.tensors, made.parameters) == (len(tiny_state), sum(each.numel() for each in tiny_state.values()))
    found = load_file(to)
    assert found.keys() == tiny_state.keys()
    assert all(torch.equal(found[key], tiny_state[key]) for key in found)
    said = metadata(to)
    assert said["model"] == "tiny-base"
    assert read_options(json.loads(said["options"])) == TINY.options
    assert said["source_sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert load_model(to).options == TINY.options


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_the_type_is_the_one_asked_for(tiny_state, tmp_path, dtype):
    torch.save({**tiny_state, "steps": torch.tensor(3)}, tmp_path / "in.pt")
    convert(tmp_path / "in.pt", tmp_path / "out.safetensors", dtype)
    found = load_file(tmp_path / "out.safetensors")
    assert found["steps"].dtype == torch.int64
    for key, value in tiny_state.items():
        assert torch.equal(found[key], value.to(getattr(torch, dtype)))


def test_the_same_input_gives_the_same_bytes(tiny_state, tmp_path):
    torch.save(tiny_state, tmp_path / "in.pt")
    for name in ("one", "two"):
        convert(tmp_path / "in.pt", tmp_path / f"{name}.safetensors", "bfloat16")
    assert (tmp_path / "one.safetensors").read_bytes() == (tmp_path / "two.safetensors").read_bytes()


def test_an_unknown_model_is_converted_and_called_so(tmp_path):
    torch.save({"a": torch.ones(2)}, tmp_path / "in.pt")
    made = convert(tmp_path / "in.pt", tmp_path / "out.safetensors")
    assert made.model == "they are of no model known here"
    assert {"model", "options"} & metadata(tmp_path / "out.safetensors").keys() == set()


def test_options_in_the_file_are_kept(tmp_path):
    write_weights(tmp_path / "in.safetensors", {"a": torch.ones(2)}, {"options": '{"image_size": 64}'})
    convert(tmp_path / "in.safetensors", tmp_path / "out.safetensors")
    assert metadata(tmp_path / "out.safetensors")["options"] == '{"image_size": 64}'


def test_what_is_there_is_replaced_only_with_force(tmp_path):
    torch.save({"a": torch.ones(2)}, tmp_path / "in.pt")
    to = tmp_path / "out.safetensors"
    to.write_bytes(b"mine")
    with pytest.raises(InputError, match="is there already"):
        convert(tmp_path / "in.pt", to)
    assert to.read_bytes() == b"mine"
    convert(tmp_path / "in.pt", to, force=True)
    assert load_file(to)["a"].tolist() == [1, 1]


def test_a_file_converted_onto_itself_keeps_its_values(tmp_path):
    path = tmp_path / "w.safetensors"
    write_weights(path, {"a": torch.tensor([1.5, 2.5])})
    convert(path, path, "float16", force=True)
    assert load_file(path)["a"].tolist() == [1.5, 2.5]


def test_a_value_too_large_for_the_type_is_refused(tmp_path):
    torch.save({"a": torch.tensor([1e6]), "b": torch.tensor([float("inf")])}, tmp_path / "in.pt")
    with pytest.raises(InputError, match=r"a: a value is too large for torch\.float16"):
        convert(tmp_path / "in.pt", tmp_path / "out.safetensors", "float16")
    assert not (tmp_path / "out.safetensors").exists()
    convert(tmp_path / "in.pt", tmp_path / "out.safetensors", "bfloat16")


def test_another_suffix_is_refused(tmp_path):
    torch.save({"a": torch.ones(2)}, tmp_path / "in.pt")
    with pytest.raises(UsageError, match=r"only \.safetensors"):
        convert(tmp_path / "in.pt", tmp_path / "out.pt")


def test_a_source_that_is_not_as_recorded_is_refused(tmp_path):
    torch.save({"a": torch.ones(2)}, tmp_path / "in.pt")
    (tmp_path / "in.pt.sha256").write_text("0" * 64 + "  in.pt\n")
    with pytest.raises(InputError, match="recorded was 0000"):
        convert(tmp_path / "in.pt", tmp_path / "out.safetensors")
    assert not (tmp_path / "out.safetensors").exists()
