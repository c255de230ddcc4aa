"""What lies in a folder of weights, at a glance and to the last value."""

import hashlib

import pytest
import torch

from curator.errors import InputError
from train.glide.known import KNOWN_MODELS
from train.glide.weights import write_weights
from train.weights.inventory import listed, verify


def record(path):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n")
    return digest


def entries(catalogue, folder):
    return {each.name: each for each in listed(catalogue, folder)}


def test_the_list_says_what_is_there(catalogue, ant_weights, tmp_path):
    torch.save(ant_weights, tmp_path / "ant.pt")
    digest = record(tmp_path / "ant.pt")
    (tmp_path / "ant_inpaint.pt.part").write_bytes(b"12345")
    found = entries(catalogue, tmp_path)
    there, part = found["ant"], found["ant-inpaint"]
    assert (there.state, there.file, there.dtype, there.sha256) == ("there", tmp_path / "ant.pt", "float32", digest)
    assert there.bytes == (tmp_path / "ant.pt").stat().st_size
    assert there.about == "for ants"
    assert (part.state, part.bytes, part.dtype) == ("part", 5, None)


def test_an_empty_folder_is_a_list_of_what_is_absent(catalogue, tmp_path):
    assert {each.state for each in listed(catalogue, tmp_path / "nowhere")} == {"absent"}


def test_a_converted_file_comes_before_the_published_one(catalogue, ant_weights, tmp_path):
    torch.save(ant_weights, tmp_path / "ant.pt")
    write_weights(tmp_path / "ant.safetensors", ant_weights, dtype=torch.bfloat16)
    found = entries(catalogue, tmp_path)["ant"]
    assert (found.file, found.dtype, found.sha256) == (tmp_path / "ant.safetensors", "bfloat16", None)


def test_two_types_are_both_named_the_commoner_first(catalogue, ant_weights, tmp_path):
    half = {key: value.half() if value.ndim > 1 else value for key, value in ant_weights.items()}
    torch.save(half, tmp_path / "ant.pt")
    assert entries(catalogue, tmp_path)["ant"].dtype == "float16+float32"


def test_a_damaged_file_is_listed_as_unreadable(catalogue, tmp_path):
    (tmp_path / "ant.pt").write_bytes(b"<html>")
    assert entries(catalogue, tmp_path)["ant"].state == "unreadable"


def test_a_record_in_capitals_is_read_as_download_reads_it(catalogue, ant_weights, tmp_path):
    torch.save(ant_weights, tmp_path / "ant.pt")
    digest = record(tmp_path / "ant.pt")
    (tmp_path / "ant.pt.sha256").write_text(f"{digest.upper()}  ant.pt\n")
    assert verify(catalogue[0], tmp_path / "ant.pt").result == "good"
    (tmp_path / "ant.pt.sha256").write_text("no checksum\n")
    with pytest.raises(InputError, match=r"ant\.pt\.sha256: not a recorded sha256"):
        verify(catalogue[0], tmp_path / "ant.pt")


@pytest.mark.parametrize("recorded", [True, False])
def test_good_weights_pass(catalogue, ant_weights, tmp_path, recorded):
    path = tmp_path / "ant.pt"
    torch.save(ant_weights, path)
    if recorded:
        record(path)
    found = verify(catalogue[0], path)
    assert found.problems == ()
    assert found.recorded == recorded
    assert found.result == ("good" if recorded else "good; no sha256 was recorded")
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def nan(state):
    state["out.2.bias"] = torch.tensor([1, 2, 3, 4, 5, float("nan")])


def infinite(state):
    state["out.2.weight"] = torch.full_like(state["out.2.weight"], float("inf"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (nan, "values that are not finite in out.2.bias"),
        (infinite, "values that are not finite in out.2.weight"),
        (lambda state: state.pop("out.2.bias"), "1 missing: out.2.bias"),
    ],
    ids=["nan", "infinite", "missing"],
)
def test_what_is_wrong_in_a_file_is_said(catalogue, ant_weights, tmp_path, change, said):
    change(ant_weights)
    torch.save(ant_weights, tmp_path / "ant.pt")
    (problem,) = verify(catalogue[0], tmp_path / "ant.pt").problems
    assert said in problem


def test_a_changed_file_is_found_by_its_sha256(catalogue, ant_weights, tmp_path):
    path = tmp_path / "ant.pt"
    torch.save(ant_weights, path)
    before = record(path)
    ant_weights["out.2.bias"] = ant_weights["out.2.bias"] + 1
    torch.save(ant_weights, path)
    (problem,) = verify(catalogue[0], path).problems
    assert f"recorded was {before}" in problem


def test_rubbish_fails_and_does_not_raise(catalogue, tmp_path):
    (tmp_path / "ant.pt").write_bytes(b"rubbish")
    (problem,) = verify(catalogue[0], tmp_path / "ant.pt").problems
    assert problem.startswith("not readable as weights")


def test_the_wrong_model_is_named(catalogue, hollow, tmp_path):
    tiny = next(model for model in KNOWN_MODELS if model.name == "tiny-base")
    (tmp_path / "ant.pt").write_bytes(hollow(tiny))
    (problem,) = verify(catalogue[0], tmp_path / "ant.pt").problems
    assert problem.endswith("they are the weights of tiny-base")
