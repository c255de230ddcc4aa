from itertools import combinations, product

import numpy as np
import pytest

from curator.errors import InputError
from eval.kid import kid, kid_interval, kid_p, paired_contributions, paired_interval
from eval.resampling import sign_flip_p


def by_hand(a, b):
    """The U-statistic, pair by pair."""

    def k(x, y):
        return (sum(p * q for p, q in zip(x, y, strict=True)) / len(x) + 1) ** 3

    def within(rows):
        return sum(k(x, y) for i, x in enumerate(rows) for j, y in enumerate(rows) if i != j) / (
            len(rows) * (len(rows) - 1)
        )

    across = sum(k(x, y) for x in a for y in b) / (len(a) * len(b))
    return within(a) + within(b) - 2 * across


def test_known_value():
    """Two points each, one feature: k(1, 1) = 8, k(0, 0) = 1, k(0, 1) = 1, so 8 + 1 - 2 = 7."""
    assert kid(np.array([[1.0], [1.0]]), np.array([[0.0], [0.0]])) == pytest.approx(7)


def test_equals_the_sum_over_pairs(gaussian):
    a, b = gaussian(9, 5, 1), gaussian(6, 5, 2, mean=0.4)
    assert kid(a, b) == pytest.approx(by_hand(a.tolist(), b.tolist()), rel=1e-12)
    assert kid(b, a) == pytest.approx(kid(a, b), rel=1e-12)
    assert kid(a[::-1], b[::-1]) == pytest.approx(kid(a, b), rel=1e-12)


def test_unbiased_at_small_n(gaussian):
    """Sets of one law: on average 0, so about half of the values are negative."""
    values = [kid(gaussian(8, 20, 2 * seed), gaussian(8, 20, 2 * seed + 1)) for seed in range(400)]
    assert abs(np.mean(values)) < 4 * np.std(values) / np.sqrt(len(values))
    assert 0.35 < np.mean(np.array(values) < 0) < 0.75


def test_grows_with_the_shift(gaussian):
    a = gaussian(40, 30, 1)
    values = [kid(a, gaussian(40, 30, 2, mean=shift)) for shift in (0, 0.25, 0.5, 1)]
    assert values == sorted(values)


def test_p_of_all_relabelings_is_approached(gaussian):
    a, b = gaussian(4, 6, 1), gaussian(4, 6, 2, mean=0.7)
    pooled = np.concatenate([a, b])
    every = [
        kid(pooled[list(chosen)], pooled[[row for row in range(8) if row not in chosen]])
        for chosen in combinations(range(8), 4)
    ]
    exact = np.mean(np.array(every) >= kid(a, b) - 1e-12)
    assert kid_p(a, b, relabelings=20_000) == pytest.approx(exact, abs=0.015)


def test_p_is_small_for_two_laws_and_even_for_one(gaussian):
    assert kid_p(gaussian(20, 30, 1), gaussian(20, 30, 2, mean=1), relabelings=500) == pytest.approx(1 / 501)
    found = [kid_p(gaussian(10, 10, 2 * s), gaussian(10, 10, 2 * s + 1), relabelings=99) for s in range(200)]
    assert 0.01 <= np.mean(np.array(found) <= 0.05) <= 0.10


def test_the_same_seed_gives_the_same_p_and_interval(gaussian):
    a, b = gaussian(12, 8, 1), gaussian(9, 8, 2, mean=0.2)
    assert kid_p(a, b, 300, seed=4) == kid_p(a, b, 300, seed=4)
    assert kid_interval(a, b, 300, seed=4) == kid_interval(a, b, 300, seed=4)
    assert kid_interval(a, b, 300, seed=4) != kid_interval(a, b, 300, seed=5)


def test_interval_holds_the_truth_about_as_often_as_it_says(gaussian):
    """True squared MMD from a very large sample; 95 % intervals at n = 25."""
    truth = kid(gaussian(4000, 6, 1), gaussian(4000, 6, 2, mean=0.5))
    held = [
        low <= truth <= high
        for low, high in (
            kid_interval(gaussian(25, 6, 10 + 2 * s), gaussian(25, 6, 11 + 2 * s, mean=0.5), 200) for s in range(150)
        )
    ]
    assert 0.85 <= np.mean(held) <= 1.0


def test_contributions_sum_to_the_difference_and_swaps_turn_their_signs(gaussian):
    real, before, after = gaussian(7, 5, 1), gaussian(4, 5, 2, mean=1), gaussian(4, 5, 3, mean=0.5)
    contributions = paired_contributions(real, before, after)
    for signs in product((1, -1), repeat=4):
        kept = (np.array(signs) == 1)[:, None]
        one, other = np.where(kept, after, before), np.where(kept, before, after)
        assert np.dot(signs, contributions) == pytest.approx(kid(real, one) - kid(real, other), rel=1e-9, abs=1e-12)


def test_equal_models_make_no_difference(gaussian):
    real, fake = gaussian(7, 5, 1), gaussian(6, 5, 2)
    contributions = paired_contributions(real, fake, fake)
    assert not contributions.any()
    assert sign_flip_p(contributions) == 1.0
    assert paired_interval(real, fake, fake, 50) == (0.0, 0.0)


def test_a_better_model_is_found_better(gaussian):
    real = gaussian(30, 20, 1)
    before, after = gaussian(30, 20, 2, mean=1.0), gaussian(30, 20, 3, mean=0.2)
    assert sign_flip_p(paired_contributions(real, before, after)) < 0.01
    low, high = paired_interval(real, before, after, 500)
    assert low < kid(real, after) - kid(real, before) < high < 0


def test_one_picture_is_refused():
    with pytest.raises(InputError, match="at least 2"):
        kid(np.ones((1, 3)), np.ones((4, 3)))
