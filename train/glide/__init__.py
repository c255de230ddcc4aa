"""GLIDE: model, diffusion, samplers, guidance and weights, our own implementation; knows nothing of finetuning."""

from collections.abc import Mapping
from typing import Any

from curator.tokens import Tokenizer
from train.glide.diffusion import Diffusion
from train.glide.options import read_options
from train.glide.unet import Glide

__all__ = ["Diffusion", "Glide", "Tokenizer", "build"]


def build(options: Mapping[str, Any]) -> Glide:
    """A model with fresh weights from options under the released code's names; what is left out is the base model's.

    Raises ConfigError for an unknown key (naming the nearest) or a value that is not allowed. On the torch device
    "meta" nothing is allocated.
    """
    return Glide(read_options(options))
