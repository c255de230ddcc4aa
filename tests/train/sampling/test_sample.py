import os
from dataclasses import replace

import numpy as np
import pytest

from curator.errors import InputError
from curator.release import read_release
from curator.workspace import Workspace
from train.checkpoint import all_checkpoints
from train.runs import find_run
from train.sampling.manifest import read_manifest
from train.sampling.prompts import choose_prompts
from train.sampling.recipe import Wishes
from train.sampling.repaint import Found, repaint
from train.sampling.sample import sample


@pytest.fixture
def ants(trained):
    """A run and its release."""
    return find_run(trained.runs), read_release(trained.releases / "v1")


@pytest.fixture
def paint():
    """`paint(run, release, 5, batch_size=4)`: sample so many captions."""

    def call(run, release, count, **wishes):
        return sample(run, choose_prompts(release, count), Wishes(**wishes))

    return call


@pytest.fixture
def pictures(levels):
    """The pictures of a folder by their names in its manifest."""
    return lambda folder: {line.file: levels(folder / line.file) for line in read_manifest(folder)}


def test_both_models_paint_both_sizes_of_every_prompt(ants, paint, levels):
    run, release = ants
    done = paint(run, release, 5, batch_size=4)
    lines = read_manifest(run.samples)
    assert (done.pictures, done.painted, done.step) == (20, 20, 12)
    assert [line.model for line in lines] == ["original"] * 10 + ["finetuned"] * 10
    assert {(line.resolution, line.sampler, line.steps, line.guidance) for line in lines} == {
        (8, "ddim", 20, 3.0), (16, "ddim", 10, 1.0),
    }  # fmt: skip
    for line in lines:
        assert levels(run.samples / line.file).shape == (line.resolution, line.resolution, 3)
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
    assert {line.run for line in lines} == {run.name}


def test_training_changes_the_pictures_and_prompts_differ(ants, paint, pictures):
    run, release = ants
    paint(run, release, 3)
    found = pictures(run.samples)
    for size in ("8px", "16px"):
        finetuned = [found[f"finetuned/{size}/{index:04}.png"] for index in range(3)]
        assert not np.array_equal(finetuned[0], found[f"original/{size}/0000.png"])
        assert not np.array_equal(finetuned[0], finetuned[1])


def test_a_picture_comes_back_from_its_line_bit_for_bit(ants, paint):
    run, release = ants
    paint(run, release, 6, batch_size=4)
    again = list(repaint([Found(run.samples, line) for line in read_manifest(run.samples)]))
    assert len(again) == 24
    assert [each.found.line.file for each in again if not each.same] == []


def test_sampling_anew_gives_the_same_bytes(ants, paint, stored):
    run, release = ants
    paint(run, release, 5, batch_size=2)
    before = stored(run.samples)
    assert "grid.png" in before
    for path in run.samples.rglob("*.png"):
        path.unlink()
    assert paint(run, release, 5, batch_size=2).painted == 20
    assert stored(run.samples) == before


def test_a_picture_differs_by_at_most_one_level_between_batch_sizes(ants, paint, pictures):
    run, release = ants
    found = []
    for batch_size in (4, 1, 3, 8):
        for path in run.samples.glob("manifest.jsonl"):
            path.unlink()
        assert paint(run, release, 5, batch_size=batch_size).painted == 20
        found.append(pictures(run.samples))
        assert {line.batch_size for line in read_manifest(run.samples)} == {8 if batch_size > 4 else 4}
    for file, picture in found[0].items():
        assert max(np.abs(picture - other[file]).max() for other in found[1:]) <= 1, file


def test_the_noise_follows_from_seed_index_and_take_alone(ants, paint, pictures):
    run, release = ants
    paint(run, release, 6, batch_size=4, per_prompt=2)
    many = pictures(run.samples)
    paint(run, release, 2, batch_size=4)
    few = pictures(run.samples)
    assert (len(many), len(few)) == (48, 8)
    assert all(np.array_equal(picture, many[file]) for file, picture in few.items())
    assert not any(np.array_equal(picture, many[file.replace(".png", "-01.png")]) for file, picture in few.items())
    paint(run, release, 2, batch_size=4, seed=1)
    assert not any(np.array_equal(picture, few[file]) for file, picture in pictures(run.samples).items())


def test_a_second_call_paints_nothing_whatever_the_batch_size(ants, paint, stored):
    run, release = ants
    paint(run, release, 3)
    before = stored(run.samples)
    assert paint(run, release, 3).painted == 0
    assert paint(run, release, 3, batch_size=2).painted == 0
    assert stored(run.samples) == before


def test_an_interrupted_call_is_finished_picture_by_picture(ants, paint, stored):
    run, release = ants
    paint(run, release, 6, batch_size=2)
    before = stored(run.samples)
    manifest = run.samples / "manifest.jsonl"
    lines = manifest.read_text().splitlines(keepends=True)
    manifest.write_text("".join(lines[:16]) + lines[16][:20])
    (run.samples / "original/8px/0001.png").unlink()
    assert paint(run, release, 6, batch_size=2).painted == 2 + 8
    assert stored(run.samples) == before


def test_what_a_killed_process_left_in_the_manifest_spoils_nothing(ants, paint, stored):
    """Half a line at the end, and nothing else: what is added next begins a line of its own."""
    run, release = ants
    paint(run, release, 2, upsample=False)
    with (run.samples / "manifest.jsonl").open("a") as file:
        file.write('{"sample_id": "half')
    assert paint(run, release, 2).painted == 4
    assert len(read_manifest(run.samples)) == 8


