"""Prompts painted into a folder of their own: by released models and by a run's."""

import json
import shutil

import numpy as np
import pytest
import torch

import train.sampling.sample as painting
from curator.errors import CuratorError, InputError
from curator.files import sha256_file
from train.runs import find_run
from train.sampling.manifest import read_manifest
from train.sampling.painter import Painter
from train.sampling.plan import slug
from train.sampling.prompts import given_prompts
from train.sampling.recipe import Wishes
from train.sampling.repaint import Found, repaint
from train.sampling.sample import Order, paint
from train.sampling.sources import clip_files, published
from train.sampling.sources import trained as sources_of

QUICK = {"steps": 3, "upsampler_steps": 2}


@pytest.fixture
def paint_ants(ant_weights, tmp_path, monkeypatch):
    """`paint_ants(["a dog"], per_prompt=2)`: paint by the released models for ants, beneath an empty folder.

    In float32, whichever type this machine is faster in.
    """
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def call(texts, out=None, inpaint=None, weights=ant_weights, **wishes):
        wishes = Wishes(**{**QUICK, "precision": "float32", **wishes})
        source = published(weights, wishes.upsample, inpaint is not None)
        return paint(Order(given_prompts(texts), source, wishes, out, ant_weights, inpaint))

    return call


def again(folder, weights):
    """Files of the folder's pictures that do not come back bit for bit."""
    lines = read_manifest(folder)
    assert lines
    found = list(repaint([Found(folder, line) for line in lines], weights))
    assert len(found) == len(lines)
    return [each.found.line.file for each in found if not each.same]


def test_each_prompt_is_painted_as_often_as_asked(paint_ants, ant_weights, levels):
    done = paint_ants(["a dog", "two cats"], per_prompt=3)
    assert (done.pictures, done.painted) == (12, 12)
    assert done.folder.parent.name == "painted"
    assert done.folder.name.startswith("a-dog-")
    lines = read_manifest(done.folder)
    assert [(line.prompt, line.take, line.resolution) for line in lines] == [
        (text, take, px) for text in ("a dog", "two cats") for take in range(3) for px in (8, 16)
    ]
    assert {(line.model, line.run, line.sample_id) for line in lines} == {("released", None, None)}
    small = [levels(done.folder / line.file) for line in lines if line.resolution == 8]
    assert all(not np.array_equal(one, other) for k, one in enumerate(small) for other in small[:k])
    assert again(done.folder, ant_weights) == []


def test_the_released_recipe_is_the_default(paint_ants):
    lines = read_manifest(paint_ants(["a dog"], steps=None, upsampler_steps=None).folder)
    assert [(line.sampler, line.respacing, line.steps, line.guidance, line.temperature) for line in lines] == [
        ("ancestral", "100", 100, 3.0, 1.0), ("ddim", "fast27", 27, 1.0, 0.997),
    ]  # fmt: skip


def test_the_same_order_finds_its_folder_and_paints_nothing(paint_ants, stored):
    done = paint_ants(["a dog"], per_prompt=2)
    before = stored(done.folder)
    second = paint_ants(["a dog"], per_prompt=2, batch_size=1)
    assert (second.folder, second.painted, second.pictures) == (done.folder, 0, 4)
    assert stored(done.folder) == before
    (done.folder / "16px" / "0000-01.png").unlink()
    (done.folder / "grid.png").unlink()
    assert paint_ants(["a dog"], per_prompt=2).painted == 1
    assert stored(done.folder) == before


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1}, {"steps": 4}, {"sampler": "dpmpp-2m"}, {"guidance": 2.0}, {"clip_guidance": 1.0},
        {"guidance_interval": (0, 100)}, {"guidance_rescale": 0.5}, {"dynamic_threshold": 90.0}, {"upsample": False},
        {"upsampler_sampler": "heun"}, {"upsampler_steps": 3}, {"upsample_temp": 0.9}, {"per_prompt": 2},
        {"precision": "bfloat16"}, {"sampler": "ddim", "eta": 0.5},
    ],
    ids=lambda change: " ".join(change),
)  # fmt: skip
def test_whatever_changes_a_picture_changes_the_folder(paint_ants, change):
    usual = paint_ants(["a dog"])
    other = paint_ants(["a dog"], **{"upsampler_steps": None} if "upsample" in change else {}, **change)
    assert usual.folder != other.folder
    small, large = (
        (usual.folder / file).read_bytes() == (other.folder / file).read_bytes()
        if (other.folder / file).exists()
        else None
        for file in ("8px/0000.png", "16px/0000.png")
    )
    assert small == (change == {"per_prompt": 2} or all(name.startswith("upsample") for name in change))
    assert large == {"per_prompt": True, "upsample": None}.get(next(iter(change)), False)


