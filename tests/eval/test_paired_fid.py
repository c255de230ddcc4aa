import numpy as np

from eval.fid import frechet_distance
from eval.paired_fid import half_sample_interval, swap_p


def test_equal_models_make_no_difference(gaussian):
    real, fake = gaussian(12, 20, 1), gaussian(12, 20, 2)
    assert swap_p(real, fake, fake, draws=50) == 1.0
    assert half_sample_interval(real, fake, fake, draws=50) == (0.0, 0.0)


def test_p_is_even_when_both_draw_from_one_law(gaussian):
    found = [
        swap_p(gaussian(10, 8, 3 * s), gaussian(10, 8, 3 * s + 1), gaussian(10, 8, 3 * s + 2), draws=59)
        for s in range(150)
    ]
    assert np.mean(np.array(found) <= 0.05) <= 0.1
    assert 0.35 < np.mean(found) < 0.65


def test_a_better_model_is_found_better(gaussian):
    real, before, after = gaussian(20, 30, 1), gaussian(20, 30, 2, mean=2), gaussian(20, 30, 3, mean=0.5)
    assert swap_p(real, before, after, draws=99) == 1 / 100
    low, high = half_sample_interval(real, before, after, draws=99)
    assert low < frechet_distance(real, after) - frechet_distance(real, before) < high < 0


def test_interval_holds_the_truth_about_as_often_as_it_says(gaussian):
    """Two models at mean 1.0 and 0.5 from reals that are taken as they are; pairs independent, n = 24, d = 12."""
    real = gaussian(40, 12, 0)
    draws = [(gaussian(24, 12, 10 + 2 * s, mean=1.0), gaussian(24, 12, 11 + 2 * s, mean=0.5)) for s in range(120)]
    expected = np.mean([frechet_distance(real, after) - frechet_distance(real, before) for before, after in draws])
    held = [low <= expected <= high for low, high in (half_sample_interval(real, *pair, draws=60) for pair in draws)]
    assert 0.88 <= np.mean(held) <= 1.0


def test_three_pairs_have_no_interval_and_steps_are_counted(gaussian):
    real, steps = gaussian(8, 4), []
    assert half_sample_interval(real, gaussian(3, 4, 1), gaussian(3, 4, 2)) is None
    swap_p(real, gaussian(4, 4, 1), gaussian(4, 4, 2), draws=5, step=lambda: steps.append(1))
    assert len(steps) == 5
