import pytest

from curator.errors import InputError
from eval.runs import find_run, release_of
from eval.samples import read_samples


def changed(**values):
    """Set fields of the last line, which is a finetuned picture."""
    return lambda lines: [*lines[:-1], {**lines[-1], **values}]


def without(*keys):
    return lambda lines: [*lines[:-1], {key: value for key, value in lines[-1].items() if key not in keys}]


def test_pictures_pair_up_by_sample_in_every_split_and_size(set_up):
    samples = find_run(set_up()).samples()
    assert samples.resolutions == [16, 32]
    pairs = samples.pairs("train", 32)
    assert len(pairs) == 8
    assert [pair.sample_id for pair in pairs] == sorted(pair.sample_id for pair in pairs)
    for pair in pairs:
        assert pair.original.is_file()
        assert pair.original.parent.name == "original"
        assert pair.finetuned.name == pair.original.name
    assert len(samples.pairs("test", 16)) == 4
    assert samples.pairs("test", None) == ()


def test_several_seeds_of_a_prompt_are_several_pairs(set_up, manifest):
    run = find_run(set_up(train=2, test=0))
    manifest(run.folder, lambda lines: lines + [{**line, "seed": 7} for line in lines])
    assert [pair.seed for pair in run.samples().pairs("train", 16)] == [0, 7, 0, 7]


def test_several_takes_of_a_prompt_are_several_pairs(set_up, manifest):
    run = find_run(set_up(train=2, test=0))
    manifest(run.folder, lambda lines: lines + [{**line, "take": 1} for line in lines])
    assert [pair.take for pair in run.samples().pairs("train", 16)] == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(changed(resolution=0), "resolution", id="no size"),
        pytest.param(changed(role="val"), "role", id="unknown split"),
        pytest.param(without("seed"), "seed", id="no seed"),
        pytest.param(changed(file="../../config.json"), "no picture", id="out of the folder"),
        pytest.param(changed(file="finetuned/gone.png"), "no picture", id="no file"),
        pytest.param(lambda lines: [*lines, lines[0]], "twice", id="twice"),
        pytest.param(lambda lines: [], "nothing sampled yet", id="empty"),
    ],
)
def test_a_line_that_is_not_acceptable_is_named(set_up, manifest, change, told):
    run = find_run(set_up(train=2, test=0))
    manifest(run.folder, change)
    with pytest.raises(InputError, match=told) as caught:
        run.samples()
    assert "train sample" in caught.value.hint


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda lines: lines[:-1], "no finetuned picture", id="half a pair"),
        pytest.param(changed(prompt="another"), "two prompts", id="other prompt"),
        pytest.param(changed(prompt_index=99), "two noises", id="other noise"),
    ],
)
def test_what_does_not_pair_up_is_refused(set_up, manifest, change, told):
    run = find_run(set_up(train=2, test=0))
    manifest(run.folder, change)
    with pytest.raises(InputError, match=told):
        run.samples().pairs("train", 32)


def test_interrupted_sampling_is_recognised(set_up):
    folder = find_run(set_up(train=2, test=0)).folder / "samples"
    manifest = folder / "manifest.jsonl"
    manifest.write_text(manifest.read_text()[:-5])
    with pytest.raises(InputError, match="not finished") as caught:
        read_samples(folder)
    assert caught.value.hint == "finish sampling: train sample"


def test_captions_may_hold_line_separators(set_up):
    """U+2028 ends a line for str.splitlines, not for JSON lines."""
    run = find_run(set_up(train=1, test=0, captions={0: "one\u2028two\x85three"}))
    assert run.samples().lines[0].prompt == "one\u2028two\x85three"


def test_the_newest_run_or_the_one_named(set_up):
    set_up(train=2, test=0, run="v1-tiny-a")
    workspace = set_up(train=2, test=0, run="v1-tiny-b")
    assert find_run(workspace).name == "v1-tiny-b"
    assert find_run(workspace, "v1-tiny-a").name == "v1-tiny-a"
    with pytest.raises(InputError, match="v1-tiny-a, v1-tiny-b"):
        find_run(workspace, "v1-tiny-c")


def test_the_run_names_its_release_and_another_is_refused(set_up):
    workspace = set_up(train=2, test=0)
    run = find_run(workspace)
    assert release_of(workspace, run).name == "v1"
    run.config["release"]["digest"] = "0" * 64
    with pytest.raises(InputError, match="not the one"):
        release_of(workspace, run)
    run.config["release"]["name"] = "v9"
    with pytest.raises(InputError, match="v9"):
        release_of(workspace, run)


@pytest.mark.parametrize("content", ["{", "[]", '"run"', "{}", '{"release": "v1"}'])
def test_a_spoilt_config_is_named(set_up, content):
    workspace = set_up(train=2, test=0)
    (workspace.runs / "v1-tiny-0123abcd" / "config.json").write_text(content)
    with pytest.raises(InputError, match=r"config\.json"):
        release_of(workspace, find_run(workspace))
