"""The golden figures of the released code, and the rule by which their weights and inputs follow from names."""

import copy
import json
import math
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch

import train.glide
from train.glide import Tokenizer
from train.glide.clip.noised_clip import NoisedClip
from train.glide.clip.options import read_clip_options

GOLDEN = Path(__file__).parents[2] / "golden" / "glide"


def noise(name, shape, scale=1.0):
    """The tensor that a name stands for."""
    values = np.random.RandomState(zlib.crc32(name.encode())).standard_normal(tuple(shape)) * scale
    return torch.from_numpy(values.astype(np.float32))


def fill(model):
    """Give every weight the value its name stands for."""
    state = {}
    for name, value in model.state_dict().items():
        drawn = noise(name, value.shape)
        if name.endswith("weight") and value.ndim == 1:
            state[name] = 1 + 0.1 * drawn
        elif value.ndim >= 2:
            state[name] = drawn / math.sqrt(math.prod(value.shape[1:]))
        else:
            state[name] = 0.1 * drawn
    model.load_state_dict(state)
    return model.eval()


@pytest.fixture(scope="session", name="noise")
def _noise():
    return noise


@pytest.fixture(scope="session")
def golden():
    """Read a golden file by name: a dict of JSON, or of arrays."""

    def read(name):
        path = GOLDEN / name
        return json.loads(path.read_text()) if path.suffix == ".json" else dict(np.load(path))

    return read


@pytest.fixture(scope="session")
def small_model(golden):
    """The small golden model of a kind, with its weights; built once."""
    built = {}

    def model(kind):
        if kind not in built:
            built[kind] = fill(train.glide.build(golden("forward.json")[kind]["options"]))
        return built[kind]

    return model


@pytest.fixture
def fresh_model(small_model):
    """A copy of the small golden model of a kind, for tests that change it."""
    return lambda kind: copy.deepcopy(small_model(kind))


@pytest.fixture(scope="session")
def small_clip(golden):
    """The small golden noised CLIP with its weights."""
    clip = NoisedClip(read_clip_options(golden("noised_clip.json")["config"]))
    fill(clip.text)  # a tower alone has the released names
    fill(clip.image)
    return clip


@pytest.fixture(scope="session")
def tokenized():
    """Captions as a batch of tokens and masks."""

    def batch(prompts):
        tokenizer = Tokenizer()
        pairs = [tokenizer.pad(tokenizer.encode(prompt), 128) for prompt in prompts]
        return torch.tensor([tokens for tokens, _ in pairs]), torch.tensor([mask for _, mask in pairs])

    return batch
