import pytest

from curator.errors import ConfigError, UsageError
from train.config import DEFAULTS, merge, read_assignments, resolve, run_name


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("learning_rate=1e-4", {"learning_rate": 1e-4}),
        ("steps = 7", {"steps": 7}),
        ("preset=glide", {"preset": "glide"}),
        ('weights="/a = b"', {"weights": "/a = b"}),
        ("weights=/a = b", {"weights": "/a = b"}),
        ("base.num_channels=64", {"base": {"num_channels": 64}}),
        ("base.channel_mult=1,2", {"base": {"channel_mult": "1,2"}}),
        ("weights=", {"weights": ""}),
    ],
)
def test_an_assignment_is_toml_or_else_text(assignment, expected):
    assert read_assignments([assignment]) == expected


@pytest.mark.parametrize("assignment", ["steps", "=3", "a b=3", "", "steps 3"])
def test_what_is_no_assignment_is_refused(assignment):
    with pytest.raises(UsageError, match="--set"):
        read_assignments([assignment])


def test_later_settings_win_key_by_key():
    table = {"steps": 1, "base": {"dropout": 0.1, "num_channels": 32}}
    given = read_assignments(["base.dropout=0.2", "seed=3", "base.xf_width=8"])
    assert merge(table, given, {"seed": 4}) == {
        "steps": 1,
        "seed": 4,
        "base": {"dropout": 0.2, "num_channels": 32, "xf_width": 8},
    }
    assert table["base"] == {"dropout": 0.1, "num_channels": 32}


@pytest.mark.parametrize("preset", ["tiny", "glide"])
def test_a_preset_fills_in_what_is_not_said(preset):
    config = resolve({"preset": preset, "steps": 3}, "tiny")
    assert (config.preset, config.steps, config.batch_size) == (preset, 3, DEFAULTS[preset]["batch_size"])
    assert resolve({}, preset).preset == preset


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"learning_rat": 1}, "did you mean 'learning_rate'"),
        ({"preset": "tini"}, "'tiny' or 'glide'"),
        ({"preset": ["tiny"]}, "preset"),
        ({"steps": 0}, "greater than 0"),
        ({"steps": "many"}, "steps"),
        ({"ema_decay": 1.0}, "less than 1"),
        ({"base": 3}, "base"),
        ({"precision": "float16"}, "'bfloat16'"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(settings, said):
    with pytest.raises(ConfigError) as refused:
        resolve(settings, "tiny")
    assert said in str(refused.value)


def test_the_name_follows_from_release_and_settings_but_not_from_how_far_it_goes():
    name = run_name(resolve({}, "tiny"), "v1", "d1")
    assert name.startswith("v1-tiny-")
    assert name == run_name(resolve({"steps": 9, "checkpoint_steps": 3}, "tiny"), "v1", "d1")
    others = [run_name(resolve({"seed": 1}, "tiny"), "v1", "d1"), run_name(resolve({}, "tiny"), "v1", "d2")]
    others.append(run_name(resolve({"base": {"dropout": 0.1}}, "tiny"), "v1", "d1"))
    assert len({name, *others}) == 4
