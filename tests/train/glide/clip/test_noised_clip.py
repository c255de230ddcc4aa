import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from curator.errors import ConfigError, MissingExtra, UsageError
from curator.tokens import ClipTokenizer, _clip_encoding
from train.glide.clip.noised_clip import NoisedClip
from train.glide.clip.options import ClipOptions, read_clip_options

SPEC = json.loads((Path(__file__).parents[3] / "golden" / "glide" / "noised_clip.json").read_text(encoding="utf-8"))
SMALL_WIDTH = SPEC["config"]["n_embd"]
TOLERANCE = 1e-6
"""Of embeddings. They come out within 1e-7; GELU's approximation by tanh would be 2e-6 away."""


def shapes(module):
    return {name: list(value.shape) for name, value in module.state_dict().items()}


def at_full_size(state, width, layers):
    """The golden small tower's keys and shapes, as wide and as deep as the released one."""
    widths = {SMALL_WIDTH: width, 4 * SMALL_WIDTH: 4 * width}
    wide = {name: [widths.get(size, size) for size in shape] for name, shape in state.items()}
    wide["blocks.output.f.w"] = [SPEC["full_config"]["n_embd"], width]
    first = {name: shape for name, shape in wide.items() if name.startswith("blocks.block_0.")}
    rest = {name: shape for name, shape in wide.items() if not name.startswith("blocks.block_")}
    blocks = {name.replace("_0.", f"_{i}.", 1): shape for i in range(layers) for name, shape in first.items()}
    return rest | blocks


def test_the_small_towers_have_the_released_keys(small_clip):
    assert shapes(small_clip.text) == SPEC["text_state_dict"]
    assert shapes(small_clip.image) == SPEC["image_state_dict"]


def test_the_full_towers_have_the_released_keys():
    assert read_clip_options(SPEC["full_config"]) == ClipOptions()
    with torch.device("meta"):
        clip = NoisedClip(ClipOptions())
    assert shapes(clip.text) == at_full_size(SPEC["text_state_dict"], width=512, layers=12)
    assert shapes(clip.image) == at_full_size(SPEC["image_state_dict"], width=768, layers=12)


def test_text_embeddings_are_those_of_the_released_code(golden, small_clip):
    embeddings = small_clip.text(torch.tensor(SPEC["tokens"]), torch.tensor(SPEC["lens"]))
    assert np.abs(embeddings.numpy() - golden("diffusion.npz")["clip/text"]).max() < TOLERANCE


def test_captions_become_the_released_codes_tokens(need, small_clip):
    need("eval")
    embeddings = small_clip.text(torch.tensor(SPEC["tokens"]), torch.tensor(SPEC["lens"]))
    assert torch.equal(small_clip.encode_text(SPEC["prompts"]), embeddings)


def test_image_embeddings_are_those_of_the_released_code(golden, small_clip, noise):
    x = noise("clipx", (2, 3, 64, 64)).clamp(-1, 1)
    embeddings = small_clip.encode_image(x, torch.tensor([3, 900]))
    assert np.abs(embeddings.numpy() - golden("diffusion.npz")["clip/image"]).max() < TOLERANCE


def test_embeddings_are_of_length_1(need, small_clip, noise):
    need("eval")
    text = small_clip.encode_text(["a dog", "", "a very long caption " * 40])
    image = small_clip.encode_image(20 * noise("x", (3, 3, 64, 64)), torch.tensor([0, 500, 999]))
    for embeddings in (text, image):
        assert embeddings.shape == (3, SMALL_WIDTH)
        assert torch.allclose(embeddings.norm(dim=1), torch.ones(3), atol=1e-6)


def test_no_captions_have_no_embeddings(need, small_clip):
    need("eval")
    assert small_clip.encode_text([]).shape == (0, SMALL_WIDTH)


def test_a_picture_is_embedded_alike_alone_and_in_a_batch(small_clip, noise):
    x, timesteps = noise("x", (3, 3, 64, 64)), torch.tensor([0, 500, 999])
    together = small_clip.encode_image(x, timesteps)
    for i in range(3):
        assert torch.allclose(small_clip.encode_image(x[i : i + 1], timesteps[i : i + 1])[0], together[i], atol=1e-6)


def test_a_pictures_embedding_knows_its_timestep(small_clip, noise):
    x = noise("x", (1, 3, 64, 64)).expand(2, -1, -1, -1)
    one, other = small_clip.encode_image(x, torch.tensor([3, 4]))
    assert (one - other).norm() > 0.01


@pytest.mark.parametrize(("place", "matters"), [(1, True), (3, True), (4, False), (76, False)])
def test_only_the_text_up_to_its_length_matters(small_clip, place, matters):
    tokens = torch.tensor(SPEC["tokens"][:1])
    changed = tokens.clone()
    changed[0, place] = 7
    before, after = (small_clip.text(each, torch.tensor([4])) for each in (tokens, changed))
    assert torch.allclose(before, after, atol=1e-6) != matters


def test_a_long_caption_is_cut_and_its_end_kept(need, small_clip):
    need("eval")
    words = ["dog", "cat"] * 60
    tokens, length = ClipTokenizer().pad(ClipTokenizer().encode(" ".join(words)))
    assert length == 77
    expected = small_clip.text(torch.tensor([tokens]), torch.tensor([77]))
    assert torch.equal(small_clip.encode_text([" ".join(words)]), expected)
    assert torch.allclose(small_clip.encode_text([" ".join(words[:75])]), expected, atol=1e-6)
    assert not torch.allclose(small_clip.encode_text([" ".join(words[:74])]), expected, atol=1e-6)


def test_without_clips_vocabulary_the_extra_that_brings_it_is_named(small_clip, monkeypatch):
    monkeypatch.setitem(sys.modules, "open_clip", None)  # hides an installed module
    _clip_encoding.cache_clear()
    with pytest.raises(MissingExtra) as refused:
        small_clip.encode_text(["a dog"])
    assert "open_clip" in refused.value.message
    assert "glide-curator[eval]" in refused.value.hint


@pytest.mark.parametrize("shape", [(1, 3, 32, 32), (1, 3, 64, 128), (1, 6, 64, 64), (3, 64, 64)], ids=str)
def test_pictures_of_another_size_are_refused(small_clip, shape):
    with pytest.raises(UsageError, match="64 x 64 px in 3 channels"):
        small_clip.encode_image(torch.zeros(shape), torch.tensor([7]))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"n_embed": 32}, "did you mean 'n_embd'"),
        ({"image_size": 30}, "image_size 30 is not a multiple of patch_size 4"),
        ({"n_vocab": 49407}, "n_vocab"),
        ({"beta_schedule": "cosine"}, "squaredcos_cap_v2"),
        ({"max_text_len": 1}, "max_text_len"),
    ],
    ids=str,
)
def test_options_that_make_no_clip_are_refused_by_name(options, said):
    with pytest.raises(ConfigError) as refused:
        read_clip_options(options)
    assert said in str(refused.value)
