from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.split.shares import quotas, rounded

NAMES = "abcde"
WEIGHTS = st.sampled_from([Fraction(each) for each in ("1", "2", "0.5", "0.1", "3", "7")])


@st.composite
def wishes(draw):
    """A total, weights, and bounds that leave room for it."""
    names = NAMES[: draw(st.integers(1, 5))]
    weights = {name: draw(WEIGHTS) for name in names}
    low = {name: draw(st.integers(0, 6)) for name in names}
    high = {name: low[name] + draw(st.integers(0, 6)) for name in names if draw(st.booleans())}
    most = sum(high.get(name, 40) for name in names)
    return draw(st.integers(sum(low.values()), most)), weights, low, high


@given(wishes())
def test_quotas_sum_up_and_follow_the_weights_between_the_bounds(wish):
    total, weights, low, high = wish
    fair = quotas(total, weights, low, high)
    assert sum(fair.values()) == total
    for name in weights:
        assert low[name] <= fair[name] <= high.get(name, total)
        for other in weights:  # who may still get more has no smaller share by weight than one who may still give
            if fair[name] < high.get(name, total + 1) and fair[other] > low[other]:
                assert fair[name] / weights[name] >= fair[other] / weights[other]


@given(wishes())
def test_rounding_keeps_the_sum_and_stays_within_one_and_within_the_bounds(wish):
    total, weights, low, high = wish
    fair = quotas(total, weights, low, high)
    whole = rounded(fair, first=lambda name: name)
    assert sum(whole.values()) == total
    for name, share in fair.items():
        assert abs(whole[name] - share) < 1
        assert low[name] <= whole[name] <= high.get(name, total)


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10, {"a": 1, "b": 1, "c": 1}, {"a": 4, "b": 3, "c": 3}),
        (10, {"a": 2, "b": 1}, {"a": 7, "b": 3}),
        (100, {"a": "0.415", "b": "0.333", "c": "0.252"}, {"a": 42, "b": 33, "c": 25}),
        (7, {"a": 6, "b": 1, "c": 1}, {"a": 5, "b": 1, "c": 1}),
        (0, {"a": 1}, {"a": 0}),
    ],
)
def test_the_largest_remainders_are_rounded_up(total, weights, shares):
    exact = quotas(total, {name: Fraction(weight) for name, weight in weights.items()})
    assert rounded(exact, first=lambda name: name) == shares


def test_who_has_more_than_a_fair_share_keeps_it_and_the_others_share_the_rest():
    weights = dict.fromkeys("abc", Fraction(1))
    assert quotas(12, weights, low={"a": 8}) == {"a": 8, "b": 2, "c": 2}
    assert quotas(12, weights, high={"a": 1}) == {"a": 1, "b": Fraction(11, 2), "c": Fraction(11, 2)}
