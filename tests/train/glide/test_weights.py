import json
import pickle
import subprocess
import sys

import pytest
import torch

import train.glide
from curator.errors import ConfigError, InputError
from train.glide.known import KNOWN_MODELS
from train.glide.options import read_options
from train.glide.precision import cast
from train.glide.weights import file_options, load_model, load_state, read_weights, write_weights

KNOWN = {model.name: model for model in KNOWN_MODELS}

OPTIONS = {
    "image_size": 8, "num_channels": 32, "num_res_blocks": 1, "channel_mult": "1,1", "num_head_channels": 32,
    "attention_resolutions": "4", "xf_width": 8, "xf_layers": 1, "xf_heads": 1, "text_ctx": 4,
}  # fmt: skip


def equal(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture
def model():
    return train.glide.build(OPTIONS)


@pytest.mark.parametrize("name", ["weights.safetensors", "weights.pt"])
def test_weights_come_back_as_they_were(model, tmp_path, name):
    path = tmp_path / name
    torch.save(model.state_dict(), path) if path.suffix == ".pt" else write_weights(path, model.state_dict())
    other = train.glide.build(OPTIONS)
    load_state(other, read_weights(path), str(path))
    assert equal(model.state_dict(), other.state_dict())
    assert equal(read_weights(path), model.state_dict())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda state: state.pop("out.2.bias"), "1 missing: out.2.bias"),
        (lambda state: state.update({"lora.up": torch.zeros(1)}), "1 unknown: lora.up"),
        (lambda state: state.update({"out.2.bias": torch.zeros(3)}), "out.2.bias (3,), not (6,)"),
        (
            lambda state: [state.pop(f"time_embed.{key}") for key in ("0.weight", "0.bias", "2.weight", "2.bias")],
            "1 more",
        ),
    ],
    ids=["missing", "unknown", "misshapen", "many"],
)
def test_weights_that_do_not_fit_are_refused_by_key(model, tmp_path, change, said):
    state = model.state_dict()
    change(state)
    path = tmp_path / "weights.safetensors"
    write_weights(path, state)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(InputError) as refused:
        load_state(model, read_weights(path), str(path))
    assert said in refused.value.message
    assert "weights.safetensors" in refused.value.message
    assert equal(before, model.state_dict())


class Trap:
    """Would call a function on being unpickled."""

    def __reduce__(self):
        return (print, ("unpickled",))


@pytest.mark.parametrize("name", ["weights.safetensors", "weights.pt"])
@pytest.mark.parametrize(
    "content",
    [b"", b"<html>404 Not Found</html>", pickle.dumps(Trap()), pickle.dumps([1])],
    ids=["empty", "an error page", "a trap", "a list"],
)
def test_files_that_hold_no_weights_are_refused(tmp_path, capsys, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match="weights"):
        read_weights(tmp_path / name)
    assert "unpickled" not in capsys.readouterr().out


def test_a_torch_file_of_something_else_is_refused(tmp_path):
    torch.save({"step": 3}, tmp_path / "weights.pt")
    with pytest.raises(InputError, match="something else than named tensors"):
        read_weights(tmp_path / "weights.pt")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="absent"):
        read_weights(tmp_path / "absent.safetensors")


def test_weights_of_another_known_model_are_called_by_its_name(model, tmp_path):
    write_weights(tmp_path / "w.safetensors", KNOWN["tiny-base"].build().state_dict())
    with pytest.raises(InputError, match="they are the weights of tiny-base"):
        load_model(tmp_path / "w.safetensors", OPTIONS)


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt", "old.pt"])
@pytest.mark.parametrize("stored", ["float32", "float16"])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_a_model_is_loaded_as_it_would_be_cast(model, tmp_path, name, stored, dtype):
    state = {key: value.to(getattr(torch, stored)) for key, value in model.state_dict().items()}
    if name.endswith("pt"):
        torch.save(state, tmp_path / name, _use_new_zipfile_serialization=name == "w.pt")
    else:
        write_weights(tmp_path / name, state)
    loaded = load_model(tmp_path / name, OPTIONS, dtype)
    model.load_state_dict(state)
    expected = cast(model, dtype).state_dict()
    assert {key: value.dtype for key, value in loaded.state_dict().items()} == {
        key: value.dtype for key, value in expected.items()
    }
    assert equal(loaded.state_dict(), expected)
    assert loaded.options == read_options(OPTIONS)
    assert not loaded.training


