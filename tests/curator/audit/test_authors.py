"""Figures per author against cases worked out by hand, and against simulation."""

import random

import numpy as np
import pytest

from curator.audit.authors import bootstrap_mean, distinct, distinct_at, figures
from curator.audit.texts import Text


def text(author, line, image="x"):
    return Text(author, image, None, tuple(line.split()))


def test_figures_of_one_author_by_hand():
    (row,) = figures([text("ada", "a dog", "1"), text("ada", "a red dog runs", "2")]).rows
    assert (row.captions, row.pictures, row.words, row.mean) == (2, 2, 6, 3.0)
    assert row.sd == pytest.approx(2**0.5)
    assert row.distinct == (4 / 6, 4 / 4)
    assert row.own_share is None
    assert row.own_words == ()


def test_a_single_caption_has_no_spread():
    (row,) = figures([text("ada", "a dog")]).rows
    assert (row.sd, row.interval) == (None, None)


@pytest.mark.parametrize(
    ("n", "expected"), [(1, 3 / 5), (2, 2 / 3), (3, 1 / 1), (4, 0.0)], ids=["1", "2", "3", "longer than any"]
)
def test_distinct_never_reaches_over_two_captions(n, expected):
    assert distinct([("a", "b", "c"), ("a", "b")], n) == pytest.approx(expected)


def test_own_words_are_shared_by_nobody_and_leave_function_words_out():
    rows = figures([text("ada", "the corgi on grass"), text("ben", "a dog on the grasses")]).rows
    assert [row.own_words for row in rows] == [("corgi",), ("dog",)]
    assert [row.own_share for row in rows] == [0.5, 0.5]


def test_distinct_at_equal_words_is_the_plain_one_where_all_words_are_taken():
    texts = [("x", "a", "b"), ("a", "b", "c")]
    assert distinct_at(texts, 1, 6, seed=1) == pytest.approx(distinct(texts, 1))


def test_authors_with_one_vocabulary_are_equal_at_equal_words_only():
    draw = random.Random(3)
    lines = [" ".join(draw.choices("abcdefghijklmnopqrst", k=8)) for _ in range(200)]
    found = figures([text("few", line) for line in lines[:20]] + [text("many", line) for line in lines[20:]])
    few, many = found.rows
    assert found.equal_words == 160
    assert few.distinct[0] - many.distinct[0] > 0.09
    assert abs(few.distinct_equal[0] - many.distinct_equal[0]) < 0.02
    assert abs(few.distinct_equal[1] - many.distinct_equal[1]) < 0.03


def test_distinct_is_not_compared_over_too_few_words():
    found = figures([text("ada", "a dog"), *(text("ben", "a red dog runs over green grass") for _ in range(20))])
    assert found.equal_words == 140
    assert [row.distinct_equal is None for row in found.rows] == [True, False]
    assert figures([text("ada", "a dog")]).equal_words is None


def test_the_bootstrap_interval_covers_the_true_mean_about_as_often_as_it_says():
    draw = np.random.default_rng(5)
    covered = 0
    for seed in range(200):
        low, high = bootstrap_mean([int(value) for value in draw.poisson(12, size=40)], seed)
        covered += low <= 12 <= high
    assert 0.88 <= covered / 200 <= 0.99


def test_figures_do_not_depend_on_the_order_of_authors():
    lines = [text(author, f"a {author} dog number {n}") for author in ("ada", "ben") for n in range(30)]
    assert figures(lines) == figures([*lines[30:], *lines[:30]])
