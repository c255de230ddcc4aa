import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.errors import InputError
from eval.fid import frechet_distance


def dense(a, b):
    """The textbook formula: eigenvalues of the d × d product of covariances."""
    first, second = (np.atleast_2d(np.cov(rows, rowvar=False)) for rows in (a, b))
    eigenvalues = np.linalg.eigvals(first @ second)
    root = np.sqrt(np.maximum(eigenvalues.real, 0)).sum()
    return np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(first) + np.trace(second) - 2 * root


def whitened(n, d, seed):
    """n rows whose sample mean is exactly 0 and whose sample covariance is exactly the identity."""
    rows = np.random.default_rng(seed).normal(size=(n, d))
    rows -= rows.mean(0)
    return np.linalg.qr(rows)[0] * np.sqrt(n - 1)


@pytest.mark.parametrize(("n", "m", "d"), [(37, 37, 192), (37, 5, 64), (50, 30, 8), (300, 200, 16), (2, 2, 1)])
def test_equals_the_dense_formula(gaussian, n, m, d):
    a, b = gaussian(n, d, 1), gaussian(m, d, 2, mean=0.5, sd=1.5)
    assert frechet_distance(a, b) == pytest.approx(dense(a, b), rel=1e-5)


@pytest.mark.filterwarnings("ignore:The `disp` argument:DeprecationWarning")  # pytorch-fid's call, not ours
def test_equals_pytorch_fid_where_pictures_outnumber_features(gaussian, need):
    need("eval")
    from pytorch_fid.fid_score import calculate_frechet_distance as reference

    a, b = gaussian(400, 32, 3) @ gaussian(32, 32, 4), gaussian(300, 32, 5, mean=0.2)
    moments = [part for rows in (a, b) for part in (rows.mean(0), np.cov(rows, rowvar=False))]
    assert frechet_distance(a, b) == pytest.approx(reference(*moments), rel=1e-8)


def test_known_gaussians():
    """Between N(0, I) and N(m, diag(s²)): |m|² + Σ (1 - s)²."""
    scales, shift = np.array([1.0, 2.0, 0.5, 3.0]), np.array([1.0, 0.0, -2.0, 0.5])
    a, b = whitened(60, 4, 1), whitened(90, 4, 2) * scales + shift
    assert frechet_distance(a, b) == pytest.approx(np.sum(shift**2) + np.sum((1 - scales) ** 2), rel=1e-12)


def test_disjoint_directions_share_nothing():
    """Sets that vary in different directions: only means and traces count."""
    a, b = np.zeros((3, 4)), np.zeros((3, 4))
    a[:, 0], b[:, 1] = [-1, 0, 1], [-2, 0, 2]
    assert frechet_distance(a, b) == pytest.approx(1 + 4)


@given(st.integers(0, 10_000), st.integers(2, 20), st.integers(2, 20), st.integers(1, 30))
def test_symmetric_blind_to_order_and_never_negative(seed, n, m, d):
    generator = np.random.default_rng(seed)
    a, b = generator.normal(size=(n, d)), generator.normal(size=(m, d))
    there = frechet_distance(a, b)
    assert there >= 0
    assert frechet_distance(b, a) == pytest.approx(there, rel=1e-9, abs=1e-9)
    assert frechet_distance(generator.permutation(a), generator.permutation(b)) == pytest.approx(
        there, rel=1e-9, abs=1e-9
    )


def test_a_set_is_at_no_distance_from_itself_and_a_shift_adds_its_square(gaussian):
    a = gaussian(20, 50)
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(a, a + 3) == pytest.approx(50 * 9, rel=1e-9)


def test_a_far_mean_costs_no_precision(gaussian):
    a, b = gaussian(20, 50, 1), gaussian(20, 50, 2)
    assert frechet_distance(a + 1e4, b + 1e4) == pytest.approx(frechet_distance(a, b), rel=1e-7)


def test_float32_features_are_measured_in_float64(gaussian):
    a, b = gaussian(30, 40, 1).astype(np.float32), gaussian(30, 40, 2).astype(np.float32)
    assert frechet_distance(a, b) == frechet_distance(a.astype(np.float64), b.astype(np.float64))


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        pytest.param(np.ones((1, 4)), np.ones((5, 4)), "at least 2 pictures", id="one picture"),
        pytest.param(np.ones((5, 4)), np.ones((0, 4)), "at least 2 pictures", id="no picture"),
        pytest.param(np.ones((5, 4)), np.ones((5, 3)), "widths 4 and 3", id="two extractors"),
        pytest.param(np.ones(5), np.ones((5, 3)), "shape", id="not a table"),
        pytest.param(np.full((5, 4), np.nan), np.ones((5, 4)), "finite", id="not a number"),
    ],
)
def test_what_cannot_be_measured_is_refused(a, b, told):
    with pytest.raises(InputError, match=told):
        frechet_distance(a, b)
