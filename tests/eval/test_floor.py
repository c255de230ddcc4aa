import numpy as np
import pytest

from curator.errors import InputError
from eval.floor import against_halves, halves, split_half_floor
from eval.kid import kid


def test_halves_do_not_share_pictures():
    for first, second in halves(37, 37, 20, 0):
        assert len(first) == 18
        assert len(second) == 19
        assert not set(first) & set(second)


def test_the_second_half_is_capped_by_the_generated_pictures():
    assert {(len(first), len(second)) for first, second in halves(130, 32, 5, 0)} == {(65, 32)}


def test_floor_is_seeded_and_far_from_zero_at_small_n(gaussian):
    """Two halves of one law: true distance 0, and 37 pictures in 512 dimensions say something else."""
    real = gaussian(37, 512)
    floor = split_half_floor(real, draws=10, seed=3)
    assert floor == split_half_floor(real, draws=10, seed=3)
    assert floor.mean > 300
    assert 0 < floor.sd < floor.mean / 10
    assert (floor.n_first, floor.n_second) == (18, 19)


def test_floor_falls_with_more_pictures(gaussian):
    means = [split_half_floor(gaussian(n, 32), draws=5).mean for n in (20, 80, 320)]
    assert means == sorted(means, reverse=True)


def test_kid_has_no_floor(gaussian):
    floor = split_half_floor(gaussian(60, 20), draws=200, distance=kid)
    assert abs(floor.mean) < floor.sd


def test_the_same_law_lies_at_the_floor_and_another_above(gaussian):
    real = gaussian(60, 40, 1)
    floor = split_half_floor(real, draws=30)
    assert against_halves(real, gaussian(60, 40, 2), draws=30).mean == pytest.approx(floor.mean, abs=4 * floor.sd)
    assert against_halves(real, gaussian(60, 40, 2, mean=1), draws=30).mean > floor.mean + 10 * floor.sd


def test_too_few_pictures_have_no_floor(gaussian):
    with pytest.raises(InputError, match="at least 4"):
        split_half_floor(gaussian(3, 5))
    with pytest.raises(InputError, match="at least 2"):
        against_halves(gaussian(8, 5), np.ones((1, 5)))