@pytest.mark.parametrize("batch_size", [1, 8])
def test_batch_sizes_change_a_picture_by_at_most_one_level(paint_ants, levels, tmp_path, batch_size):
    asked = {"per_prompt": 3, "clip_guidance": 1.0, "guidance": 2.0, "dynamic_threshold": 99.0}
    usual = paint_ants(["a dog", "two cats"], **asked)
    other = paint_ants(["a dog", "two cats"], tmp_path / "other", **asked, batch_size=batch_size)
    for line in read_manifest(usual.folder):
        assert np.abs(levels(usual.folder / line.file) - levels(other.folder / line.file)).max() <= 1, line.file


def test_faster_convolutions_change_nothing_of_this(paint_ants, wide_weights, levels, tmp_path):
    usual = paint_ants(["a dog", "two cats"], weights=wide_weights, per_prompt=3)
    assert {line.winograd for line in read_manifest(usual.folder)} == {True}
    assert again(usual.folder, wide_weights) == []
    other = paint_ants(["a dog", "two cats"], tmp_path / "other", weights=wide_weights, per_prompt=3, batch_size=8)
    for line in read_manifest(usual.folder):
        assert np.abs(levels(usual.folder / line.file) - levels(other.folder / line.file)).max() <= 1, line.file


def test_up_to_three_pictures_cost_no_more_than_themselves(paint_ants):
    assert {line.batch_size for line in read_manifest(paint_ants(["a dog"]).folder)} == {1}
    assert {line.batch_size for line in read_manifest(paint_ants(["a dog", "a cat"], per_prompt=2).folder)} == {4}


def test_guidance_is_classifier_free_or_clips_or_both(paint_ants, ant_weights):
    neither, clip, both = (
        paint_ants(["a dog"], upsample=False, upsampler_steps=None, **asked).folder
        for asked in ({"guidance": 1.0}, {"clip_guidance": 3.0}, {"clip_guidance": 3.0, "guidance": 2.0})
    )
    assert [read_manifest(folder)[0].guidance for folder in (neither, clip, both)] == [1.0, 1.0, 2.0]
    assert len({(folder / "8px" / "0000.png").read_bytes() for folder in (neither, clip, both)}) == 3
    for folder in (clip, both):
        assert again(folder, ant_weights) == []


def test_small_pictures_alone(paint_ants):
    done = paint_ants(["a dog"], upsample=False, upsampler_steps=None)
    assert [line.resolution for line in read_manifest(done.folder)] == [8]
    assert not (done.folder / "16px").exists()


def test_every_sampler_paints_and_repaints(paint_ants, ant_weights):
    from train.glide.samplers import SAMPLERS

    pictures = set()
    for name in SAMPLERS:
        done = paint_ants(["a dog"], steps=8, sampler=name, upsampler_sampler=name)
        assert again(done.folder, ant_weights) == []
        pictures.add((done.folder / "8px" / "0000.png").read_bytes())
    assert len(pictures) == len(SAMPLERS)


