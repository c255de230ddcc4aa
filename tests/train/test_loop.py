import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from curator.errors import InputError
from train.checkpoint import all_checkpoints
from train.glide.weights import read_weights
from train.metrics import read_metrics
from train.runs import find_run, read_run

ROOT = Path(__file__).parents[2]


def weights(workspace):
    """All tensors of the newest checkpoint of the newest run."""
    newest = all_checkpoints(find_run(workspace.runs).checkpoints)[-1]
    return {name: read_weights(newest.folder / name) for name in newest.files}


def same(one, other):
    return one.keys() == other.keys() and all(
        one[file].keys() == other[file].keys()
        and all(torch.equal(one[file][name], other[file][name]) for name in one[file])
        for file in one
    )


def figures(workspace):
    """The run's metrics without what a clock says."""
    rows = read_metrics(find_run(workspace.runs).folder)
    return [{key: value for key, value in row.items() if key != "seconds"} for row in rows]


def launch(workspace):
    line = [sys.executable, "-P", "-m", "train", "run"]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(line, cwd=workspace.path, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for_step(workspace, step, process):
    """Wait until the run has written down a step."""
    for _ in range(3000):
        files = list(workspace.runs.glob("*/metrics.jsonl"))
        if files and f'"step": {step},' in files[0].read_text():
            return
        assert process.poll() is None, process.stderr.read().decode()
        time.sleep(0.01)
    pytest.fail("the run did not get there")


def test_a_run_killed_again_and_again_ends_in_the_same_weights(place, train_run):
    steps = 40
    whole, broken = place(steps=steps, checkpoint_steps=3), place(steps=steps, checkpoint_steps=3)
    train_run(whole)
    draw, reached = random.Random(), 0
    for _ in range(3):
        process = launch(broken)
        reached = draw.randint(reached + 1, reached + 8)
        wait_for_step(broken, reached, process)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    last = launch(broken)
    _, told = last.communicate(timeout=300)
    assert last.returncode == 0, told.decode()
    assert "resumed at step" in told.decode() or reached < 3
    assert same(weights(whole), weights(broken))
    assert figures(whole) == figures(broken)
    assert [row["step"] for row in figures(broken)] == list(range(1, steps + 1))


def test_ctrl_c_saves_and_the_same_command_goes_on(place, train_run):
    whole, broken = place(steps=30, checkpoint_steps=1000), place(steps=30, checkpoint_steps=1000)
    train_run(whole)
    process = launch(broken)
    wait_for_step(broken, 4, process)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told.decode()
    assert "Traceback" not in told.decode()
    done = all_checkpoints(find_run(broken.runs).checkpoints)[-1].step
    assert 4 <= done < 30
    assert len(figures(broken)) == done
    assert train_run(broken).steps == 30
    assert same(weights(whole), weights(broken))


def test_more_steps_continue_a_run(place, train_run):
    whole, grown = place(steps=6), place(steps=4)
    train_run(whole)
    train_run(grown)
    done = train_run(grown, steps=6)
    assert (done.run.name, done.steps) == (find_run(whole.runs).name, 6)
    assert same(weights(whole), weights(grown))
    assert figures(whole) == figures(grown)
    assert read_run(done.run.folder).config.steps == 6


def test_a_finished_run_is_left_alone_and_says_how_to_go_on(place, train_run, capsys):
    workspace = place(steps=2)
    first = train_run(workspace)
    before = {path: path.read_bytes() for path in first.run.folder.rglob("*") if path.is_file()}
    capsys.readouterr()
    again = train_run(workspace)
    told = capsys.readouterr().err
    assert (again.run.name, again.steps, again.stopped) == (first.run.name, 2, False)
    assert "finished" in told
    assert "--steps" in told
    assert "--new" in told
    assert {path: path.read_bytes() for path in first.run.folder.rglob("*") if path.is_file()} == before


def test_without_a_number_of_steps_an_existing_run_keeps_its_own(place, train_run):
    workspace = place(steps=2)
    text = (workspace.path / "curator.toml").read_text()
    (workspace.path / "curator.toml").write_text(text.replace("steps = 2\nbatch", "batch"))
    workspace = type(workspace).find(workspace.path)
    assert train_run(workspace, steps=3).steps == 3
    assert train_run(workspace).steps == 3


def test_new_begins_another_run_that_comes_to_the_same(place, train_run):
    workspace = place(steps=2)
    names, found = [], []
    for new in (False, True, True):
        names.append(train_run(workspace, new=new).run.name)
        found.append(weights(workspace))
    assert names == [names[0], f"{names[0]}-2", f"{names[0]}-3"]
    assert same(found[0], found[1])
    assert same(found[1], found[2])
    assert train_run(workspace, steps=3).run.name == names[2]


def test_other_settings_are_another_run(place, train_run):
    workspace = place(steps=1)
    first, second = train_run(workspace), train_run(workspace, seed=5)
    assert first.run.name != second.run.name
    assert find_run(workspace.runs).name == second.run.name
    assert find_run(workspace.runs, first.run.name).config.seed == 0


def test_config_json_is_there_before_the_first_step(place, train_run):
    workspace = place(steps=1, learning_rate=1e30)
    with pytest.raises(InputError, match="not finite"):
        train_run(workspace, steps=50)
    content = json.loads(next(workspace.runs.glob("*/config.json")).read_text())
    assert content["release"]["name"] == "v1"
    assert content["release"]["train"] == 7
    assert content["config"]["learning_rate"] == 1e30
    assert content["machine"] == {
        "device": "cpu", "threads": 1, "precision": "float32", "probe_ms": {}, "torch_version": torch.__version__,
    }  # fmt: skip


def test_two_processes_do_not_train_one_run(place, train_run):
    workspace = place(steps=1)
    run = train_run(workspace).run
    with run.locked(), pytest.raises(InputError, match="in use"):
        train_run(workspace, steps=5)


def test_the_metrics_count_steps_and_pictures(place, train_run):
    workspace = place(steps=3)
    train_run(workspace)
    rows = read_metrics(find_run(workspace.runs).folder)
    assert [row["step"] for row in rows] == [1, 2, 3]
    assert [row["images_base"] for row in rows] == [4, 8, 12]
    assert [row["images_upsampler"] for row in rows] == [2, 4, 6]
    assert [row["ema_decay"] for row in rows] == pytest.approx([1 / 10, 2 / 11, 3 / 12])
    assert all(row["loss_base"] > 0 and row["loss_upsampler"] > 0 and row["seconds"] > 0 for row in rows)
    assert list((find_run(workspace.runs).folder / "tensorboard").glob("events.out.tfevents.*"))
