import pickle

import pytest
import torch

import train.glide
from curator.errors import InputError
from train.glide.weights import load_weights, read_weights, write_weights

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
    load_weights(other, path)
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
    write_weights(tmp_path / "weights.safetensors", state)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(InputError) as refused:
        load_weights(model, tmp_path / "weights.safetensors")
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
    with pytest.raises(InputError, match="named tensors"):
        read_weights(tmp_path / "weights.pt")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="absent"):
        read_weights(tmp_path / "absent.safetensors")
