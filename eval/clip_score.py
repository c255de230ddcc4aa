"""Do the pictures show what their captions say? Cosines between caption and picture in CLIP's space, paired by caption.

The figure is the bare cosine of one named CLIP model: no prefix, no factor, no clipping at 0. Figures of other scales
(2.5 · max(cos, 0), or a hundred times it) and of other CLIP models cannot be compared with it.
Hessel et al. 2021 (arXiv 2104.08718) has the idea, and the scale that is not used here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from curator.errors import InputError
from eval.features import Array, Features, checked_pair
from eval.resampling import Interval, cluster_interval, sign_flip_p


@dataclass(frozen=True)
class PairedDifference:
    """A mean over captions, for two models, and what the difference is worth."""

    original: float
    finetuned: float
    difference: float
    interval: Interval | None
    """95 %, whole subjects drawn anew; None with one subject."""
    p: float
    """Two-sided, signs of the pairs flipped."""


def cosines(captions: Features, pictures: Features) -> Array:
    """The cosine of caption i and picture i, both (n, d): (n,) in [-1, 1].

    Raises InputError where a row is all zero, or the shapes differ.
    """
    texts, images = checked_pair(captions, pictures, at_least=1)
    if len(texts) != len(images):
        raise InputError(f"{len(texts)} captions and {len(images)} pictures cannot be paired")
    lengths = np.linalg.norm(texts, axis=1) * np.linalg.norm(images, axis=1)
    if not lengths.all():
        raise InputError("a feature vector of zeros has no direction, so no cosine")
    return np.asarray(np.clip(np.sum(texts * images, axis=1) / lengths, -1, 1), dtype=np.float64)


def paired_difference(
    original: Array, finetuned: Array, subjects: Sequence[str], draws: int = 2000, seed: int = 0
) -> PairedDifference:
    """Means of two paired figures (n,) and their difference, finetuned - original; `subjects` (n) are the clusters."""
    change = np.asarray(finetuned, dtype=np.float64) - np.asarray(original, dtype=np.float64)
    return PairedDifference(
        original=float(np.mean(original)),
        finetuned=float(np.mean(finetuned)),
        difference=float(change.mean()),
        interval=cluster_interval(change, subjects, draws, seed),
        p=sign_flip_p(change, draws, seed),
    )
