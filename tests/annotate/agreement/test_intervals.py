import numpy as np
import pytest

from annotate.agreement.intervals import mean_interval, wilson


@pytest.mark.parametrize(
    ("right", "total", "low", "high"), [(15, 20, 0.531, 0.888), (0, 10, 0, 0.278), (10, 10, 0.722, 1), (1, 1, 0.207, 1)]
)
def test_wilson(right, total, low, high):
    """As tables of the score interval without continuity correction give it."""
    assert wilson(right, total) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_wilson_of_nothing():
    assert wilson(0, 0) is None


def test_the_bootstrap_covers_the_mean():
    inside = 0
    for seed in range(100):
        values = np.random.default_rng(seed).uniform(0, 1, 40)
        low, high = mean_interval(values, 500, seed)
        inside += low <= 0.5 <= high
    assert inside >= 88


def test_few_pictures_get_no_interval():
    assert mean_interval(np.array([0.1, 0.2, 0.3, 0.4]), 100, 0) is None
