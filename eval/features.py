"""Feature arrays, which every figure is computed from, and the checks they share. Knows no pictures and no models."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from curator.errors import InputError

Array: TypeAlias = NDArray[np.float64]
Features: TypeAlias = NDArray[np.floating]
"""One row a picture: (n, d), any floating type; the figures compute in float64."""


def checked(features: Features, at_least: int = 2) -> Array:
    """`features` in float64. Raises InputError unless they are (n, d) with n ≥ `at_least`, d ≥ 1, and finite."""
    array = np.asarray(features, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] < 1:
        raise InputError(f"features must have the shape (pictures, width), not {array.shape}")
    if len(array) < at_least:
        raise InputError(f"this figure needs at least {at_least} pictures on each side, not {len(array)}")
    if not np.isfinite(array).all():
        raise InputError("features must be finite; some are not a number or infinite")
    return array


def checked_pair(a: Features, b: Features, at_least: int = 2) -> tuple[Array, Array]:
    """Two sets of features of the same width, checked; the numbers of pictures may differ. Raises InputError."""
    first, second = checked(a, at_least), checked(b, at_least)
    if first.shape[1] != second.shape[1]:
        raise InputError(
            f"features of two extractors cannot be compared: widths {first.shape[1]} and {second.shape[1]}"
        )
    return first, second
