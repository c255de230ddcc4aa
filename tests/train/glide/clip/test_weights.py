import pytest
import torch

from curator.errors import ConfigError, InputError
from train.glide.clip.noised_clip import NoisedClip
from train.glide.clip.options import read_clip_options
from train.glide.clip.weights import load_clip
from train.glide.weights import write_weights

HEADS_OF_64 = {
    "image_size": 12, "patch_size": 4, "n_timesteps": 50, "n_vocab": 49408, "max_text_len": 9, "n_embd": 5,
    "n_head_text": 2, "n_xf_blocks_text": 1, "n_head_image": 1, "n_xf_blocks_image": 2,
}  # fmt: skip
HEADS_OF_8 = HEADS_OF_64 | {
    "n_head_state_text": 8, "n_head_text": 1, "n_head_state_image": 8, "n_head_image": 2, "logit_scale": 20.0,
}  # fmt: skip


def made(options):
    return NoisedClip(read_clip_options(options))


@pytest.fixture
def written(tmp_path):
    """Write the towers of a CLIP to two files."""

    def write(clip, suffix=".safetensors"):
        files = []
        for name, tower in (("text", clip.text), ("image", clip.image)):
            path = tmp_path / f"{name}{suffix}"
            torch.save(tower.state_dict(), path) if suffix == ".pt" else write_weights(path, tower.state_dict())
            files.append(path)
        return files

    return write


def equal(one, other):
    one, other = one.state_dict(), other.state_dict()
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_two_files_make_a_clip_and_their_shapes_its_options(written, suffix):
    clip = made(HEADS_OF_64)
    loaded = load_clip(*written(clip, suffix))
    assert loaded.options == clip.options
    assert equal(loaded, clip)
    assert not loaded.training


def test_half_precision_files_become_float32(written):
    clip = made(HEADS_OF_64)
    loaded = load_clip(*written(made(HEADS_OF_64).half()))
    assert {value.dtype for value in loaded.state_dict().values()} == {torch.float32}
    assert loaded.options == clip.options


def test_options_can_be_given_where_no_shape_tells_them(written):
    clip = made(HEADS_OF_8)
    files = written(clip)
    with pytest.raises(InputError, match="is 8 wide, which makes no attention heads of 64"):
        load_clip(*files)
    loaded = load_clip(*files, clip.options)
    assert loaded.options == clip.options
    assert equal(loaded, clip)


def test_a_clip_loaded_in_inference_mode_lets_gradients_through(written):
    files = written(made(HEADS_OF_64))
    with torch.inference_mode():
        clip = load_clip(*files)
    x = torch.zeros(1, 3, 12, 12, requires_grad=True)
    clip.encode_image(x, torch.tensor([7])).sum().backward()
    assert x.grad.abs().max() > 0


@pytest.mark.parametrize(
    ("tower", "change", "said"),
    [
        (
            "text",
            lambda state: state.pop("blocks.output.ln.g"),
            "text.safetensors: does not fit .* missing: blocks.output.ln.g",
        ),
        (
            "image",
            lambda state: state.update({"blocks.input.w_new": torch.zeros(1)}),
            "image.safetensors: does not fit .* unknown: blocks.input.w_new",
        ),
        ("image", lambda state: state.update({"blocks.input.ln.g": torch.zeros(3)}), r"blocks.input.ln.g \(3,\)"),
        ("image", lambda state: state.pop("blocks.input.w_t"), "missing: blocks.input.w_t"),
        ("text", lambda state: state.clear() or state.update({"out.bias": torch.zeros(())}), "missing: blocks.input"),
    ],
    ids=["missing", "unknown", "misshapen", "without the table of timesteps", "of something else"],
)
def test_files_that_do_not_fit_are_refused_by_key(written, tmp_path, tower, change, said):
    clip = made(HEADS_OF_64)
    files = written(clip)
    state = getattr(clip, tower).state_dict()
    change(state)
    write_weights(tmp_path / f"{tower}.safetensors", state)
    with pytest.raises(InputError, match=said):
        load_clip(*files)


def test_the_two_files_cannot_change_places(written):
    text, image = written(made(HEADS_OF_64))
    with pytest.raises(InputError, match=r"image\.safetensors: does not fit"):
        load_clip(image, text)


def test_shapes_that_make_no_clip_are_refused(written, tmp_path):
    clip = made(HEADS_OF_64)
    files = written(clip)
    write_weights(tmp_path / "text.safetensors", clip.text.state_dict() | {"blocks.input.w_voc": torch.zeros(10, 128)})
    with pytest.raises(ConfigError, match="n_vocab"):
        load_clip(*files)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="absent"):
        load_clip(tmp_path / "absent.pt", tmp_path / "absent.pt")
