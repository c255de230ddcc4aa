import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from curator.errors import InputError
from train.runs import find_run

ROOT = Path(__file__).parents[2]


def test_a_run_and_its_samples_from_the_command_line(place, run):
    workspace = place(steps=2)
    first = run("train", "run", "--set", "base.dropout=0.2", "--steps", "3", cwd=workspace.path)
    (folder,) = workspace.runs.iterdir()
    assert first.stdout == f"run {folder.name}: 3 of 3 steps\n"
    config = json.loads((folder / "config.json").read_text())["config"]
    assert (config["steps"], config["base"]["dropout"], config["preset"]) == (3, 0.2, "tiny")

    again = run("train", "run", "--set", "base.dropout=0.2", cwd=workspace.path)
    assert "finished" in again.stderr

    sampled = run("train", "sample", "--count", "2", "--steps", "2", "-C", folder)
    assert sampled.stdout == f"run {folder.name}: painted 8 of 8 pictures, finetuned at step 3\n"
    lines = [json.loads(line) for line in (folder / "samples" / "manifest.jsonl").read_text().splitlines()]
    assert len(lines) == 8
    assert all((folder / "samples" / line["file"]).is_file() for line in lines)

    sampled = run("train", "sample", "--count", "2", "--steps", "2", "--run", folder.name, cwd=workspace.path)
    assert "all 8 pictures of step 3 were painted before" in sampled.stdout


def test_options_win_over_set_and_set_over_the_table(place, run):
    workspace = place(steps=5, seed=1)
    run(
        "train",
        "run",
        "--steps",
        "2",
        "--set",
        "steps=3",
        "--set",
        "seed=2",
        "--set",
        "batch_size=3",
        cwd=workspace.path,
    )
    (folder,) = workspace.runs.iterdir()
    config = json.loads((folder / "config.json").read_text())["config"]
    assert (config["steps"], config["seed"], config["batch_size"], config["upsampler_batch_size"]) == (2, 2, 3, 2)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--set", "learning_rat=1"), 3, "did you mean 'learning_rate'"),
        (("--set", "base.num_chanels=64"), 3, "did you mean 'num_channels'"),
        (("--set", "steps"), 2, "key=value"),
        (("--set", "steps=none"), 3, "steps"),
        (("--preset", "huge"), 3, "'tiny' or 'glide'"),
        (("--preset", "glide"), 3, "base.pt"),
        (("--release", "v9"), 3, "known: v1"),
        (("--steps", "0"), 2, "--steps"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_one_clear_line(place, run, arguments, code, said):
    workspace = place(steps=1)
    done = run("train", "run", *arguments, cwd=workspace.path, code=code)
    assert said in done.stderr
    assert done.stdout == ""
    assert not workspace.runs.exists()


def test_a_wrong_key_in_the_table_names_the_nearest(place, run):
    workspace = place(setps=3)
    assert "did you mean 'steps'" in run("train", "run", cwd=workspace.path, code=3).stderr


@pytest.mark.parametrize("command", ["run", "sample"])
def test_without_a_workspace_the_next_step_is_said(tmp_path, run, command):
    assert "curator init" in run("train", command, cwd=tmp_path, code=3).stderr


def test_without_a_release_the_next_step_is_said(place, run):
    workspace = place()
    for path in sorted(workspace.releases.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert "curator export" in run("train", "run", cwd=workspace.path, code=3).stderr
    assert "train run" in run("train", "sample", cwd=workspace.path, code=3).stderr


@pytest.mark.parametrize("damage", ["{", "", '{"layout": 99}'])
def test_a_damaged_release_is_named(place, run, damage):
    workspace = place()
    (workspace.releases / "v1" / "release.json").write_text(damage)
    done = run("train", "run", cwd=workspace.path, code=3)
    assert "v1" in done.stderr
    assert not workspace.runs.exists()


def test_an_empty_train_split_is_refused_with_the_next_step(place, run):
    workspace = place(train=0, test=3)
    done = run("train", "run", cwd=workspace.path, code=3)
    assert "no train samples" in done.stderr
    assert "curator hold-out" in done.stderr


def test_a_release_that_changed_under_a_run_is_refused(place, train_run, run):
    workspace = place(steps=1)
    train_run(workspace)
    about = workspace.releases / "v1" / "release.json"
    about.write_text(json.dumps({**json.loads(about.read_text()), "digest": "0" * 64}))
    assert "is not the one" in run("train", "sample", cwd=workspace.path, code=3).stderr


def test_an_unknown_run_is_answered_with_the_known_ones(place, train_run, run):
    workspace = place(steps=1)
    folder = train_run(workspace).run.folder
    assert folder.name in run("train", "sample", "--run", "v1-tiny", cwd=workspace.path, code=3).stderr


@pytest.mark.parametrize(
    "content", ["", "[]", '{"release": 3}', '{"release": {}, "config": {"stesp": 1}, "machine": {}}']
)
def test_a_damaged_config_json_is_named(place, train_run, content):
    workspace = place(steps=1)
    folder = train_run(workspace).run.folder
    (folder / "config.json").write_text(content)
    for attempt in (lambda: train_run(workspace), lambda: find_run(workspace.runs)):
        with pytest.raises(InputError, match=r"config\.json"):
            attempt()


@pytest.fixture
def without_torch(tmp_path):
    """An environment with all installed packages but torch."""
    folder = tmp_path / "packages"
    folder.mkdir()
    for name in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for path in Path(name).iterdir():
            if path.name.split("-")[0] not in ("torch", "functorch", "torchgen") and path.suffix != ".pth":
                (folder / path.name).symlink_to(path)
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"}


@pytest.mark.parametrize("command", ["run", "sample"])
def test_without_torch_the_line_that_installs_it_is_said(place, without_torch, command):
    line = [sys.executable, "-S", "-P", "-m", "train", command]
    done = subprocess.run(line, cwd=place().path, env=without_torch, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 3, done.stderr
    assert "pip install 'glide-curator[train]'" in done.stderr
    assert "Traceback" not in done.stderr
