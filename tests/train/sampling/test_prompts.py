import random

import pytest

from train.prompts import choose_prompts


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
