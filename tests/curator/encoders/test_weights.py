"""Weights are found where they were said to be, and read without running code from them."""

import os
import pickle
import re

import pytest

from curator.encoders.weights import (
    fill,
    find_weights,
    not_installed,
    open_weights,
    read_weights,
    weights_folder,
)
from curator.errors import InputError


class Danger:
    def __reduce__(self):
        return os.mkdir, ("ran",)


def test_order_of_places(tmp_path, monkeypatch):
    given, named, cached = (tmp_path / name for name in ("given", "named", "cached"))
    assert find_weights(None, "SOME_WEIGHTS", [cached]) is None
    cached.touch()
    assert find_weights(None, "SOME_WEIGHTS", [tmp_path / "absent", cached]) == cached
    monkeypatch.setenv("SOME_WEIGHTS", str(named))
    with pytest.raises(InputError, match="although SOME_WEIGHTS says so"):
        find_weights(None, "SOME_WEIGHTS", [cached])
    named.touch()
    assert find_weights(None, "SOME_WEIGHTS", [cached]) == named
    with pytest.raises(InputError, match="although the settings says so"):
        find_weights(given, "SOME_WEIGHTS", [cached])
    given.touch()
    assert find_weights(given, "SOME_WEIGHTS", [cached]) == given


def test_the_folder_is_the_users_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert weights_folder() == tmp_path / "glide-curator" / "weights"


def test_not_installed():
    assert not_installed("json", "numpy") is None
    assert not_installed("json", "no_such_module") == (
        "Python module 'no_such_module' not installed: pip install 'glide-curator[eval]'"
    )


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt", "old.pt"])
@pytest.mark.parametrize("prefix", ["", "module."])
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_what_was_saved_is_read(need, tmp_path, name, prefix, dtype):
    torch = need("torch")
    from safetensors.torch import save_file

    kind = getattr(torch, dtype)
    state = {f"{prefix}a": torch.arange(6).reshape(2, 3).to(kind), f"{prefix}b": torch.ones((), dtype=kind)}
    if name.endswith("pt"):
        torch.save(state, tmp_path / name, _use_new_zipfile_serialization=name == "w.pt")
    else:
        save_file(state, tmp_path / name)
    found = read_weights(tmp_path / name)
    assert sorted(found) == ["a", "b"]
    assert found["a"].dtype == kind
    assert torch.equal(found["a"], state[f"{prefix}a"])


@pytest.mark.parametrize("key", ["ema", "state_dict", "model"])
def test_a_nested_state_dict_is_found(need, tmp_path, capsys, key):
    torch = need("torch")
    torch.save({key: {"a": torch.ones(2)}, "optimizer": {"lr": 0.1}, "epoch": 3}, tmp_path / "w.pt")
    assert read_weights(tmp_path / "w.pt")["a"].tolist() == [1, 1]
    assert capsys.readouterr().err == ""


def test_of_several_the_averaged_weights_are_taken_and_that_is_said(need, tmp_path, capsys):
    torch = need("torch")
    torch.save({"state_dict": {"a": torch.ones(1)}, "ema": {"a": torch.zeros(1)}, "step": 3}, tmp_path / "w.pt")
    assert read_weights(tmp_path / "w.pt")["a"].tolist() == [0]
    assert "takes the weights under 'ema', not those under 'state_dict'" in capsys.readouterr().err


def test_an_ema_that_holds_no_weights_is_passed_over(need, tmp_path):
    torch = need("torch")
    torch.save({"ema": {"decay": 0.99}, "model": {"a": torch.ones(1)}}, tmp_path / "w.pt")
    assert read_weights(tmp_path / "w.pt")["a"].tolist() == [1]


def test_a_tensor_called_ema_is_a_tensor(need, tmp_path):
    torch = need("torch")
    torch.save({"ema": torch.ones(1), "model": torch.zeros(1)}, tmp_path / "w.pt")
    assert sorted(read_weights(tmp_path / "w.pt")) == ["ema", "model"]


def test_a_key_with_and_without_the_prefix_is_refused(need, tmp_path):
    torch = need("torch")
    torch.save({"a": torch.ones(1), "module.a": torch.zeros(1)}, tmp_path / "w.pt")
    with pytest.raises(InputError, match=r"with and without 'module\.'"):
        read_weights(tmp_path / "w.pt")


def test_what_a_file_says_of_itself(need, tmp_path):
    torch = need("torch")
    from safetensors.torch import save_file

    save_file({"a": torch.ones(1)}, tmp_path / "w.safetensors", metadata={"options": "{}"})
    torch.save({"a": torch.ones(1)}, tmp_path / "w.pt")
    assert open_weights(tmp_path / "w.safetensors").metadata == {"options": "{}"}
    assert open_weights(tmp_path / "w.pt").metadata == {}


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt"])
def test_writing_into_what_was_read_leaves_the_file_alone(need, tmp_path, name):
    torch = need("torch")
    from safetensors.torch import save_file

    save = save_file if name == "w.safetensors" else torch.save
    save({"a": torch.ones(3)}, tmp_path / name)
    read_weights(tmp_path / name)["a"].zero_()
    assert read_weights(tmp_path / name)["a"].tolist() == [1, 1, 1]


@pytest.mark.parametrize("name", ["absent.pt", "absent.safetensors", "."])
def test_a_file_that_is_not_there_is_named(need, tmp_path, name):
    need("torch")
    with pytest.raises(InputError, match="no such file of weights"):
        read_weights(tmp_path / name)


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt"])
@pytest.mark.parametrize("content", [b"", b"<html>an error page</html>", b"PK\x03\x04 half a zip"], ids=ascii)
def test_rubbish_is_named(need, tmp_path, name, content):
    need("torch")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{name}: not readable as weights: .+"):
        read_weights(tmp_path / name)


def test_code_in_a_pickle_is_never_run(need, tmp_path, monkeypatch):
    torch = need("torch")
    monkeypatch.chdir(tmp_path)
    torch.save({"a": Danger()}, tmp_path / "w.pt")
    (tmp_path / "plain.pt").write_bytes(pickle.dumps(Danger()))
    for name in ("w.pt", "plain.pt"):
        with pytest.raises(InputError, match=f"{name}: not readable as weights") as caught:
            read_weights(tmp_path / name)
        assert "weights_only" not in str(caught.value)
        assert "\x1b" not in str(caught.value)
    assert not (tmp_path / "ran").exists()


def test_other_content_is_refused(need, tmp_path):
    torch = need("torch")
    torch.save({"a": torch.ones(1), "b": "text"}, tmp_path / "w.pt")
    with pytest.raises(InputError, match="it holds something else than named tensors"):
        read_weights(tmp_path / "w.pt")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"weight": (3, 2)}, "1 missing: bias"),
        ({"weight": (3, 2), "bias": (3,), "more": (1,)}, "1 unknown: more"),
        ({"weight": (2, 3), "bias": (3,)}, r"1 of another shape: weight \(2, 3\), not \(3, 2\)"),
        ({str(index): () for index in range(5)}, "2 missing: weight, bias; 5 unknown: 0, 1, 2 and 2 more"),
    ],
)
def test_fill_wants_all_and_nothing_else(need, tmp_path, keys, message):
    torch = need("torch")
    weights = {key: torch.zeros(shape) for key, shape in keys.items()}
    with pytest.raises(InputError) as caught:
        fill(torch.nn.Linear(2, 3), weights, tmp_path / "w.pt")
    assert re.search(rf"w\.pt: not the weights of Linear: {message}$", caught.value.message)
