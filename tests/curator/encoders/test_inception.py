"""Inception with weights made up here, against pytorch-fid's own network with the same ones."""

import os

import numpy as np
import pytest

from curator.encoders import Absent, inception
from curator.encoders.inception import PUBLISHED_FILE, _build, _prepare
from curator.errors import InputError
from curator.files import sha256_file


@pytest.fixture(scope="module")
def weights(need, tmp_path_factory):
    """A file with random weights of the right shapes."""
    need("eval")
    torch = need("torch")
    generator = torch.Generator().manual_seed(3)
    state = _build().state_dict()
    for key, value in state.items():
        if key.endswith("running_var"):
            value.fill_(1)
        elif value.ndim == 4:
            value.normal_(0, (2 / value[0].numel()) ** 0.5, generator=generator)
        elif key.endswith("running_mean"):
            value.normal_(0, 0.1, generator=generator)
    path = tmp_path_factory.mktemp("weights") / "inception.pth"
    torch.save(state, path)
    return path


@pytest.fixture(scope="module")
def encoder(weights):
    return inception(weights)


def test_it_says_what_it_is(encoder, weights):
    digest = sha256_file(weights)
    assert (encoder.name, encoder.digest, encoder.width) == (f"Inception-{digest[:8]}", digest, 2048)
    assert "clean-FID" in encoder.resize


def test_features_equal_pytorch_fids(encoder, weights, pictures, monkeypatch):
    import torch
    from pytorch_fid import inception as original

    monkeypatch.setattr(original, "load_state_dict_from_url", lambda *_, **__: torch.load(weights, weights_only=True))
    theirs = original.InceptionV3([3], resize_input=False, normalize_input=True).eval()
    prepared = np.stack([_prepare(each) for each in pictures])
    with torch.inference_mode():
        expected = theirs(torch.from_numpy((prepared + 1) / 2))[0].flatten(1).numpy()
    found = encoder.encode(pictures)
    assert found.shape == (3, 2048)
    assert found.dtype == np.float32
    assert np.abs(expected).max() > 1e-3
    assert np.allclose(found, expected, atol=1e-4 * np.abs(expected).max())


def test_no_pictures(encoder):
    assert encoder.encode([]).shape == (0, 2048)


def test_absent_weights_are_a_reason(need):
    need("eval")
    found = inception()
    assert isinstance(found, Absent)
    assert found.name == "Inception"
    assert found.reason.startswith(f"weights absent: put {PUBLISHED_FILE} at ")
    assert "INCEPTION_WEIGHTS" in found.reason


@pytest.mark.parametrize("place", ["variable", "own cache", "torch hub", "torch home"])
def test_places(weights, tmp_path, monkeypatch, place):
    path = {
        "variable": tmp_path / "anything.pth",
        "own cache": tmp_path / "glide-curator" / "weights" / PUBLISHED_FILE,
        "torch hub": tmp_path / "torch" / "hub" / "checkpoints" / PUBLISHED_FILE,
        "torch home": tmp_path / "home" / "hub" / "checkpoints" / PUBLISHED_FILE,
    }[place]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if place == "variable":
        monkeypatch.setenv("INCEPTION_WEIGHTS", str(path))
    if place == "torch home":
        monkeypatch.setenv("TORCH_HOME", str(tmp_path / "home"))
    path.parent.mkdir(parents=True, exist_ok=True)
    os.link(weights, path)
    assert inception().digest == sha256_file(weights)


def test_weights_of_something_else(need, tmp_path):
    need("eval")
    torch = need("torch")
    torch.save({"weight": torch.zeros(2, 2)}, tmp_path / "other.pt")
    with pytest.raises(InputError, match=r"other\.pt: not the weights of Inception3"):
        inception(tmp_path / "other.pt")
    with pytest.raises(InputError, match="no weights there"):
        inception(tmp_path / "absent.pt")
