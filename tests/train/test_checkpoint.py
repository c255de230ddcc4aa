import json

import pytest

from curator.errors import InputError
from train.checkpoint import all_checkpoints, sampled_file
from train.runs import find_run


def test_the_first_and_the_newest_checkpoint_are_kept(place, train_run):
    workspace = place(steps=7, checkpoint_steps=2)
    train_run(workspace)
    found = all_checkpoints(find_run(workspace.runs).checkpoints)
    assert [each.step for each in found] == [0, 7]
    assert sorted(found[0].files) == ["base.safetensors", "upsampler.safetensors"]
    assert sorted(found[1].files) == [
        f"{model}{kind}.safetensors" for model in ("base", "upsampler") for kind in (".ema", ".optimizer", "")
    ]
    assert {path.name for path in found[1].folder.iterdir()} == {*found[1].files, "checkpoint.json"}
    assert [sampled_file(each, "base") for each in found] == ["base.safetensors", "base.ema.safetensors"]


def test_what_a_killed_process_left_is_no_checkpoint(place, train_run):
    workspace = place(steps=2)
    train_run(workspace)
    checkpoints = find_run(workspace.runs).checkpoints
    half = checkpoints / ".step-000003.abc.part"
    half.mkdir()
    (half / "checkpoint.json").write_text(json.dumps({"step": 3, "files": {}}))
    assert train_run(workspace, steps=4).steps == 4
    assert sorted(path.name for path in checkpoints.iterdir()) == ["step-000000", "step-000004"]


@pytest.mark.parametrize("file", ["base.safetensors", "base.ema.safetensors", "upsampler.optimizer.safetensors"])
@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_damaged_checkpoint_is_named(place, train_run, file, damage):
    workspace = place(steps=1)
    train_run(workspace)
    path = all_checkpoints(find_run(workspace.runs).checkpoints)[-1].folder / file
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.unlink() if damage == "gone" else path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        train_run(workspace, steps=2)
    assert str(path) in refused.value.message
    assert refused.value.hint


def test_a_damaged_note_is_named(place, train_run):
    workspace = place(steps=1)
    train_run(workspace)
    note = all_checkpoints(find_run(workspace.runs).checkpoints)[-1].folder / "checkpoint.json"
    note.write_text("{")
    with pytest.raises(InputError, match=r"checkpoint\.json"):
        train_run(workspace, steps=2)