def test_painting_into_a_picture_keeps_what_is_known(paint_ants, inputs, ant_weights, levels):
    done = paint_ants(["a dog"], inpaint=inputs, per_prompt=2)
    lines = read_manifest(done.folder)
    assert [(line.sampler, line.guidance) for line in lines[:2]] == [("ancestral", 5.0), ("ancestral", 1.0)]
    files = lines[0].inpaint
    assert (done.folder / files.picture).read_bytes() == inputs[0].read_bytes()
    assert (done.folder / files.mask).read_bytes() == inputs[1].read_bytes()

    from PIL import Image, ImageOps

    square = np.asarray(ImageOps.fit(Image.open(inputs[0]).convert("RGB"), (16, 16), Image.Resampling.LANCZOS))
    small = square.reshape(8, 2, 8, 2, 3).mean((1, 3)).round().astype(int)
    for stem in ("0000", "0000-01"):
        at_8, at_16 = (levels(done.folder / f"{px}px" / f"{stem}.png") for px in (8, 16))
        assert np.array_equal(at_8[:, 4:], small[:, 4:])
        assert np.array_equal(at_16[:, 8:], square[:, 8:])
        assert not np.array_equal(at_8[:, :4], small[:, :4])
        assert not np.array_equal(at_16[:, :8], square[:, :8])
    assert again(done.folder, ant_weights) == []


def test_a_changed_input_is_noticed(paint_ants, inputs, ant_weights):
    done = paint_ants(["a dog"], inpaint=inputs)
    line = read_manifest(done.folder)[0]
    (done.folder / line.inpaint.mask).write_bytes(inputs[0].read_bytes())
    with pytest.raises(InputError, match="was changed"):
        list(repaint([Found(done.folder, line)], ant_weights))
    assert paint_ants(["a dog"], inpaint=inputs).painted == 0
    assert next(iter(repaint([Found(done.folder, line)], ant_weights))).same


def test_painting_into_a_picture_needs_models_that_can(trained, inputs):
    run = find_run(trained.runs)
    order = Order(given_prompts(["a dog"]), sources_of(run)["finetuned"], Wishes(**QUICK), inpaint=inputs)
    with pytest.raises(InputError, match="finetuned base and upsampler lack it") as caught:
        paint(order)
    assert "train weights fetch base-inpaint upsample-inpaint" in caught.value.hint
    assert not (run.folder / "painted").exists()


def test_a_run_that_learned_inpainting_can_inpaint(place, train_run, inputs, settings):
    changes = {name: {**settings()[name], "inpaint": True} for name in ("base", "upsampler")}
    run = train_run(place(steps=1, **changes)).run
    done = paint(Order(given_prompts(["a dog"]), sources_of(run)["finetuned"], Wishes(**QUICK), inpaint=inputs))
    assert done.folder.parent == run.folder / "painted"
    assert again(done.folder, None) == []


def test_the_best_of_several_candidates_is_kept(paint_ants, ant_weights, judge_weights, monkeypatch, stored):
    monkeypatch.setenv("CLIP_WEIGHTS", str(judge_weights))
    done = paint_ants(["a dog", "two cats"], per_prompt=2, candidates=3)
    lines = read_manifest(done.folder)
    small, large = ([line for line in lines if line.resolution == px] for px in (8, 16))
    assert (len(small), len(large), done.painted) == (12, 4, 16)
    for index in (0, 1):
        of_prompt = [line for line in small if line.prompt_index == index]
        assert [line.choice.place for line in of_prompt] == [1, 2, 3, 4, 5, 6]
        scores = [line.choice.score for line in of_prompt]
        assert scores == sorted(scores, reverse=True)
        assert len(set(scores)) == 6
        kept = [line.take for line in of_prompt if line.choice.kept]
        assert kept == [line.take for line in of_prompt[:2]]
        assert kept == [line.take for line in large if line.prompt_index == index]
    assert {line.choice.judge for line in lines} == {"CLIP-tiny-judge"}
    before = stored(done.folder)
    assert again(done.folder, ant_weights) == []
    assert paint_ants(["a dog", "two cats"], per_prompt=2, candidates=3).painted == 0
    assert stored(done.folder) == before


