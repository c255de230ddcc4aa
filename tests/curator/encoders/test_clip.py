"""CLIP with a small architecture and weights made up here, against open_clip itself."""

import json

import numpy as np
import pytest

from curator.encoders import Absent, clip
from curator.errors import InputError
from curator.files import sha256_file

CONFIG = {
    "embed_dim": 16,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
}
TEXTS = ["a dog", "Two  DOGS &amp; a cat", "", "a very long caption about a dog " * 30]


@pytest.fixture(scope="module")
def folder(need, tmp_path_factory):
    """A folder as model hubs hand them out."""
    need("eval")
    torch = need("torch")
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("weights") / "tiny-clip"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": CONFIG}))
    save_file(CLIP(**CONFIG).state_dict(), folder / "open_clip_model.safetensors")
    return folder


@pytest.fixture(scope="module")
def encoder(folder):
    return clip(folder)


@pytest.fixture(scope="module")
def theirs(folder):
    """open_clip's own loading of the same folder: model and preparation."""
    import open_clip

    model, _, prepare = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    return model.eval(), prepare


def test_it_says_what_it_is(encoder, folder):
    assert (encoder.name, encoder.width) == ("CLIP-tiny-clip", 16)
    assert encoder.digest == sha256_file(folder / "open_clip_model.safetensors")


def test_images_equal_open_clips(encoder, theirs, pictures):
    import torch
    from PIL import Image

    model, prepare = theirs
    with torch.inference_mode():
        batch = torch.stack([prepare(Image.fromarray(each)) for each in pictures])
        expected = model.encode_image(batch).numpy()
    assert np.allclose(encoder.encode(pictures), expected, atol=1e-5)
    assert np.allclose(
        encoder.encode_images(pictures), expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-5
    )
    assert np.abs(expected[0] - expected[1]).max() > 1e-2


def test_texts_equal_open_clips(encoder, theirs):
    import torch
    from open_clip.tokenizer import SimpleTokenizer

    with torch.inference_mode():
        expected = theirs[0].encode_text(SimpleTokenizer()(TEXTS), normalize=True).numpy()
    found = encoder.encode_texts(TEXTS * 20)  # more than one batch
    assert found.dtype == np.float32
    assert np.allclose(found, np.tile(expected, (20, 1)), atol=1e-5)
    assert np.abs(expected[0] - expected[1]).max() > 1e-2


def test_nothing_to_encode(encoder):
    assert encoder.encode_images([]).shape == encoder.encode_texts([]).shape == (0, 16)


def test_a_file_needs_a_model_that_open_clip_knows(folder):
    file = folder / "open_clip_model.safetensors"
    with pytest.raises(InputError, match=r"not the weights of CLIP"):
        clip(file, "ViT-S-32")
    with pytest.raises(InputError, match="'ViT-B32': not a model that open_clip knows") as caught:
        clip(file, "ViT-B32")
    assert "ViT-B-32" in caught.value.hint


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("text_cfg", {"hf_model_name": "xlm-roberta-base"}),
        ("text_cfg", {"hf_tokenizer_name": "bert-base-uncased"}),
        ("text_cfg", {"vocab_size": 1000}),
        ("vision_cfg", {"timm_model_pretrained": True, "timm_model_name": "resnet18"}),
        ("vision_cfg", {"image_size": "large"}),
        ("vision_cfg", {"no_such_setting": 1}),
    ],
)
def test_other_architectures_are_refused(folder, tmp_path, part, change):
    config = {**CONFIG, part: CONFIG[part] | change}
    (tmp_path / "open_clip_config.json").write_text(json.dumps({"model_cfg": config}))
    (tmp_path / "open_clip_model.safetensors").symlink_to(folder / "open_clip_model.safetensors")
    with pytest.raises(InputError, match=r"own architectures|cannot build it"):
        clip(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"model_cfg": 3, "preprocess_cfg": {"mean": ["x"]}}'])
def test_a_spoilt_configuration_is_named(folder, tmp_path, content):
    (tmp_path / "open_clip_config.json").write_text(content)
    (tmp_path / "open_clip_model.safetensors").symlink_to(folder / "open_clip_model.safetensors")
    with pytest.raises(InputError, match=r"open_clip_config\.json: not a configuration"):
        clip(tmp_path)


def test_an_empty_folder(need, tmp_path):
    need("eval")
    with pytest.raises(InputError, match=r"needs open_clip_config\.json and open_clip_model\.safetensors"):
        clip(tmp_path)


def test_absent_weights_are_a_reason(need, monkeypatch):
    need("eval")
    monkeypatch.setenv("CLIP_MODEL", "ViT-B-16")
    found = clip()
    assert isinstance(found, Absent)
    assert found.name == "CLIP-ViT-B-16"
    assert found.reason.startswith("weights absent: put open_clip's weights of ViT-B-16 at ")
    assert "CLIP_WEIGHTS" in found.reason


@pytest.mark.parametrize("place", ["variable", "own cache"])
def test_places(folder, tmp_path, monkeypatch, place):
    if place == "variable":
        monkeypatch.setenv("CLIP_WEIGHTS", str(folder))
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        (tmp_path / "glide-curator" / "weights").mkdir(parents=True)
        (tmp_path / "glide-curator" / "weights" / "clip").symlink_to(folder)
    assert clip().width == 16