def test_what_is_not_asked_for_any_more_is_removed(ants, paint, stored):
    run, release = ants
    paint(run, release, 3, per_prompt=2)
    (run.samples / "original" / "leftover.png").write_bytes(b"")
    paint(run, release, 2, upsample=False)
    assert stored(run.samples).keys() == {
        "manifest.jsonl", "grid.png", "original/8px/0000.png", "original/8px/0001.png", "finetuned/8px/0000.png",
        "finetuned/8px/0001.png",
    }  # fmt: skip


def test_the_grid_shows_what_is_in_the_manifest_and_nothing_else(ants, paint, stored):
    run, release = ants
    paint(run, release, 2)
    few = stored(run.samples)
    paint(run, release, 4)
    assert stored(run.samples)["grid.png"] != few["grid.png"]
    assert paint(run, release, 2).painted == 0
    assert stored(run.samples) == few


@pytest.mark.parametrize("left", ["older", "none", "another sheet"])
def test_a_grid_that_was_not_written_in_time_is_written_by_the_next_call(ants, paint, stored, left):
    """As after Ctrl-C between the last batch and the grid."""
    run, release = ants
    paint(run, release, 1)
    before = stored(run.samples)
    grid, manifest = run.samples / "grid.png", run.samples / "manifest.jsonl"
    if left == "older":
        grid.write_bytes(b"of fewer pictures")
        os.utime(grid, ns=(0, manifest.stat().st_mtime_ns - 1))
    else:
        grid.rename(grid.with_name("grid-2.png" if left == "another sheet" else "gone.png"))
    assert paint(run, release, 1).painted == 0
    assert stored(run.samples) == before


def test_a_grid_that_is_up_to_date_is_left_alone(ants, paint):
    run, release = ants
    paint(run, release, 1)
    written = (run.samples / "grid.png").stat().st_ino
    paint(run, release, 1)
    assert (run.samples / "grid.png").stat().st_ino == written


def test_other_guidance_of_the_base_model_repaints_the_upsampled_pictures_too(ants, paint):
    run, release = ants
    paint(run, release, 2)
    assert paint(run, release, 2, guidance=1.5).painted == 8


def test_further_training_repaints_only_the_finetuned_pictures(ants, paint, train_run):
    run, release = ants
    paint(run, release, 2)
    train_run(Workspace.find(run.folder), steps=13)
    done = paint(find_run(run.folder.parent), release, 2)
    assert (done.painted, done.step) == (4, 13)


def test_what_was_asked_for_stands_in_the_manifest(ants, paint):
    run, release = ants
    asked = {
        "sampler": "ddim", "eta": 0.5, "guidance": 1.5, "guidance_interval": (100, 900), "guidance_rescale": 0.7,
        "dynamic_threshold": 99.5, "seed": 9, "batch_size": 8, "steps": 7,
    }  # fmt: skip
    paint(run, release, 1, **asked, upsampler_sampler="heun", upsampler_steps=3, upsample_temp=0.9)
    base, upsampled = read_manifest(run.samples)[:2]
    assert {name: getattr(base, name) for name in asked} == asked
    assert base.respacing == "7"
    assert (upsampled.seed, upsampled.sampler, upsampled.steps, upsampled.respacing) == (9, "heun", 3, "3")
    assert (upsampled.guidance, upsampled.temperature, upsampled.guidance_interval) == (1.0, 0.9, None)
    assert upsampled.low_res == base.file
    assert (base.threads, base.device, base.dtype) == (run.machine.threads, "cpu", "float32")
    assert all(each.same for each in repaint([Found(run.samples, line) for line in (base, upsampled)]))


def test_a_run_is_sampled_in_the_precision_it_trained_in(place, train_run, paint):
    workspace = place(steps=1, precision="bfloat16")
    run, release = train_run(workspace).run, read_release(workspace.releases / "v1")
    paint(run, release, 1, steps=2)
    assert {line.dtype for line in read_manifest(run.samples)} == {"bfloat16"}
    paint(run, release, 1, steps=2, precision="float32")
    assert {line.dtype for line in read_manifest(run.samples)} == {"float32"}


def test_a_prompt_keeps_its_characters(place, samples, write_release, train_run, paint):
    workspace = place(steps=1)
    caption = 'a "dog" 犬\nsat\u2028down'
    rows = [replace(row, caption=caption, split="train") for row in samples(2, 0)]
    release = write_release(workspace, rows, "v2")
    run = train_run(workspace).run
    paint(run, release, 1, steps=2)
    assert read_manifest(run.samples)[0].prompt == caption
    assert paint(run, release, 1, steps=2).painted == 0


def test_a_run_without_a_step_is_not_sampled(place, train_run, paint):
    workspace = place(learning_rate=1e30)
    with pytest.raises(InputError, match="not finite"):
        train_run(workspace, steps=20)
    with pytest.raises(InputError, match="no trained weights"):
        paint(find_run(workspace.runs), read_release(workspace.releases / "v1"), 1)


def test_damaged_weights_are_named(ants, paint):
    run, release = ants
    path = all_checkpoints(run.checkpoints)[-1].folder / "base.ema.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match=r"base\.ema\.safetensors"):
        paint(run, release, 1)


def test_clip_guidance_of_a_run_needs_its_size(ants, paint, ant_weights, tmp_path):
    run, release = ants
    wishes = {"clip_guidance": 2.0, "steps": 3, "upsampler_steps": 2}
    prompts = choose_prompts(release, 1)
    sample(run, prompts, Wishes(**wishes), ant_weights)
    base, upsampled = read_manifest(run.samples)[:2]
    assert (base.clip_guidance, base.guidance, upsampled.clip_guidance, upsampled.clip) == (2.0, 1.0, 0.0, None)
    assert base.clip is not None
    with pytest.raises(InputError, match=r"clip_text_enc\.pt"):
        sample(run, prompts, Wishes(**wishes), tmp_path)
