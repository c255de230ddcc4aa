"""Krippendorff's alpha against published examples, and what must hold for any data."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.agreement.alpha import alpha, jaccard, masi, nominal


def units(*observers):
    """The values of each unit from rows of observers; a dot is a gap."""
    return [[value for value in unit if value != "."] for unit in zip(*(row.split() for row in observers), strict=True)]


# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability": examples A, B and C.
BINARY = units("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
TWO = units("a a b b d c c c e d d a", "b a b b b c c c e d d d")
FOUR = units(
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def interval(first, second):
    return float((int(first) - int(second)) ** 2)


@pytest.mark.parametrize(
    ("data", "distance", "published"),
    [(BINARY, nominal, 0.095), (TWO, nominal, 0.692), (FOUR, nominal, 0.743), (FOUR, interval, 0.849)],
    ids=["binary", "two observers", "four observers with gaps", "interval data"],
)
def test_published_examples(data, distance, published):
    assert alpha(data, distance).value == pytest.approx(published, abs=5e-4)


def test_a_single_value_in_a_unit_does_not_count():
    assert alpha(FOUR).units == 11
    assert alpha([*FOUR, ["1"], []]).value == alpha(FOUR).value


A, B, C = frozenset("a"), frozenset("b"), frozenset("c")


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        (A, A, 0), (A, B, 1), (A | B, A, 1 - 1 / 2 * 2 / 3), (A | B, B | C, 1 - 1 / 3 * 1 / 3),
        (A | B | C, A | B, 1 - 2 / 3 * 2 / 3), (A | B, C, 1), (frozenset(), frozenset(), 0), (frozenset(), A, 1),
    ],
)  # fmt: skip
def test_masi(first, second, distance):
    """Passonneau (2006): the index is J times 1, 2/3, 1/3 or 0."""
    assert masi(first, second) == pytest.approx(distance)
    assert masi(second, first) == masi(first, second)


def test_jaccard():
    assert jaccard(A | B, B | C) == pytest.approx(2 / 3)
    assert jaccard(frozenset(), frozenset()) == 0


sets = st.lists(st.frozensets(st.sampled_from("abcd"), min_size=1), min_size=2, max_size=4)


@given(st.lists(sets, min_size=2, max_size=12), st.permutations("abcd"))
def test_names_of_values_do_not_matter(data, order):
    renamed = dict(zip("abcd", order, strict=True))
    other = [[frozenset(renamed[each] for each in value) for value in unit] for unit in data]
    first, second = alpha(data, masi, draws=10).value, alpha(other, masi, draws=10).value
    assert first == pytest.approx(second) if first is not None else second is None


@given(st.lists(sets, min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_units_and_of_observers_does_not_matter(data, chance):
    shuffled = [chance.sample(unit, len(unit)) for unit in chance.sample(data, len(data))]
    first, second = alpha(data, masi, draws=10).value, alpha(shuffled, masi, draws=10).value
    assert first == pytest.approx(second) if first is not None else second is None


@given(st.lists(st.sampled_from("abcd"), min_size=2, max_size=30).filter(lambda values: len(set(values)) > 1))
def test_perfect_agreement_is_one(values):
    found = alpha([[value, value, value] for value in values], draws=50)
    assert found.value == pytest.approx(1)


def test_chance_is_near_zero_and_in_the_interval():
    inside = 0
    for seed in range(40):
        chance = random.Random(seed)
        found = alpha([[chance.choice("abc"), chance.choice("abc")] for _ in range(60)], draws=400, seed=seed)
        assert abs(found.value) < 0.35
        inside += found.interval[0] <= 0 <= found.interval[1]
    assert 34 <= inside  # 95 % of 40 is 38


@pytest.mark.parametrize(
    ("data", "why"), [([], "no two"), ([["a"], ["b"]], "no two"), ([["a", "a"], ["a", "a"]], "all say the same")]
)
def test_undefined_is_said(data, why):
    found = alpha(data)
    assert (found.value, found.interval) == (None, None)
    assert why in found.why


def test_the_interval_follows_from_the_seed_and_needs_pictures():
    assert alpha(FOUR, seed=1).interval == alpha(FOUR, seed=1).interval
    assert alpha(FOUR, seed=1).interval != alpha(FOUR, seed=2).interval
    low, high = alpha(FOUR).interval
    assert low < 0.743 < high
    assert alpha(FOUR[:4]).interval is None


def test_disagreement_beyond_chance_is_below_zero():
    assert alpha([["a", "b"], ["b", "a"], ["a", "b"]]).value < 0