def test_candidates_are_scored_as_the_judge_scores_them(paint_ants, judge_weights, monkeypatch):
    from PIL import Image

    from curator.encoders import clip

    monkeypatch.setenv("CLIP_WEIGHTS", str(judge_weights))
    done = paint_ants(["a dog"], candidates=3, upsample=False, upsampler_steps=None)
    judge = clip()
    (text,) = judge.encode_texts(["a dog"])
    for line in read_manifest(done.folder):
        with Image.open(done.folder / line.file) as picture:
            (row,) = judge.encode_images([picture.convert("RGB")])
        assert line.choice.score == pytest.approx(float(row @ text), abs=1e-5)
        assert line.choice.judge_sha256 == judge.digest


def test_a_damaged_candidate_is_named(paint_ants, judge_weights, monkeypatch):
    monkeypatch.setenv("CLIP_WEIGHTS", str(judge_weights))
    done = paint_ants(["a dog"], candidates=2, upsample=False, upsampler_steps=None)
    picture = done.folder / "8px" / "0000.png"
    picture.write_bytes(picture.read_bytes()[:-40])
    with pytest.raises(InputError, match=r"8px/0000\.png: not readable as a picture"):
        paint_ants(["a dog"], candidates=2, upsample=False, upsampler_steps=None)


def test_without_a_judge_nothing_is_painted(paint_ants, need):
    need("eval")
    with pytest.raises(InputError, match="weights absent"):
        paint_ants(["a dog"], candidates=2)


def test_a_folder_with_other_things_is_left_alone(paint_ants, tmp_path, stored):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "0000.png").write_bytes(b"precious")
    with pytest.raises(InputError, match="holds other files"):
        paint_ants(["a dog"], folder)
    assert stored(folder) == {"0000.png": b"precious"}
    done = paint_ants(["a dog"], tmp_path / "new")
    before = stored(done.folder)
    with pytest.raises(InputError, match="asked for in another way"):
        paint_ants(["a cat"], tmp_path / "new")
    assert stored(done.folder) == before
    assert paint_ants(["a dog", "a cat"], tmp_path / "new").painted == 2
    with pytest.raises(InputError, match="is no folder"):
        paint_ants(["a dog"], done.folder / "grid.png")


def test_what_another_process_has_just_painted_into_a_new_folder_stays(paint_ants, tmp_path, monkeypatch, stored):
    folder, held = tmp_path / "new", painting.held
    before = {}

    def overtaken(path, called):
        monkeypatch.setattr(painting, "held", held)
        paint_ants(["a cat"], folder)
        before.update(stored(folder))
        return held(path, called)

    monkeypatch.setattr(painting, "held", overtaken)
    with pytest.raises(InputError, match="asked for in another way"):
        paint_ants(["a dog"], folder)
    assert stored(folder) == before


def test_too_little_memory_of_a_gpu_is_one_clear_message(paint_ants, ant_weights, tmp_path, monkeypatch):
    done = paint_ants(["a dog"])

    def too_much(*_):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(Painter, "paint", too_much)
    with pytest.raises(InputError, match="device cpu has too little memory") as caught:
        paint_ants(["a dog"], tmp_path / "other")
    assert "a smaller --batch-size" in caught.value.hint
    with pytest.raises(InputError, match="paint 16 px, 1 at a time"):
        again(done.folder, ant_weights)


@pytest.fixture
def recorded(ant_weights, tmp_path):
    """`recorded("base")`: a copy of the weights with another sha256 recorded beside the file of that name."""

    def copy(name):
        folder = tmp_path / "recorded"
        shutil.copytree(ant_weights, folder)
        for path in folder.iterdir():
            digest = "0" * 64 if path.stem == name else sha256_file(path)
            path.with_name(f"{path.name}.sha256").write_text(f"{digest.upper()}  {path.name}\n")
        return folder

    return copy


