"""Our safetensors are read by the library, and are the same bytes for the same tensors."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file

from curator.errors import InputError
from train.glide.safetensors_file import NAMES, write_weights

TENSORS = st.dictionaries(
    st.text(min_size=1, max_size=8).filter(lambda key: key != "__metadata__"),
    st.tuples(st.sampled_from(list(NAMES)), st.lists(st.integers(0, 3), max_size=3)),
    max_size=5,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("written") / "w.safetensors"


@given(kinds=TENSORS, metadata=st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_the_library_reads_what_was_written(path, kinds, metadata):
    state = {
        key: torch.arange(torch.Size(shape).numel()).view(shape).to(dtype) for key, (dtype, shape) in kinds.items()
    }
    write_weights(path, state, metadata)
    found = load_file(path)
    assert found.keys() == state.keys()
    for key, value in state.items():
        assert found[key].dtype == value.dtype
        assert torch.equal(found[key], value)
    with safe_open(path, framework="pt") as file:
        assert (file.metadata() or {}) == metadata
    before = path.read_bytes()
    write_weights(path, dict(reversed(state.items())), dict(reversed(metadata.items())))
    assert path.read_bytes() == before


def test_views_and_transposed_tensors_are_written_as_they_look(path):
    whole = torch.arange(6.0).view(2, 3)
    state = {"t": whole.T, "row": whole[1], "wide": torch.ones(()).expand(2, 2), "grad": torch.nn.Parameter(whole)}
    write_weights(path, state)
    assert {key: value.tolist() for key, value in load_file(path).items()} == {
        "t": [[0, 3], [1, 4], [2, 5]], "row": [3, 4, 5], "wide": [[1, 1], [1, 1]], "grad": [[0, 1, 2], [3, 4, 5]],
    }  # fmt: skip


def test_each_key_is_told_when_it_is_written(path):
    told = []
    write_weights(path, {"a": torch.ones(1), "b": torch.ones(1, dtype=torch.int64)}, written=told.append)
    assert told == ["b", "a"]


def test_what_cannot_be_written_leaves_the_old_file(path):
    write_weights(path, {"a": torch.ones(1)})
    with pytest.raises(InputError, match=r"c: safetensors cannot hold torch\.complex64"):
        write_weights(path, {"c": torch.ones(1, dtype=torch.complex64)})
    with pytest.raises(InputError, match=r"b: a value is too large for torch\.float16"):
        write_weights(path, {"a": torch.zeros(1), "b": torch.tensor([7e4])}, dtype=torch.float16)
    assert load_file(path)["a"].tolist() == [1]
    assert [each.name for each in path.parent.iterdir()] == [path.name]
