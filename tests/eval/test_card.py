import pytest

from curator.encoders import Absent
from curator.errors import InputError
from eval.card import differences, make_card
from eval.evaluation import make_groups
from eval.runs import find_run, release_of
from eval.settings import EvaluateSettings
from eval.spaces import Spaces

NOTHING = Spaces((Absent("EffNetLite0", "not there"),), Absent("CLIP", "not there"))


def card(workspace, spaces=NOTHING):
    run = find_run(workspace)
    release, samples = release_of(workspace, run), run.samples()
    return make_card(release, samples, make_groups(release, samples), spaces, EvaluateSettings())


def test_the_card_says_what_was_measured_and_how(set_up):
    found = card(set_up(train=6, test=3))
    train = found.conditions["pictures"]["train upsampled"]
    assert (train["size"], train["n real"], train["n generated"], train["seeds"]) == (32, 6, 6, [0])
    assert found.conditions["pictures"]["test base"]["n real"] == 3
    assert found.conditions["sampling"]["16"]["steps"] == 20
    assert found.conditions["sampling"]["32"] == {
        "sampler": "ddim", "steps": 10, "respacing": "ddim10", "guidance": 3.0, "temperature": 1.0, "dtype": "float32",
    }  # fmt: skip
    assert found.made_by["release"]["name"] == "v1"
    before, after = (found.made_by["checkpoints"][model]["32"] for model in ("original", "finetuned"))
    assert len(before) == len(after) == 64
    assert before != after


def test_the_same_conditions_do_not_differ(set_up, tmp_path):
    assert differences(card(set_up()).conditions, card(set_up(tmp_path / "twin")).conditions) == []


@pytest.mark.parametrize(
    ("other", "field"),
    [
        pytest.param({"guidance": 4.0}, "sampling 16 guidance: 3.0 and 4.0", id="guidance"),
        pytest.param({"seed": 1}, "pictures train base seeds", id="noise"),
        pytest.param({"captions": {0: "a cat"}}, "prompts", id="prompts"),
        pytest.param({"train": 7, "test": 5}, "n real: 8 and 7", id="other split"),
        pytest.param({"sizes": (16, 64)}, "pictures train upsampled size: 32 and 64", id="size"),
    ],
)
def test_each_condition_counts(set_up, tmp_path, other, field):
    found = differences(card(set_up()).conditions, card(set_up(tmp_path / "other", **other)).conditions)
    assert any(field in each for each in found), found


def test_an_extractor_that_only_one_machine_has_is_no_difference():
    here = {"resize": "r", "extractors": {"A": {"sha256": "1"}, "B": {"sha256": "2"}}}
    assert differences(here, {"resize": "r", "extractors": {"A": {"sha256": "1"}}}) == []
    assert differences(here, {"resize": "r", "extractors": {"A": {"sha256": "9"}}}) == ["extractors A sha256: 1 and 9"]


@pytest.mark.parametrize("field", ["guidance", "steps", "checkpoint"])
def test_pictures_sampled_in_two_ways_are_refused(set_up, manifest, field):
    workspace = set_up(train=2, test=0)
    other = {"guidance": 9.0, "steps": 99, "checkpoint": "f" * 64}[field]
    manifest(find_run(workspace).folder, lambda lines: [*lines[:-1], {**lines[-1], field: other}])
    with pytest.raises(InputError, match=field):
        card(workspace)


GUIDED = {
    "eta": 0.5, "guidance_interval": [200, 800], "guidance_rescale": 0.7, "dynamic_threshold": 99.5,
    "clip_guidance": 3.0, "clip": {"text": "a" * 64, "image": "b" * 64},
}  # fmt: skip


def guide(**values):
    """Set fields of every base picture's line."""
    return lambda lines: [{**line, **values} if line["resolution"] == 16 else line for line in lines]


def test_all_that_guided_is_on_the_card_and_what_was_off_is_not(set_up, manifest):
    workspace = set_up(train=2, test=0)
    before = card(workspace).conditions["sampling"]
    assert not before["16"].keys() & GUIDED.keys()
    off = {"eta": 0.0, "guidance_interval": None, "guidance_rescale": 0.0, "dynamic_threshold": None,
           "clip_guidance": 0.0, "clip": None, "take": 0, "unheard": 1}  # fmt: skip
    manifest(find_run(workspace).folder, guide(**off))
    assert card(workspace).conditions["sampling"] == before
    manifest(find_run(workspace).folder, guide(**GUIDED))
    after = card(workspace).conditions["sampling"]
    assert after == {"16": before["16"] | GUIDED, "32": before["32"]}


@pytest.mark.parametrize("field", GUIDED)
def test_each_form_of_guidance_counts(set_up, manifest, tmp_path, field):
    one, other = set_up(train=2, test=0), set_up(tmp_path / "other", train=2, test=0)
    manifest(find_run(other).folder, guide(**{field: GUIDED[field]}))
    found = differences(card(one).conditions, card(other).conditions)
    assert found
    assert all(each.startswith(f"sampling 16 {field}") for each in found), found
    manifest(find_run(one).folder, lambda lines: [{**lines[0], field: GUIDED[field]}, *lines[1:]])
    with pytest.raises(InputError, match=field):
        card(one)


def test_several_takes_are_other_pictures(set_up, manifest, tmp_path):
    one, other = set_up(train=2, test=0), set_up(tmp_path / "other", train=2, test=0)
    manifest(find_run(other).folder, lambda lines: lines + [{**line, "take": 1} for line in lines])
    found = differences(card(one).conditions, card(other).conditions)
    assert any("n generated: 2 and 4" in each for each in found), found
