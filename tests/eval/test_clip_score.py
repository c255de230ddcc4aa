import numpy as np
import pytest

from curator.errors import InputError
from eval.clip_score import cosines, paired_difference


def test_known_cosines():
    captions = np.array([[1.0, 0], [1, 1], [2, 0], [0, 3]])
    pictures = np.array([[5.0, 0], [1, 0], [-1, 0], [7, 0]])
    assert cosines(captions, pictures) == pytest.approx([1, 2**-0.5, -1, 0])


def test_cosines_ignore_length_and_stay_in_range(gaussian):
    a, b = gaussian(50, 6, 1), gaussian(50, 6, 2)
    assert cosines(a, b) == pytest.approx(cosines(a * 7, b / 3))
    assert cosines(a, a).max() <= 1


def test_what_cannot_be_paired_is_refused():
    with pytest.raises(InputError, match="2 captions and 3 pictures"):
        cosines(np.ones((2, 4)), np.ones((3, 4)))
    with pytest.raises(InputError, match="zeros"):
        cosines(np.zeros((2, 4)), np.ones((2, 4)))


def test_a_model_against_itself_shows_no_difference(gaussian):
    values = gaussian(30, 1).ravel()
    found = paired_difference(values, values, [f"dog{i % 5}" for i in range(30)])
    assert (found.difference, found.interval, found.p) == (0.0, (0.0, 0.0), 1.0)


def test_a_constant_gain_is_found(gaussian):
    values = gaussian(30, 1).ravel()
    found = paired_difference(values, values + 0.5, [f"dog{i % 5}" for i in range(30)], draws=999)
    assert found.difference == pytest.approx(0.5)
    assert found.interval == pytest.approx((0.5, 0.5))
    assert found.p == 1 / 1000


def test_one_subject_gives_a_p_but_no_interval(gaussian):
    values = gaussian(8, 1).ravel()
    found = paired_difference(values, values + gaussian(8, 1, 3).ravel(), ["dog"] * 8)
    assert found.interval is None
    assert 0 < found.p <= 1
