import numpy as np
import pytest

from eval.memorisation import authentic, authentic_left_out, chance_of_so_few, nearest, squared_distances


def test_copies_are_not_authentic_and_noise_is(gaussian):
    real = gaussian(20, 10, 1)
    assert not authentic(real, real).any()
    assert not authentic(real, real + 1e-3).any()
    assert authentic(real, gaussian(20, 10, 2, mean=50)).all()


def test_known_line():
    """Reals at 0, 1, 10: a fake at 1.4 is nearer to 1 than 1 is to 0; a fake at 25 is farther from 10 than 1 is."""
    real = np.array([[0.0], [1.0], [10.0]])
    fake = np.array([[1.4], [25.0], [-1.5]])
    assert nearest(real, fake).tolist() == [1, 2, 0]
    assert authentic(real, fake).tolist() == [False, True, True]


def test_distances_are_those_of_each_pair(gaussian):
    a, b = gaussian(5, 7, 1), gaussian(4, 7, 2)
    assert np.allclose(squared_distances(a, b), [[np.sum((x - y) ** 2) for y in b] for x in a])
    assert np.diag(squared_distances(a + 1e6, a + 1e6)).min() >= 0


def test_left_out_is_what_new_real_pictures_get(gaussian):
    left_out = [authentic_left_out(gaussian(50, 20, seed)).mean() for seed in range(20)]
    new = [authentic(gaussian(49, 20, seed), gaussian(50, 20, seed + 100)).mean() for seed in range(20)]
    assert np.mean(left_out) == pytest.approx(np.mean(new), abs=0.06)


def test_left_out_equals_each_against_the_others(gaussian):
    real = gaussian(12, 3, 1)
    expected = [authentic(np.delete(real, i, axis=0), np.stack([real[i], real[i]]))[0] for i in range(12)]
    assert authentic_left_out(real).tolist() == expected


def test_chance_of_so_few():
    assert chance_of_so_few(0, 8, 0.5) == 1 / 256
    assert chance_of_so_few(8, 8, 0.3) == pytest.approx(1)
    assert chance_of_so_few(3, 31, 0.5) < 1e-4
