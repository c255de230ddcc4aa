import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.errors import InputError
from train.glide.samplers import SAMPLERS
from train.sampling.album import Album, key
from train.sampling.manifest import Choice, ClipDigests, InpaintFiles, Line, add_lines, read_manifest, write_manifest

OLD = {
    "sample_id": "abc-a-0", "image_id": "f" * 64, "prompt": "a dog", "prompt_index": 3, "role": "train",
    "model": "original", "resolution": 32, "file": "original/32px/0003.png", "seed": 0, "sampler": "ddim", "steps": 20,
    "respacing": "ddim20", "guidance": 3.0, "temperature": 1.0, "checkpoint": "a" * 64, "low_res": None,
    "batch_size": 4, "dtype": "float32", "threads": 2, "device": "cpu", "torch_version": "2.14.1",
}  # fmt: skip
"""A line as it was before there were more keys."""

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
NAMES = st.text("abc0./", min_size=1, max_size=9).filter(lambda name: name[0] != "/" and ".." not in name)
NUMBERS = st.integers(0, 2**63 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
INPAINTS = st.builds(InpaintFiles, picture=TEXTS, picture_sha256=TEXTS, mask=TEXTS, mask_sha256=TEXTS)
CHOICES = st.builds(Choice, judge=TEXTS, judge_sha256=TEXTS, score=FLOATS)
LINES = st.builds(
    Line, sample_id=st.none() | TEXTS, prompt=TEXTS, prompt_index=NUMBERS, take=NUMBERS, seed=NUMBERS,
    model=st.sampled_from(["original", "finetuned", "released"]), run=st.none() | TEXTS, file=NAMES,
    low_res=st.none() | NAMES, sampler=st.sampled_from(list(SAMPLERS)), eta=FLOATS, guidance=FLOATS,
    guidance_interval=st.none() | st.tuples(NUMBERS, NUMBERS), dynamic_threshold=st.none() | FLOATS,
    clip_guidance=FLOATS, clip=st.none() | st.builds(ClipDigests), temperature=FLOATS, inpaint=st.none() | INPAINTS,
    choice=st.none() | CHOICES, dtype=st.sampled_from(["float32", "bfloat16"]),
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINES, max_size=4))
def test_a_manifest_is_read_as_it_was_written(tmp_path, lines):
    write_manifest(tmp_path, lines[:2])
    add_lines(tmp_path, lines[2:])
    found = read_manifest(tmp_path)
    assert found == lines
    assert [key(line) for line in found] == [key(line) for line in lines]
    for text in (tmp_path / "manifest.jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
        json.loads(text)


def test_an_older_manifest_says_nothing_of_what_was_off(tmp_path):
    (tmp_path / "manifest.jsonl").write_text(json.dumps(OLD) + "\n")
    (line,) = read_manifest(tmp_path)
    assert (line.take, line.eta, line.guidance_interval, line.guidance_rescale) == (0, 0.0, None, 0.0)
    assert (line.dynamic_threshold, line.clip_guidance, line.inpaint, line.choice) == (None, 0.0, None, None)
    assert not line.winograd


@pytest.mark.parametrize(
    "change",
    [{"batch_size": 8}, {"threads": 9}, {"device": "cuda"}, {"torch_version": "9"}, {"winograd": True}, {"run": "v1"}],
    ids=lambda change: " ".join(change),
)
def test_what_only_rounds_is_not_what_was_asked_for(change):
    assert key(Line(**OLD)) == key(Line(**OLD | change))


@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"take": 1}, {"guidance": 2.0}, {"eta": 0.1}, {"dtype": "bfloat16"}, {"checkpoint": "b" * 64},
     {"prompt": "a cat"}, {"guidance_interval": [0, 9]}, {"clip_guidance": 1.0}, {"temperature": 0.5}],
    ids=lambda change: " ".join(change),
)  # fmt: skip
def test_what_decides_the_picture_is(change):
    assert key(Line(**OLD)) != key(Line.model_validate(OLD | change))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "line 1: .*not JSON"),
        ("[]", "line 1"),
        (json.dumps({**OLD, "seed": "x"}), "line 1: .*seed"),
        (json.dumps({**OLD, "sampler": "plms"}), "line 1: .*sampler"),
        (json.dumps({**OLD, "unheard": 1}), "line 1: .*unheard"),
        (json.dumps({**OLD, "file": "../../notes.txt"}), "line 1: .*file.*outside"),
        (json.dumps({**OLD, "low_res": "/etc/passwd"}), "line 1: .*low_res.*outside"),
        (json.dumps({key: value for key, value in OLD.items() if key != "file"}), "line 1: .*file"),
        (json.dumps(OLD) + "\n\xff", "line 2|UTF-8"),
    ],
    ids=[
        "half",
        "list",
        "wrong type",
        "wrong name",
        "unknown key",
        "outside",
        "absolute",
        "missing key",
        "second line",
    ],
)
def test_what_is_no_line_is_named(tmp_path, text, told):
    (tmp_path / "manifest.jsonl").write_text(text + "\n", encoding="latin-1")
    with pytest.raises(InputError, match=told):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", [b"{}\n", b"\xff\n"], ids=["no line", "no text"])
def test_a_damaged_manifest_is_removed_only_where_nothing_else_may_lie(tmp_path, content):
    (tmp_path / "manifest.jsonl").write_bytes(content)
    for alone, hint in ((True, f"remove {tmp_path}"), (False, "name a new folder: --out DIR")):
        with pytest.raises(InputError) as caught:
            Album(tmp_path, alone)
        assert caught.value.hint == hint


class Counted(Line):
    """A line that counts how often its file is asked for."""

    def __getattribute__(self, name):
        if name == "file":
            LOOKED_AT.append(None)
        return super().__getattribute__(name)


LOOKED_AT = []


def test_bringing_a_manifest_up_to_date_looks_at_each_line_a_few_times(tmp_path):
    count = 200
    lines = [Counted(**OLD | {"prompt_index": index, "file": f"{index}.png"}) for index in range(count)]
    album = Album(tmp_path)
    album.add(lines)
    LOOKED_AT.clear()
    album.finish(lines)
    assert count <= len(LOOKED_AT) <= 4 * count


def test_an_unfinished_last_line_is_left_out(tmp_path):
    (tmp_path / "manifest.jsonl").write_text(json.dumps(OLD) + "\n" + json.dumps(OLD)[:50])
    assert len(read_manifest(tmp_path)) == 1
    assert read_manifest(tmp_path / "nowhere") == []
