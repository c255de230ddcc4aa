"""The Fréchet distance between two sets of features, exact also where pictures are fewer than features.

Heusel et al. 2017 (arXiv 1706.08500), eq. 6: |μ₁ - μ₂|² + Tr(S₁ + S₂ - 2 (S₁S₂)^½), covariances with n - 1.

The square root is never formed. With S = AᵀA, A = (X - μ)/√(n - 1), the eigenvalues of S₁S₂ are the squared singular
values of A₁A₂ᵀ, so Tr (S₁S₂)^½ is the sum of the singular values of that n₁ × n₂ matrix: no epsilon, no complex part.

The distance is called FID only in Inception features; whoever prints it names the extractor.
"""

import numpy as np

from eval.features import Array, Features, checked_pair


def frechet_distance(a: Features, b: Features) -> float:
    """The squared Fréchet distance between Gaussians fitted to `a` (n₁, d) and `b` (n₂, d); 0 for equal sets.

    Symmetric, and blind to the order of rows. Biased upwards by sampling: see `eval.floor` and docs/evaluation.md.
    Raises InputError where a side has fewer than 2 rows, the widths differ, or a value is not finite.
    """
    first, second = checked_pair(a, b)
    means = float(np.sum((first.mean(axis=0) - second.mean(axis=0)) ** 2))
    root_first, root_second = _covariance_root(first), _covariance_root(second)
    traces = float(np.sum(root_first**2) + np.sum(root_second**2))
    overlap = float(np.linalg.norm(root_first @ root_second.T, "nuc"))
    return max(means + traces - 2 * overlap, 0.0)


def _covariance_root(features: Array) -> Array:
    """A with AᵀA = the covariance of `features`, in min(n, d) rows."""
    centred = (features - features.mean(axis=0)) / np.sqrt(len(features) - 1)
    if len(centred) > centred.shape[1]:
        centred = np.linalg.qr(centred).R
    return np.asarray(centred, dtype=np.float64)
