import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from PIL import Image

from curator.errors import InputError
from curator.release import read_release
from curator.workspace import Workspace
from train.checkpoint import all_checkpoints
from train.manifest import read_manifest
from train.plan import Wishes
from train.runs import find_run
from train.sample import repaint, sample


@pytest.fixture
def trained(place, train_run):
    """A run of some steps and its release; the models are far enough from zero to depend on their inputs."""
    workspace = place(steps=12, learning_rate=1e-2)
    return train_run(workspace).run, read_release(workspace.releases / "v1")


def levels(folder, lines=None):
    lines = read_manifest(folder) if lines is None else lines
    return {line.file: np.asarray(Image.open(folder / line.file)).astype(int) for line in lines}


def stored(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_both_models_paint_both_sizes_of_every_prompt(trained):
    run, release = trained
    done = sample(run, release, Wishes(prompts=5, batch_size=4))
    lines = read_manifest(run.samples)
    assert (done.pictures, done.painted, done.step) == (20, 20, 12)
    assert [line.model for line in lines] == ["original"] * 10 + ["finetuned"] * 10
    assert {(line.resolution, line.sampler, line.steps, line.guidance) for line in lines} == {
        (8, "ddim", 20, 3.0), (16, "ddim", 10, 1.0),
    }  # fmt: skip
    for line in lines:
        with Image.open(run.samples / line.file) as picture:
            assert (picture.size, picture.mode) == ((line.resolution, line.resolution), "RGB")
    by_id = {each.sample_id: each for each in release.samples}
    for line in lines:
        row = by_id[line.sample_id]
        assert (line.prompt, line.role, line.image_id) == (row.caption, row.split, row.image_id)
    assert {line.role for line in lines} == {"train", "test"}
    first, last = all_checkpoints(run.checkpoints)
    assert {line.checkpoint for line in lines if line.model == "original"} == set(first.files.values())
    assert {line.checkpoint for line in lines if line.model == "finetuned"} == {
        last.files["base.ema.safetensors"], last.files["upsampler.ema.safetensors"],
    }  # fmt: skip


def test_training_changes_the_pictures_and_prompts_differ(trained):
    run, release = trained
    sample(run, release, Wishes(prompts=3))
    pictures = levels(run.samples)
    for size in ("8px", "16px"):
        finetuned = [pictures[f"finetuned/{size}/{index:04}.png"] for index in range(3)]
        assert not np.array_equal(finetuned[0], pictures[f"original/{size}/0000.png"])
        assert not np.array_equal(finetuned[0], finetuned[1])


def test_a_picture_comes_back_from_its_line_bit_for_bit(trained):
    run, release = trained
    sample(run, release, Wishes(prompts=6, batch_size=4))
    lines = read_manifest(run.samples)
    pictures = levels(run.samples)
    for line in (lines[2], lines[3], lines[-1], lines[-2]):
        again = repaint(run, line).permute(1, 2, 0).numpy()
        assert np.array_equal(again, pictures[line.file]), line


def test_sampling_anew_gives_the_same_bytes(trained):
    run, release = trained
    wishes = Wishes(prompts=5, batch_size=2)
    sample(run, release, wishes)
    before = stored(run.samples)
    for path in run.samples.rglob("*.png"):
        path.unlink()
    assert sample(run, release, wishes).painted == 20
    assert stored(run.samples) == before


@pytest.mark.parametrize("batch_size", [1, 3, 8])
def test_a_picture_differs_by_at_most_one_level_between_batch_sizes(trained, batch_size):
    run, release = trained
    sample(run, release, Wishes(prompts=5, batch_size=4))
    expected = levels(run.samples)
    sample(run, release, Wishes(prompts=5, batch_size=batch_size))
    for file, picture in levels(run.samples).items():
        assert np.abs(picture - expected[file]).max() <= 1, file


def test_the_noise_follows_from_seed_and_prompt_index_alone(trained):
    run, release = trained
    sample(run, release, Wishes(prompts=6, batch_size=4))
    many = levels(run.samples)
    sample(run, release, Wishes(prompts=2, batch_size=4))
    few = levels(run.samples)
    assert len(few) == 8
    assert all(np.array_equal(picture, many[file]) for file, picture in few.items())
    sample(run, release, Wishes(prompts=2, batch_size=4, seed=1))
    assert not any(np.array_equal(picture, few[file]) for file, picture in levels(run.samples).items())


def test_a_second_call_paints_nothing(trained):
    run, release = trained
    sample(run, release, Wishes(prompts=3))
    before = stored(run.samples)
    assert sample(run, release, Wishes(prompts=3)).painted == 0
    assert stored(run.samples) == before


def test_an_interrupted_call_is_finished_batch_by_batch(trained):
    run, release = trained
    wishes = Wishes(prompts=6, batch_size=2)
    sample(run, release, wishes)
    before = stored(run.samples)
    manifest = run.samples / "manifest.jsonl"
    lines = manifest.read_text().splitlines(keepends=True)
    manifest.write_text("".join(lines[:16]) + lines[16][:20])
    (run.samples / "original/8px/0001.png").unlink()
    assert sample(run, release, wishes).painted == 4 + 8
    assert stored(run.samples) == before


def test_further_training_repaints_only_the_finetuned_pictures(trained, train_run):
    run, release = trained
    sample(run, release, Wishes(prompts=2))
    train_run(Workspace.find(run.folder), steps=13)
    done = sample(find_run(run.folder.parent), release, Wishes(prompts=2))
    assert (done.painted, done.step) == (4, 13)


def test_what_was_asked_for_stands_in_the_manifest(trained):
    run, release = trained
    sample(run, release, Wishes(prompts=1, seed=9, batch_size=3, steps=7, guidance=1.5))
    base, upsampled = read_manifest(run.samples)[:2]
    assert (base.seed, base.batch_size, base.steps, base.respacing, base.guidance) == (9, 3, 7, "7", 1.5)
    assert (upsampled.seed, upsampled.steps, upsampled.guidance, upsampled.temperature) == (9, 10, 1.0, 0.997)
    assert upsampled.low_res == base.file
    assert base.threads == run.machine.threads
    assert asdict(base).keys() >= {
        "sample_id", "image_id", "prompt", "role", "model", "resolution", "file", "seed", "sampler", "steps",
        "guidance", "checkpoint", "batch_size", "dtype", "threads",
    }  # fmt: skip


def test_a_prompt_keeps_its_characters(place, samples, write_release, train_run):
    workspace = place(steps=1)
    rows = [replace(row, caption='a "dog" 犬\nsat', split="train") for row in samples(2, 0)]
    release = write_release(workspace, rows, "v2")
    run = train_run(workspace).run
    sample(run, release, Wishes(prompts=1, steps=2))
    line = json.loads((run.samples / "manifest.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert line["prompt"] == 'a "dog" 犬\nsat'


def test_a_run_without_a_step_is_not_sampled(place, train_run):
    workspace = place(learning_rate=1e30)
    with pytest.raises(InputError, match="not finite"):
        train_run(workspace, steps=20)
    with pytest.raises(InputError, match="no trained weights"):
        sample(find_run(workspace.runs), read_release(workspace.releases / "v1"), Wishes())


def test_damaged_weights_are_named(trained):
    run, release = trained
    path = all_checkpoints(run.checkpoints)[-1].folder / "base.ema.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match=r"base\.ema\.safetensors"):
        sample(run, release, Wishes(prompts=1))