def test_a_loaded_model_is_free_of_its_file(model, tmp_path):
    path = tmp_path / "w.safetensors"
    write_weights(path, model.state_dict())
    loaded = load_model(path, OPTIONS)
    path.write_bytes(b"")
    assert equal(loaded.state_dict(), model.state_dict())


def test_a_known_model_needs_no_options(tmp_path):
    state = KNOWN["tiny-upsample"].build().state_dict()
    torch.save({"state_dict": {f"module.{key}": value for key, value in state.items()}}, tmp_path / "w.pt")
    loaded = load_model(tmp_path / "w.pt")
    assert loaded.options == KNOWN["tiny-upsample"].options
    assert equal(loaded.state_dict(), state)


def test_options_are_taken_from_the_file_and_from_the_caller_before_it(model, tmp_path):
    written = {**OPTIONS, "dropout": 0.25}
    write_weights(tmp_path / "w.safetensors", model.state_dict(), {"options": json.dumps(written)})
    assert load_model(tmp_path / "w.safetensors").options.dropout == 0.25
    assert file_options(tmp_path / "w.safetensors") == read_options(written)
    assert load_model(tmp_path / "w.safetensors", OPTIONS).options.dropout == 0.1
    assert load_model(tmp_path / "w.safetensors", read_options(OPTIONS)).options.dropout == 0.1


@pytest.mark.parametrize(
    ("options", "said"),
    [("{", "no JSON"), ("[]", "no JSON object"), ('{"num_chanels": 32}', "num_chanels")],
)
def test_options_in_a_file_that_cannot_be_read_are_named(model, tmp_path, options, said):
    write_weights(tmp_path / "w.safetensors", model.state_dict(), {"options": options})
    with pytest.raises((InputError, ConfigError), match=r"w\.safetensors") as caught:
        load_model(tmp_path / "w.safetensors")
    assert said in str(caught.value)


def test_a_tower_of_the_clip_is_no_model(tmp_path):
    tower = {key: torch.zeros(()).expand(shape) for key, shape in KNOWN["clip-text-enc"].shapes.items()}
    torch.save(tower, tmp_path / "w.pt")
    with pytest.raises(
        InputError, match="not the weights of a known GLIDE model: they are the weights of clip-text-enc"
    ):
        load_model(tmp_path / "w.pt")


def test_an_unknown_model_without_options_is_told_its_nearest(tmp_path):
    state = KNOWN["tiny-base"].build().state_dict()
    del state["out.2.bias"]
    torch.save(state, tmp_path / "w.pt")
    with pytest.raises(InputError, match=r"nearest known model is tiny-base, but for 1 missing: out\.2\.bias"):
        load_model(tmp_path / "w.pt")


LARGER = {**OPTIONS, "num_channels": 96, "channel_mult": "1,2", "xf_width": 256}
PEAK = """
import re, sys
from pathlib import Path
from train.glide.weights import load_model

def memory(key):
    return int(re.search(rf"^{key}:\\s+(\\d+) kB", Path("/proc/self/status").read_text(), re.M)[1]) * 1024

small, path, dtype = sys.argv[1:]
load_model(Path(small), dtype=dtype)  # loads what torch loads at the first use
before = memory("VmRSS")
Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
model = load_model(Path(path), dtype=dtype)
print(memory("VmHWM") - before, sum(value.nbytes for value in model.parameters()))
"""


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_weights_are_never_held_twice(need, tmp_path, dtype):
    need("linux")
    files = [tmp_path / f"{size}.safetensors" for size in ("small", "large")]
    for path, options in zip(files, (OPTIONS, LARGER), strict=True):
        write_weights(path, train.glide.build(options).state_dict(), {"options": json.dumps(options)})
    line = [sys.executable, "-P", "-c", PEAK, *map(str, files), dtype]
    done = subprocess.run(line, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    peak, held = map(int, done.stdout.split())
    mapped = files[1].stat().st_size
    assert held > 40e6
    assert 0.9 * held < peak - mapped < 1.25 * held
