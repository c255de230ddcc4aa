import random

import pytest

from curator.errors import InputError
from train.sampling.prompts import choose_prompts, given_prompts, read_prompts


@pytest.fixture
def release(place, samples, write_release):
    made = []

    def make(rows):
        made.append(rows)
        return write_release(place(), rows, f"r{len(made)}")

    return make


@pytest.mark.parametrize(
    ("train", "test", "count", "expected"),
    [
        (60, 5, 32, (27, 5)),
        (10, 5, 32, (10, 5)),
        (20, 40, 32, (16, 16)),
        (60, 5, 8, (4, 4)),
        (60, 5, 3, (1, 2)),
        (6, 0, 32, (6, 0)),
        (0, 6, 4, (0, 4)),
    ],
)
def test_test_and_train_captions_take_turns_and_fill_up_for_each_other(release, samples, train, test, count, expected):
    roles = [prompt.sample.split for prompt in choose_prompts(release(samples(train, test)), count)]
    assert (roles.count("train"), roles.count("test")) == expected
    assert roles[:2] in (["test", "train"], ["train"] * 2, ["test"] * 2)


def test_fewer_prompts_are_the_beginning_of_more(release, samples):
    opened = release(samples(20, 4))
    assert choose_prompts(opened, 9) == choose_prompts(opened, 30)[:9]
    assert [prompt.index for prompt in choose_prompts(opened, 9)] == list(range(9))


def test_the_choice_does_not_depend_on_the_order_of_the_rows(release, samples):
    rows = samples(30, 4)
    shuffled = random.Random(3).sample(rows, len(rows))
    chosen = [[prompt.sample.sample_id for prompt in choose_prompts(release(each), 12)] for each in (rows, shuffled)]
    assert chosen[0] == chosen[1]


def test_derived_pictures_are_no_prompts(release, samples, derived):
    rows = samples(5, 2)
    chosen = choose_prompts(release([*rows, *map(derived, rows)]))
    assert {prompt.sample.sample_id for prompt in chosen} == {row.sample_id for row in rows}


@pytest.mark.parametrize("captions", ["test", "train"])
def test_captions_of_one_split_alone(release, samples, captions):
    opened = release(samples(6, 4))
    found = choose_prompts(opened, 3, captions)
    assert [prompt.sample.split for prompt in found] == [captions] * 3
    assert [prompt.index for prompt in found] == [0, 1, 2]
    both = [prompt.text for prompt in choose_prompts(opened, 10) if prompt.sample.split == captions]
    assert [prompt.text for prompt in found] == both[:3]


def test_a_split_without_captions_is_named(release, samples):
    with pytest.raises(InputError, match="has no test captions"):
        choose_prompts(release(samples(3, 0)), 2, "test")


def test_a_file_holds_a_prompt_a_line(tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_bytes("\ufeffa dog\r\n\n  a  cat \n\t\n犬\u2028eins".encode())
    assert [(prompt.index, prompt.text, prompt.sample) for prompt in read_prompts(path)] == [
        (0, "a dog", None), (1, "a  cat", None), (2, "犬\u2028eins", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a dog\n\ncaf\xe9", "line 3: not UTF-8: byte 0xe9 at place 4"),
        ("a dog".encode("utf-16"), "line 1: not UTF-8"),
        (b"a dog\na\0cat\n", "line 2: holds a NUL"),
        (b"\n \n", "no prompt in it"),
        (b"", "no prompt in it"),
    ],
    ids=["latin", "utf-16", "nul", "blank", "empty"],
)
def test_what_is_no_file_of_prompts_is_named(tmp_path, content, told):
    path = tmp_path / "prompts.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=told):
        read_prompts(path)


def test_prompts_keep_their_order_and_may_be_equal():
    found = given_prompts(["two", "one", "two"])
    assert [(prompt.index, prompt.text) for prompt in found] == [(0, "two"), (1, "one"), (2, "two")]
