"""The sentence model, where its package is installed; what needs no weights is tested everywhere."""

import json
import struct

import numpy as np
import pytest

from annotate.agreement.sentences import MiniLM, installed, read_safetensors
from annotate.agreement.wordpiece import encode
from curator.errors import InputError

VOCABULARY = {piece: number for number, piece in enumerate(
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "dog", "##s", "cafe", "##-", "-", "犬", "sofa", ",", "play", "##ing"]
)}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("A dog", ["a", "dog"]), ("dogs playing", ["dog", "##s", "play", "##ing"]),
        ("Café, sofa", ["cafe", ",", "sofa"]),
        ("dog-sofa", ["dog", "-", "sofa"]), ("犬犬", ["犬", "犬"]), ("zebra", ["[UNK]"]),
        ("dog\tsofa\0", ["dog", "sofa"]),
        ("a" * 101, ["[UNK]"]), ("", []),
    ],
)  # fmt: skip
def test_words_are_cut_into_pieces(text, pieces):
    assert encode(text, VOCABULARY) == [2, *(VOCABULARY[piece] for piece in pieces), 3]


def test_a_long_text_is_cut():
    assert len(encode("dog " * 400, VOCABULARY)) == 256


def test_tensors_are_read(tmp_path):
    values = np.arange(6, dtype="<f4").reshape(2, 3)
    about = {"a.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "__metadata__": {"format": "pt"}}
    head = json.dumps(about).encode()
    (tmp_path / "x.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + values.tobytes())
    assert (read_safetensors(tmp_path / "x.safetensors")["a.weight"] == values).all()


def test_other_weights_are_refused(tmp_path):
    for name in ("model.safetensors", "vocab.txt"):
        (tmp_path / name).write_bytes(b"other")
    with pytest.raises(InputError, match="expected 53aa5117"):
        MiniLM(tmp_path)


def test_the_published_figures(need):
    """Likenesses that the documentation of sentence-transformers prints for this model and these sentences."""
    need("sentences")
    texts = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    vectors = MiniLM(installed()).encode(texts)
    published = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]
    assert vectors @ vectors.T == pytest.approx(np.array(published), abs=1e-4)
