"""Whole evaluations on painted pictures, most of them in a small extractor made here, some in EfficientNet-Lite0."""

from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from curator.encoders import Absent, effnet_lite0
from eval.evaluation import make_groups, why_not
from eval.runs import find_run, release_of
from eval.settings import EvaluateSettings
from eval.spaces import Spaces, frechet_name, open_spaces, short_reason
from eval.verdict import make_verdict

FAST = EvaluateSettings()
NO_CLIP = Absent("CLIP-ViT-B-32", "weights absent: put them at /somewhere")


def row(found, metric, role="train", stage="upsampled"):
    (only,) = [each for each in found.rows if (each.metric, each.role, each.stage) == (metric, role, stage)]
    return only


def test_every_row_is_there_measured_or_not(set_up, measure, thumbnails):
    spaces = Spaces((thumbnails, Absent("Inception", "weights absent: put them at /somewhere")), NO_CLIP)
    found = measure(set_up(), spaces)
    metrics = {"KID-Thumbnails", "FD-Thumbnails", "KID-Inception", "FID", "cosine CLIP-ViT-B-32"}
    for stage in ("base", "upsampled"):
        assert {each.metric for each in found.rows if (each.role, each.stage) == ("test", stage)} == metrics
        train = {each.metric for each in found.rows if (each.role, each.stage) == ("train", stage)}
        assert train == metrics | {"AuthPct-Thumbnails", "AuthPct-Inception"}
    for each in found.rows:
        assert (each.figures is None) == (each.reason is not None)
        assert each.reason in (None, "weights absent")
    assert (row(found, "FID").n_real, row(found, "FID", "test").n_fake) == (8, 4)


def test_a_finetune_that_paints_like_the_real_pictures_is_found_closer(set_up, scenes, measure):
    found = measure(set_up(train=16, test=8, finetuned=scenes.photograph))
    for metric in ("KID-Thumbnails", "FD-Thumbnails"):
        for role in ("train", "test"):
            figures = row(found, metric, role).figures
            assert figures.finetuned.value < figures.original.value
            assert figures.difference.value == pytest.approx(figures.finetuned.value - figures.original.value)
            assert figures.difference.p < 0.05
    assert make_verdict(found.rows, FAST).outcome == "better"
    assert row(found, "KID-Thumbnails").figures.finetuned.p > 0.05, "painted like the real pictures: not told from them"
    assert row(found, "KID-Thumbnails").figures.original.p < 0.05


def test_and_the_other_way_round_farther(set_up, scenes, measure):
    verdict = make_verdict(measure(set_up(train=16, original=scenes.photograph)).rows, FAST)
    assert verdict.outcome == "worse"
    assert verdict.headline.startswith("Farther from the train pictures than before, by more than chance (p = 0.005)")


def test_a_model_against_itself_is_the_same(set_up, measure):
    found = measure(set_up())
    for each in found.rows:
        if each.figures:
            assert each.figures.difference.value == 0
            assert each.figures.difference.p == 1
    assert make_verdict(found.rows, FAST).outcome == "same"


def test_two_models_of_one_kind_show_no_difference(set_up, scenes, measure):
    """Both paint photographs that have nothing to do with the captions, by other seeds."""
    workspace = set_up(train=16, original=scenes.photograph, finetuned=lambda s, n: scenes.photograph(s + 900, n))
    verdict = make_verdict(measure(workspace).rows, FAST)
    assert verdict.outcome == "no difference"
    assert verdict.headline.startswith("No difference that 16 pictures of each model can show")


def test_copies_of_train_pictures_are_not_authentic_and_are_shown(set_up, measure):
    workspace = set_up(train=8)
    run = find_run(workspace)
    release = release_of(workspace, run)
    for pair in run.samples().pairs("train", 32):
        sample = next(each for each in release.samples if each.sample_id == pair.sample_id)
        picture = release.picture(sample)
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        picture.crop((left, top, left + side, top + side)).resize((32, 32)).save(pair.finetuned)
    found = measure(workspace)
    assert row(found, "AuthPct-Thumbnails").figures.finetuned.value == 0
    assert row(found, "AuthPct-Thumbnails").figures.original.value == 100
    large = {pair: image for pair, image in found.neighbours.items() if "-32" in pair.finetuned.name}
    assert len(large) == 8
    assert all(pair.image_id == image for pair, image in large.items())
    assert any(point.startswith("Copies? 100 %") for point in make_verdict(found.rows, FAST).points)


def test_controls_hold_floor_and_ceiling_at_equal_size(set_up, scenes, measure):
    controls = row(measure(set_up(train=20, finetuned=scenes.blurry)), "FD-Thumbnails").controls
    assert {(each.n_first, each.n_second) for each in vars(controls).values()} == {(10, 10)}
    assert controls.copies.mean == pytest.approx(0, abs=1e-9)
    assert controls.original.mean > controls.real.mean


