"""Weights are found where they were said to be, and read without running code from them."""

import os
import pickle

import pytest

from curator.encoders.weights import fill, find_weights, not_installed, read_weights, weights_folder
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


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt"])
@pytest.mark.parametrize(
    "wrap", [lambda state: state, lambda state: {"state_dict": state, "epoch": 3}], ids=["", "epoch"]
)
def test_what_was_saved_is_read(need, tmp_path, name, wrap):
    torch = need("torch")
    from safetensors.torch import save_file

    state = {"module.a": torch.arange(6.0).reshape(2, 3), "module.b": torch.ones(())}
    if name.endswith("pt"):
        torch.save(wrap(state), tmp_path / name)
    else:
        save_file(state, tmp_path / name)
    found = read_weights(tmp_path / name)
    assert sorted(found) == ["a", "b"]
    assert torch.equal(found["a"], state["module.a"])


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
        with pytest.raises(InputError, match=f"{name}: not readable as weights"):
            read_weights(tmp_path / name)
    assert not (tmp_path / "ran").exists()


def test_other_content_is_refused(need, tmp_path):
    torch = need("torch")
    torch.save({"a": torch.ones(1), "b": "text"}, tmp_path / "w.pt")
    with pytest.raises(InputError, match="it holds more than tensors"):
        read_weights(tmp_path / "w.pt")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"weight": (3, 2)}, "bias is missing"),
        ({"weight": (3, 2), "bias": (3,), "more": (1,)}, "more is not known"),
        ({"weight": (2, 3), "bias": (3,)}, r"weight has shape \(2, 3\), expected \(3, 2\)"),
    ],
)
def test_fill_wants_all_and_nothing_else(need, tmp_path, keys, message):
    torch = need("torch")
    weights = {key: torch.zeros(shape) for key, shape in keys.items()}
    with pytest.raises(InputError, match=rf"w\.pt: not the weights of Linear: {message} \(1 differences\)"):
        fill(torch.nn.Linear(2, 3), weights, tmp_path / "w.pt")
