"""`train sample` and `train repaint` as a user types them."""

import json
import os
import signal
import subprocess
import sys
import time
from typing import get_args

import pytest
from PIL import Image

from train.cli import main
from train.glide.samplers import SAMPLERS
from train.sampling.cli import SamplerChoice
from train.sampling.manifest import read_manifest

QUICK = ("--steps", "3", "--upsampler-steps", "2")


@pytest.fixture
def typed(monkeypatch, capsys):
    """`typed("sample", "a dog", cwd=folder)`: a command line of `train` in this process, which has torch already.

    Fails where it does not end with `code`.
    """

    def call(*arguments, cwd, code=0):
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["train", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        assert ended.value.code == code, told
        return told

    return call


@pytest.fixture
def empty(tmp_path):
    """An empty folder, no workspace above it."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def only(folder):
    (found,) = folder.iterdir()
    return found


def test_the_samplers_on_the_command_line_are_those_there_are():
    assert get_args(SamplerChoice) == tuple(SAMPLERS)


def test_prompts_without_a_workspace_are_painted_by_the_released_models(run, empty, ant_weights):
    line = ["train", "sample", "a dog", "two cats", "-n", "2", "--weights", ant_weights, *QUICK]
    done = run(*line, cwd=empty)
    folder = only(empty / "painted")
    assert done.stdout == f"painted 8 of 8 pictures in painted/{folder.name}\n"
    assert "there is no run here: the released models paint" in done.stderr
    assert [line.prompt for line in read_manifest(folder)] == ["a dog"] * 4 + ["two cats"] * 4
    with Image.open(folder / "grid.png") as grid:
        assert grid.width >= 2 * 128
        assert grid.height >= 2 * 128
    again = run(*line, "--batch-size", "1", cwd=empty)
    assert again.stdout == f"all 8 pictures were painted before, in painted/{folder.name}\n"


def test_prompts_from_a_file(typed, empty, ant_weights):
    (empty / "prompts.txt").write_bytes("\ufeffein Hund\r\n\r\n  犬 \n".encode())
    line = ["--file", "prompts.txt", "--no-upsample", "--steps", "2", "--weights", ant_weights, "--model", "released"]
    typed("sample", *line, "--out", "here", cwd=empty)
    assert [line.prompt for line in read_manifest(empty / "here")] == ["ein Hund", "犬"]


def test_a_workspaces_newest_run_paints_prompts(typed, trained):
    done = typed("sample", "a dog", *QUICK, cwd=trained.path)
    folder = only(only(trained.runs) / "painted")
    assert done.out == f"painted 2 of 2 pictures in {folder}\n"
    original = typed("sample", "a dog", "--model", "original", *QUICK, "--out", "original", cwd=trained.path)
    assert "painted 2 of 2" in original.out
    models = [{line.model for line in read_manifest(each)} for each in (folder, trained.path / "original")]
    assert models == [{"finetuned"}, {"original"}]
    assert (folder / "8px" / "0000.png").read_bytes() != (trained.path / "original/8px/0000.png").read_bytes()


def test_captions_of_one_split(typed, trained):
    typed("sample", "--captions", "test", "--count", "2", *QUICK, cwd=trained.path)
    folder = only(trained.runs) / "samples"
    lines = read_manifest(folder)
    assert {(line.role, line.model) for line in lines} == {("test", "original"), ("test", "finetuned")}
    assert len(lines) == 8
    with Image.open(folder / "grid.png") as grid:
        assert grid.width >= 2 * 128


def facts(lines):
    return {(line.prompt, line.sample_id, line.image_id, line.role) for line in lines}


def test_held_out_captions_by_the_released_models(typed, trained, ant_weights, stored):
    from curator.release import read_release

    before = stored(trained.runs)
    line = ["sample", "--captions", "test", "--model", "released", "--weights", ant_weights, *QUICK]
    done = typed(*line, "--count", "2", cwd=trained.path)
    folder = only(trained.path / "painted")
    assert done.out == f"painted 4 of 4 pictures in painted/{folder.name}\n"
    lines = read_manifest(folder)
    assert {(line.model, line.run, line.role) for line in lines} == {("released", None, "test")}
    rows = {row.sample_id: row for row in read_release(trained.releases / "v1").samples}
    assert facts(lines) == {
        (rows[line.sample_id].caption, line.sample_id, rows[line.sample_id].image_id, "test") for line in lines
    }
    assert stored(trained.runs) == before
    assert "painted before" in typed(*line, "--count", "2", cwd=trained.path).out


def test_captions_by_one_pair_of_models_are_those_that_both_paint(typed, trained, ant_weights):
    typed("sample", "--count", "2", *QUICK, cwd=trained.path)
    both = read_manifest(only(trained.runs) / "samples")
    typed("sample", "--count", "2", "--model", "original", *QUICK, cwd=trained.path)
    original = read_manifest(only(only(trained.runs) / "painted"))
    assert {line.model for line in original} == {"original"}
    typed("sample", "--count", "2", "--out", "here", *QUICK, cwd=trained.path)
    finetuned = read_manifest(trained.path / "here")
    assert {line.model for line in finetuned} == {"finetuned"}
    assert facts(both) == facts(original) == facts(finetuned)
    small = only(trained.runs) / "samples/finetuned/8px/0000.png"
    assert small.read_bytes() == (trained.path / "here/8px/0000.png").read_bytes()
    done = typed("repaint", "here/16px/0001.png", cwd=trained.path)
    assert "the same bits" in done.out


def test_captions_are_the_newest_releases_where_there_is_no_run(
    typed, place, samples, write_release, ant_weights, inputs, need, judge_weights, monkeypatch
):
    workspace = place()
    write_release(workspace, samples(2, 1), "v2")
    weights = ["--weights", ant_weights, *QUICK]
    done = typed("sample", "--inpaint", *inputs, "--out", "into", *weights, cwd=workspace.path)
    assert "there is no run here: the released models paint" in done.err
    assert len(facts(read_manifest(workspace.path / "into"))) == 3
    monkeypatch.setenv("CLIP_WEIGHTS", str(judge_weights))
    typed("sample", "--candidates", "2", "--captions", "test", "--out", "best", *weights, cwd=workspace.path)
    lines = read_manifest(workspace.path / "best")
    assert [(line.role, line.choice.candidates) for line in lines] == [("test", 2)] * 3


def test_captions_need_a_workspace(typed, empty, ant_weights):
    done = typed("sample", "--model", "released", "--weights", ant_weights, *QUICK, cwd=empty, code=3)
    assert "no curator.toml" in done.err
    assert list(empty.iterdir()) == []


def test_a_picture_is_painted_into_and_again(typed, empty, ant_weights, inputs):
    weights = ("--weights", ant_weights)
    typed("sample", "a dog", "--inpaint", *inputs, *QUICK, *weights, "--out", "out", cwd=empty)
    for path in inputs:
        path.unlink()
    pictures = sorted((empty / "out").glob("*px/*.png"))
    done = typed("repaint", *pictures, *weights, cwd=empty)
    assert sorted(done.out.splitlines()) == sorted(f"{path}: the same bits" for path in pictures)


def test_clip_guides_what_classifier_free_guidance_does_not(typed, empty, ant_weights):
    typed("sample", "a dog", "--clip-guidance", "3", *QUICK, "--weights", ant_weights, "--out", "out", cwd=empty)
    base, upsampled = read_manifest(empty / "out")
    assert (base.clip_guidance, base.guidance, upsampled.clip_guidance) == (3.0, 1.0, 0.0)
    done = typed("repaint", "out/8px/0000.png", "--weights", ant_weights, cwd=empty)
    assert "the same bits" in done.out


def test_the_best_of_three_candidates(typed, empty, ant_weights, judge_weights, monkeypatch):
    line = ["sample", "a dog", "--candidates", "3", *QUICK, "--weights", ant_weights, "--out", "out"]
    absent = typed(*line, cwd=empty, code=3)
    assert "weights absent" in absent.err
    assert not (empty / "out").exists()
    monkeypatch.setenv("CLIP_WEIGHTS", str(judge_weights))
    done = typed(*line, cwd=empty)
    assert done.out == "painted 4 of 4 pictures in out\n"
    lines = read_manifest(empty / "out")
    assert [line.choice.kept for line in lines] == [True, True, False, False]


def test_repaint_puts_back_what_is_gone_and_tells_what_differs(typed, empty, ant_weights, stored):
    weights = ("--weights", ant_weights)
    typed("sample", "a dog", *QUICK, *weights, "--out", "out", cwd=empty)
    before = stored(empty / "out")
    small, large = empty / "out/8px/0000.png", empty / "out/16px/0000.png"
    small.unlink()
    large.unlink()
    done = typed("repaint", large, small, *weights, cwd=empty)
    assert sorted(done.out.splitlines()) == sorted(f"{path}: painted, it was gone" for path in (small, large))
    assert stored(empty / "out") == before

    with Image.open(small) as picture:
        changed = picture.copy()
    red, green, blue = changed.getpixel((2, 3))
    changed.putpixel((2, 3), (red, green, blue + 7 if blue < 128 else blue - 7))
    changed.save(small)
    done = typed("repaint", small, *weights, "--to", "again", cwd=empty, code=4)
    assert done.out == f"{small}: differs by up to 7 of 255 levels\n"
    assert "1 of 1 pictures have other bits now" in done.err
    assert (empty / "again/8px/0000.png").read_bytes() == before["8px/0000.png"]


def test_a_run_is_found_again_by_a_picture_outside_of_it(typed, trained, empty):
    typed("sample", "a dog", *QUICK, "--out", empty / "out", cwd=trained.path)
    assert "the same bits" in typed("repaint", empty / "out/8px/0000.png", cwd=trained.path).out
    assert "curator init" in typed("repaint", empty / "out/8px/0000.png", cwd=empty, code=3).err


def test_long_prompts_are_told_to_be_cut(typed, empty, ant_weights):
    long = "dog " * 17
    line = ["sample", long, "dog " * 16, "--no-upsample", "--steps", "2", "--weights", ant_weights]
    assert "1 of 2 prompts are longer than 16 tokens" in typed(*line, cwd=empty).err


RELEASED = ["--model", "released"]
REFUSED = {
    "empty prompt": (["a dog", " "], 3, "prompt 2 is empty"),
    "prompt that is no text": (["caf\udce9"], 3, "prompt 1 is not UTF-8"),
    "prompts twice": (["a dog", "--file", "prompts.txt"], 2, "give one of the two"),
    "no such file": (["--file", "nowhere.txt"], 3, "nowhere.txt"),
    "file that is no text": (["--file", "latin.txt"], 3, "latin.txt, line 2: not UTF-8: byte 0xe9 at place 4"),
    "file of blank lines": (["--file", "blank.txt"], 3, "no prompt in it"),
    "folder for a file": (["--file", "."], 3, "directory"),
    "captions for prompts": (["a dog", "--captions", "test"], 2, "--captions has no effect here"),
    "count for prompts": (["a dog", "--count", "3"], 2, "--count has no effect here"),
    "no pictures": (["a dog", "-n", "0"], 2, "-n"),
    "no weights": (["a dog", *RELEASED, "--weights", "."], 3, "train weights fetch base"),
    "run of the released models": (["a dog", *RELEASED, "--run", "v1"], 2, "--run has no effect here"),
    "unknown sampler": (["a dog", "--sampler", "plms"], 2, "plms"),
    "one step": (["a dog", "--steps", "1"], 2, "--steps"),
    "eta of another sampler": (["a dog", "--eta", "1", "--sampler", "heun"], 3, "--eta belongs to the sampler ddim"),
    "eta above one": (["a dog", "--sampler", "ddim", "--eta", "2"], 3, "--eta 2.0 is not in 0..1"),
    "no number": (["a dog", "--guidance", "inf"], 3, "not a finite number"),
    "interval as words": (["a dog", "--guidance-interval", "low:high"], 2, "LOW:HIGH"),
    "interval upside down": (["a dog", "--guidance-interval", "800:200"], 3, "800:200"),
    "interval too high": (["a dog", "--guidance-interval", "0:1000"], 3, "0:999"),
    "interval without guidance": (["a dog", "--guidance", "1", "--guidance-interval", "0:9"], 3, "off at scale 1"),
    "rescale without guidance": (["a dog", "--clip-guidance", "1", "--guidance-rescale", "0.5"], 3, "off at scale 1"),
    "rescale above one": (["a dog", "--guidance-rescale", "7"], 3, "--guidance-rescale 7.0 is not in 0..1"),
    "no percentile": (["a dog", "--dynamic-threshold", "0"], 3, "no percentile"),
    "recipe of no upsampler": (["a dog", "--no-upsample", "--upsample-temp", "1"], 3, "--no-upsample"),
    "no such device": (["a dog", "--device", "mps"], 3, "device mps"),
    "half precision on a processor": (["a dog", "--device", "cpu", "--precision", "float16"], 3, "float16"),
    "mask that is no picture": (["a dog", "--inpaint", "photo.png", "prompts.txt"], 3, "prompts.txt: not readable"),
    "picture that is none": (["a dog", "--inpaint", "prompts.txt", "photo.png"], 3, "prompts.txt: not readable"),
    "picture that is gone": (["a dog", "--inpaint", "gone.png", "photo.png"], 3, "gone.png"),
    "mask without white": (["a dog", "--inpaint", "photo.png", "black.png"], 3, "nothing is white in it"),
    "folder that is a file": (["a dog", "--out", "prompts.txt"], 3, "prompts.txt is no folder"),
    "folder with other things": (["a dog", "--out", "."], 3, "holds other files"),
    "folder with another manifest": (["a dog", "--out", "foreign"], 3, "name a new folder: --out DIR"),
    "folder with a manifest of no text": (["a dog", "--out", "binary"], 3, "name a new folder: --out DIR"),
}


@pytest.fixture
def littered(empty):
    """A folder with files that are no prompts and no masks."""
    (empty / "prompts.txt").write_text("a dog\n")
    (empty / "latin.txt").write_bytes(b"a dog\ncaf\xe9\n")
    (empty / "blank.txt").write_text("\n \n")
    for name, content in (("foreign", b'{"url": "http://example.org"}\n'), ("binary", b"\xff\n")):
        (empty / name).mkdir()
        (empty / name / "manifest.jsonl").write_bytes(content)
    Image.new("RGB", (8, 8), (200, 10, 10)).save(empty / "photo.png")
    Image.new("L", (8, 8), 0).save(empty / "black.png")
    return empty


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_painted_is_one_clear_message(littered, typed, ant_weights, stored, case):
    arguments, code, said = REFUSED[case]
    weights = [] if "--weights" in arguments else ["--weights", ant_weights]
    before = stored(littered)
    done = typed("sample", *arguments, *weights, cwd=littered, code=code)
    assert said in done.err
    assert done.out == ""
    assert stored(littered) == before
    assert not (littered / "painted").exists()


IN_A_WORKSPACE = {
    "run of released captions": (["--model", "released", "--run", "v1"], 2, "--run has no effect here"),
    "weights of a run": (["--model", "original", "--weights", "x"], 2, "--weights has no effect here"),
    "judge for captions": (["--candidates", "2"], 3, "weights absent"),
    "painting into a picture by a run": (["--inpaint", "x", "y"], 3, "lack it"),
    "weights without use": (["a dog", "--weights", "x"], 2, "--weights has no effect here"),
    "weights for captions": (["--weights", "x"], 2, "--weights has no effect here"),
    "unknown run": (["a dog", "--run", "v9"], 3, "no run is called 'v9'"),
    "no noised CLIP": (["a dog", "--clip-guidance", "2", "--weights", "."], 3, "train weights fetch clip-text-enc"),
}


@pytest.mark.parametrize("case", IN_A_WORKSPACE)
def test_what_a_run_cannot_paint_is_one_clear_message(trained, typed, stored, case):
    arguments, code, said = IN_A_WORKSPACE[case]
    before = stored(trained.path)
    done = typed("sample", *arguments, cwd=trained.path, code=code)
    assert said in done.err
    assert done.out == ""
    assert stored(trained.path) == before


def test_a_clip_for_other_pictures_is_refused(typed, place, train_run, settings, ant_weights):
    workspace = place(steps=1, base={**settings()["base"], "image_size": 4, "attention_resolutions": "2"})
    train_run(workspace)
    line = ["sample", "a dog", "--clip-guidance", "2", "--weights", ant_weights]
    assert "image size 4, not 8" in typed(*line, cwd=workspace.path, code=2).err


@pytest.mark.parametrize(
    ("picture", "said"),
    [("elsewhere.png", "no manifest.jsonl"), ("out/16px/9999.png", "does not name it")],
    ids=["no manifest", "not in it"],
)
def test_only_what_was_sampled_is_repainted(typed, empty, ant_weights, picture, said):
    weights = ("--weights", ant_weights)
    typed("sample", "a dog", "--steps", "2", "--no-upsample", *weights, "--out", "out", cwd=empty)
    assert said in typed("repaint", picture, *weights, cwd=empty, code=3).err


@pytest.fixture
def albums(typed, empty, ant_weights):
    """Two folders `dogs` and `cats`, each with a small picture of the same name."""
    for name in ("dog", "cat"):
        line = ["sample", f"a {name}", "--steps", "2", "--no-upsample", "--weights", ant_weights]
        typed(*line, "--out", f"{name}s", cwd=empty)
    return empty


DOG, CAT = "dogs/8px/0000.png", "cats/8px/0000.png"


@pytest.mark.parametrize(
    ("pictures", "to", "said"),
    [
        ((DOG, CAT), "new", "would both become new/8px/0000.png"),
        ((DOG,), "dogs", "name another folder"),
        ((DOG,), "cats", "name another folder"),
        ((DOG,), "cats/more/of", "name another folder"),
        ((DOG,), "link", "name another folder"),
    ],
    ids=["two of one name", "its own", "another album", "below another album", "a link to one"],
)
def test_repainting_never_overwrites_what_is_there(albums, typed, ant_weights, stored, pictures, to, said):
    (albums / "link").symlink_to("cats")
    before = stored(albums)
    done = typed("repaint", *pictures, "--to", to, "--weights", ant_weights, cwd=albums, code=3)
    assert said in done.err
    assert done.out == ""
    assert stored(albums) == before


def test_a_picture_named_twice_is_repainted_once(albums, typed, ant_weights, levels):
    done = typed("repaint", DOG, albums / DOG, "--to", "new", "--weights", ant_weights, cwd=albums)
    assert done.out == f"{albums / DOG}: the same bits\n"
    assert (levels(albums / "new/8px/0000.png") == levels(albums / DOG)).all()


def test_a_folder_is_painted_by_one_process_at_a_time(typed, empty, ant_weights):
    from filelock import FileLock

    (empty / "out").mkdir()
    with FileLock(empty / "out" / ".lock"):
        line = ["sample", "a dog", *QUICK, "--weights", ant_weights, "--out", "out"]
        assert "in use by another process" in typed(*line, cwd=empty, code=3).err
    typed(*line, cwd=empty)


def test_ctrl_c_stops_and_the_same_command_goes_on(run, empty, ant_weights, stored):
    line = ["sample", "a dog", "-n", "12", "--steps", "40", "--no-upsample", "--batch-size", "1"]
    line = ["train", *line, "--weights", str(ant_weights), "--out"]
    # A process started in the background ignores Ctrl-C; this one is to hear it whoever starts the tests.
    heard = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", *line, "out"], cwd=empty, env=os.environ, stderr=subprocess.PIPE, **heard
    )
    manifest = empty / "out" / "manifest.jsonl"
    while not (manifest.is_file() and manifest.read_text()) and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told.decode()
    assert "Traceback" not in told.decode()
    painted = len(read_manifest(empty / "out"))
    assert 0 < painted < 12
    assert run(*line, "out", cwd=empty).stdout == f"painted {12 - painted} of 12 pictures in out\n"
    run(*line, "whole", cwd=empty)
    assert stored(empty / "out") == stored(empty / "whole")


def test_the_manifest_is_json_lines(typed, empty, ant_weights):
    typed("sample", 'a "dog"', *QUICK, "--weights", ant_weights, "--out", "out", cwd=empty)
    lines = (empty / "out" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["prompt"] for line in lines] == ['a "dog"'] * 2
