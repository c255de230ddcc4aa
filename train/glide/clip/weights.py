"""The two released files of the noised CLIP's weights, or others of that form, and the options their shapes tell."""

import math
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from curator.errors import InputError
from train.glide.clip.noised_clip import NoisedClip
from train.glide.clip.options import ClipOptions, read_clip_options
from train.glide.weightless import weightless
from train.glide.weights import load_state, read_weights

HEAD = 64
"""Width of an attention head in the released towers; no shape tells it."""


def load_clip(text_file: Path, image_file: Path, options: ClipOptions | None = None) -> NoisedClip:
    """The noised CLIP of two files, float32 on the CPU, in evaluation mode.

    Without `options` they follow from the shapes of the weights, for attention heads 64 wide. Raises InputError for
    a file that cannot be read, and names missing, unknown and misshapen keys.
    """
    text, image = read_weights(text_file), read_weights(image_file)
    if options is None:
        options = options_of(text, image)
    # Weights made in inference mode would let no gradient through; on "meta" no fresh ones are drawn, to be replaced.
    with torch.inference_mode(False):
        with weightless():
            clip = NoisedClip(options)
        clip.to_empty(device="cpu")
        load_state(clip.text, text, str(text_file))
        load_state(clip.image, image, str(image_file))
    return clip.eval()


def options_of(text: Mapping[str, Tensor], image: Mapping[str, Tensor]) -> ClipOptions:
    """The options of two towers' weights, with attention heads 64 wide; the released ones' where a tensor is missing.

    Raises InputError where a tower is not a multiple of 64 wide, ConfigError where the shapes make no CLIP.
    """
    with weightless():
        released = NoisedClip(ClipOptions())
    of_text, of_image = _shapes(text, released.text), _shapes(image, released.image)
    (n_vocab, text_width), (max_text_len, _) = of_text["blocks.input.w_voc"], of_text["blocks.input.w_pos"]
    (positions, image_width), (n_timesteps, _) = of_image["blocks.input.w_pos"], of_image["blocks.input.w_t"]
    patch_size, n_embd = of_image["blocks.input.patch_proj"][-1], of_image["blocks.output.f.w"][0]
    for width in (text_width, image_width):
        if width % HEAD:
            raise InputError(
                f"a tower of the noised CLIP is {width} wide, which makes no attention heads of {HEAD}",
                hint="give the options that the weights were made with",
            )
    found = {
        "image_size": patch_size * math.isqrt(max(positions - 1, 0)), "patch_size": patch_size,
        "n_timesteps": n_timesteps, "n_vocab": n_vocab, "max_text_len": max_text_len, "n_embd": n_embd,
        "n_head_text": text_width // HEAD, "n_xf_blocks_text": _blocks(text),
        "n_head_image": image_width // HEAD, "n_xf_blocks_image": _blocks(image),
    }  # fmt: skip
    return read_clip_options(found)


def _shapes(state: Mapping[str, Tensor], released: nn.Module) -> dict[str, tuple[int, ...]]:
    """The shapes of a tower's tensors; of the released tower's where one is missing or has other dimensions."""
    return {
        name: tuple(state[name].shape if name in state and state[name].ndim == tensor.ndim else tensor.shape)
        for name, tensor in released.state_dict().items()
    }


def _blocks(state: Mapping[str, Tensor]) -> int:
    return len({name.split(".")[1] for name in state if name.startswith("blocks.block_")})
