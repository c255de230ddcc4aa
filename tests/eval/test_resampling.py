import numpy as np
import pytest

from eval.resampling import cluster_interval, draws_with_replacement, percentiles, sign_flip_p


def test_few_pairs_are_counted_out():
    """Four equal contributions: only all + and all - reach the sum, 2 of 16."""
    assert sign_flip_p(np.array([1.0, 1, 1, 1])) == 2 / 16
    assert sign_flip_p(np.array([1.0, -1])) == 1.0


def test_many_pairs_are_drawn():
    assert sign_flip_p(np.ones(40), draws=999) == 1 / 1000
    balanced = np.tile([1.0, -1.0], 20)
    assert sign_flip_p(balanced, draws=999) == 1.0


def test_no_difference_has_p_one():
    assert sign_flip_p(np.zeros(30)) == 1.0


def test_p_is_even_when_nothing_differs():
    generator = np.random.default_rng(1)
    found = [sign_flip_p(generator.normal(size=20), draws=199, seed=s) for s in range(300)]
    assert 0.02 <= np.mean(np.array(found) <= 0.05) <= 0.09


def test_clusters_widen_the_interval():
    """Values that agree within subjects are fewer witnesses than they are values."""
    values = np.repeat([0.0, 1.0, 2.0, 3.0], 10)
    alone = cluster_interval(values, [str(i) for i in range(40)])
    together = cluster_interval(values, [f"dog{i // 10}" for i in range(40)])
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])


def test_clusters_of_different_size_weigh_by_their_values():
    low, high = cluster_interval(np.array([1.0, 1, 1, 1, 5]), ["a", "a", "a", "a", "b"])
    assert low == 1
    assert high == 5


def test_one_subject_has_no_interval():
    assert cluster_interval(np.array([1.0, 2.0]), ["dog", "dog"]) is None


def test_draws_and_percentiles():
    drawn = draws_with_replacement(5, 40, 0)
    assert drawn.shape == (40, 5)
    assert (drawn.sum(axis=1) == 5).all()
    assert percentiles(np.arange(101.0), 0.9) == (pytest.approx(5.0), pytest.approx(95.0))
