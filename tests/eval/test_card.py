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
