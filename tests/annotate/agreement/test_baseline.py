"""Captions of one picture against shuffled ones."""

import random
from dataclasses import replace

import numpy as np
import pytest

from annotate.agreement.baseline import BLOCK, blocks, likeness, placements
from annotate.agreement.similarity import Words
from annotate.agreement.texts import Shared, Text

SHAPES = ["round", "square", "long", "flat", "thin"]


def random_pictures(seed, number, subjects=("a", "b")):
    """Pictures whose captions have nothing to do with each other."""
    chance = random.Random(seed)
    return [
        Shared(f"{place}", f"{place}.jpg", chance.choice(subjects),
               tuple(Text(name, " ".join(chance.sample(SHAPES, 3))) for name in ("ada", "ben", "cleo")))
        for place in range(number)
    ]  # fmt: skip


def test_captions_of_the_same_picture_are_told_from_others(team):
    everyone, *pairs = likeness(team(1, 40), Words(), pairs=True)
    assert [row.pair for row in pairs] == [("ada", "ben"), ("ada", "cleo"), ("ben", "cleo")]
    for row in (everyone, *pairs):
        assert (row.pictures, row.compared, row.p) == (40, 40, 0.001)
        assert row.mean > row.shuffled
        assert row.interval[0] < row.mean < row.interval[1]
        assert row.auc_interval[0] > 0.7


def test_by_chance_p_is_uniform_and_auc_a_half():
    rows = [likeness(random_pictures(seed, 30), Words(), draws=99, seed=seed)[0] for seed in range(60)]
    assert np.mean([row.auc for row in rows]) == pytest.approx(0.5, abs=0.03)
    assert np.mean([row.p <= 0.05 for row in rows]) <= 0.13  # 3 of 60 expected, 8 at most in 99 of 100 such tests
    assert 0.4 < np.mean([row.p for row in rows]) < 0.6


def test_agreeing_on_the_subject_alone_is_not_agreeing():
    """Captions that only tell the subject are exactly as alike for other pictures of it."""
    pictures = [
        Shared(str(place), str(place), subject, (Text("ada", f"a {subject}"), Text("ben", f"one {subject}")))
        for place, subject in enumerate(["dog"] * 6 + ["cat"] * 6)
    ]
    (row,) = likeness(pictures, Words())
    assert (row.mean, row.shuffled, row.auc, row.p) == (1, 1, 0.5, 1)
    (row,) = likeness([replace(picture, subject=None) for picture in pictures], Words())
    assert row.auc > 0.7


def test_every_picture_stands_in_one_block_and_none_alone():
    pictures = [
        *random_pictures(1, 5),
        *(replace(each, image=f"x{each.image}", subject=each.image) for each in random_pictures(2, 4)),
    ]
    pictures.append(replace(pictures[0], image="one text", texts=pictures[0].texts[:1]))
    found = blocks(pictures, Words())
    assert sorted(place for block in found for place in block.pictures) == list(range(9))
    assert all(len(block.pictures) > 1 for block in found)


def test_a_large_group_is_cut():
    found = blocks(random_pictures(3, 2 * BLOCK + 7, subjects=("a",)), Words())
    assert sorted(len(block.pictures) for block in found) == [69, 69, 69]


def test_a_lone_picture_has_nothing_to_compare_with():
    (row,) = likeness(random_pictures(1, 1), Words())
    assert (row.pictures, row.compared, row.shuffled, row.auc, row.p) == (1, 0, None, None, None)
    assert row.interval is None
    assert placements(blocks(random_pictures(1, 1), Words())[0]) == {}
    assert likeness([], Words()) == []


def test_the_same_seed_gives_the_same_figures(team):
    assert likeness(team(1, 20), Words(), True, seed=3) == likeness(team(1, 20), Words(), True, seed=3)