def test_pictures_that_follow_their_captions_score_higher(set_up, measure, thumbnails, words):
    colours = [("red", (255, 0, 0)), ("green", (0, 255, 0)), ("blue", (0, 0, 255))]
    captions = {index: f"a {colours[index % 3][0]} dog" for index in range(9)}
    workspace = set_up(train=9, test=0, captions=captions)
    for pair in find_run(workspace).samples().pairs("train", 32):
        colour = dict(colours)[pair.prompt.split()[1]]
        Image.new("RGB", (32, 32), colour).save(pair.finetuned)
    found = row(measure(workspace, Spaces((thumbnails,), words)), "cosine CLIP-Words")
    assert found.figures.finetuned.value == pytest.approx(1)
    assert found.figures.original.value < 0.9
    assert found.figures.difference.p < 0.05
    assert found.real is not None
    assert found.note == ""


def test_captions_longer_than_clip_reads_are_counted(need, set_up, measure, thumbnails, words):
    need("eval")
    workspace = set_up(train=4, test=0, captions={1: "dog " * 100})
    note = row(measure(workspace, Spaces((thumbnails,), words)), "cosine CLIP-Words").note
    assert note == "1 of 4 captions are longer than 77 tokens and were cut"


@pytest.mark.parametrize(
    ("scene", "role", "stage", "reason"),
    [
        ({"test": 0}, "test", "base", "the release has no test pictures"),
        ({"sizes": (16,)}, "train", "upsampled", "no upsampled pictures were sampled"),
        ({"train": 1}, "train", "base", "at least 2 pictures"),
        ({"test": 1}, "test", "upsampled", "at least 2 pictures"),
    ],
)
def test_what_cannot_be_measured_says_why(set_up, scene, role, stage, reason, measure):
    found = measure(set_up(**scene))
    assert reason in row(found, "KID-Thumbnails", role, stage).reason
    assert make_verdict(found.rows, FAST).headline


def test_a_split_that_was_not_sampled_says_so(set_up, manifest, measure):
    workspace = set_up()
    manifest(find_run(workspace).folder, lambda lines: [line for line in lines if line["role"] == "train"])
    found = measure(workspace)
    assert row(found, "KID-Thumbnails", "test").reason == "no test prompts were sampled"
    assert row(found, "KID-Thumbnails").figures


def test_three_real_pictures_have_no_floor(set_up, measure):
    found = row(measure(set_up(test=3)), "FD-Thumbnails", "test")
    assert found.controls is None
    assert found.note == "no floor: it needs at least 4 real pictures"


def test_derived_samples_are_no_real_pictures(set_up):
    workspace = set_up(train=3, test=0)
    run = find_run(workspace)
    release = release_of(workspace, run)
    derived = [
        type(each)(**{**vars(each), "parents": ("x",), "sample_id": f"z{n}"}) for n, each in enumerate(release.samples)
    ]
    more = type(release)(release.folder, release.about, (*release.samples, *derived))
    (group, *_) = make_groups(more, run.samples())
    assert [sample.sample_id for sample in group.reals] == [sample.sample_id for sample in release.samples]
    assert why_not(group) is None


def test_only_inception_gives_fid():
    assert frechet_name("Inception") == "FID"
    assert frechet_name("Inception-0123abcd") == "FD-Inception-0123abcd"
    assert frechet_name("EffNetLite0") == "FD-EffNetLite0"


def test_a_reason_names_no_place_on_this_machine(need, set_up):
    need("eval")
    spaces = open_spaces(EvaluateSettings(), set_up(train=1, test=0).path)
    assert [short_reason(each) for each in spaces.absent] == ["weights absent", "weights absent"]
    assert [each.name for each in spaces.present] == ["EffNetLite0"]


@pytest.fixture(scope="module")
def effnet(need):
    need("eval")
    return effnet_lite0()


def test_effnet_sees_what_was_painted(effnet, set_up, scenes, measure):
    found = measure(set_up(train=12, test=0, finetuned=scenes.photograph), Spaces((effnet,), NO_CLIP))
    assert make_verdict(found.rows, FAST).outcome == "better"
    assert row(found, "FD-EffNetLite0").controls.blurred.mean > row(found, "FD-EffNetLite0").controls.real.mean


def test_figures_do_not_depend_on_how_pictures_were_batched(effnet, set_up, scenes, measure):
    @dataclass(frozen=True)
    class OneByOne:
        name: str = effnet.name
        digest: str = effnet.digest
        width: int = effnet.width
        resize: str = effnet.resize

        def encode(self, pictures):
            return np.concatenate(
                [np.empty((0, self.width), np.float32), *(effnet.encode([each]) for each in pictures)]
            )

    workspace = set_up(train=6, test=0, finetuned=scenes.photograph, sizes=(16,))
    together, alone = (measure(workspace, Spaces((each,), NO_CLIP)) for each in (effnet, OneByOne()))
    for metric in ("KID-EffNetLite0", "FD-EffNetLite0", "AuthPct-EffNetLite0"):
        one, other = (row(found, metric, stage="base").figures for found in (together, alone))
        assert one.original.value == pytest.approx(other.original.value, rel=1e-4)
        assert one.finetuned.value == pytest.approx(other.finetuned.value, rel=1e-4)
        assert one.difference.p == other.difference.p