@pytest.mark.parametrize("name", ["base", "upsample", "clip_text_enc", "clip_image_enc"])
def test_weights_that_are_not_as_they_were_recorded_are_refused(paint_ants, ant_weights, recorded, name):
    done = paint_ants(["a dog"], clip_guidance=1.0)
    folder = recorded(name)
    file = folder / f"{name}.safetensors"
    with pytest.raises(InputError) as painted:
        clip_files(folder) if name.startswith("clip") else published(folder)
    with pytest.raises(InputError) as repainted:
        again(done.folder, folder)
    for caught in (painted, repainted):
        assert caught.value.message == f"{file}: its sha256 is {sha256_file(file)}, recorded was {'0' * 64}"
        assert "delete it and fetch it again, train weights fetch" in caught.value.hint


def test_weights_as_they_were_recorded_are_taken(paint_ants, recorded):
    folder = recorded(None)
    assert again(paint_ants(["a dog"], weights=folder, clip_guidance=1.0).folder, folder) == []


def test_released_models_that_cannot_inpaint_are_not_the_hint(paint_ants, ant_weights, inputs, tmp_path):
    for name in ("base", "upsample"):
        shutil.copy(ant_weights / f"{name}.safetensors", tmp_path / f"{name}_inpaint.safetensors")
    with pytest.raises(InputError, match="the released base and upsampler lack it") as caught:
        paint_ants(["a dog"], inpaint=inputs, weights=tmp_path)
    fetch = f"train weights fetch base-inpaint upsample-inpaint --to {tmp_path}"
    assert caught.value.hint == f"put the right files into {tmp_path}: {fetch}"


def test_a_folder_in_which_painting_was_cut_short_goes_on(paint_ants, tmp_path, stored):
    folder = tmp_path / "new"
    paint_ants(["a dog", "a cat"], folder, batch_size=1)
    before = stored(folder)
    manifest = folder / "manifest.jsonl"
    lines = [json.loads(line) for line in manifest.read_text().splitlines()]
    small = [line for line in lines if line["low_res"] is None]
    manifest.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in small) + '{"prom')
    assert paint_ants(["a dog", "a cat"], folder, batch_size=1).painted == 2
    assert stored(folder) == before


@pytest.mark.parametrize("folder", ["released", "run"])
def test_weights_that_are_gone_are_named(paint_ants, ant_weights, tmp_path, trained, folder):
    if folder == "released":
        done, weights = paint_ants(["a dog"]), tmp_path
    else:
        source = sources_of(find_run(trained.runs))["finetuned"]
        done, weights = paint(Order(given_prompts(["a dog"]), source, Wishes(**QUICK))), None
        for path in (find_run(trained.runs).checkpoints / "step-000012").iterdir():
            path.unlink()
    with pytest.raises(CuratorError) as caught:
        again(done.folder, weights)
    assert ("upsample.pt" if folder == "released" else "has the weights") in caught.value.message


def test_other_weights_under_the_same_name_are_not_taken(paint_ants, ant_weights, tmp_path):
    done = paint_ants(["a dog"])
    for name in ("base", "upsample"):
        (tmp_path / f"{name}.safetensors").write_bytes((ant_weights / f"{name}_inpaint.safetensors").read_bytes())
    with pytest.raises(InputError, match="other weights than those that painted"):
        again(done.folder, tmp_path)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A dog, on a rug!", "a-dog-on-a-rug"),
        ("Ünïcode  café", "unicode-cafe"),
        ("犬", "prompt"),
        ("../..", "prompt"),
        ("x" * 99, "x" * 40),
    ],
)
def test_a_folder_is_named_after_the_first_prompt(text, name):
    assert slug(text) == name
