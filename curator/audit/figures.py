"""The figures of a set: counts, sizes, authors, comparisons, places."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from curator.audit import authors, comparison, places
from curator.audit.context import Context
from curator.audit.texts import written

GLIDE_SIDE = 256
"""Side of the pictures that GLIDE's upsampler learns from, in pixels."""


@dataclass(frozen=True)
class Counts:
    pictures: int
    captions: int
    """Texts that would be exported now, blank ones left out."""
    texts: int
    """Texts that anybody wrote, blind overlap included: the ground of the figures about authors."""
    authors: int
    subjects: int
    splits: Mapping[str, int]
    """train, test and, for pictures that were not drawn yet, undecided → pictures."""


@dataclass(frozen=True)
class Sizes:
    """Of the kept pictures, in pixels."""

    width: tuple[int, float, int]
    """Smallest, median, largest."""
    height: tuple[int, float, int]
    small: int
    """Pictures with a side below 256, which export must enlarge for GLIDE's upsampler."""
    square: int
    formats: Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    counts: Counts
    sizes: Sizes | None
    """None for an empty set."""
    authors: authors.Authors
    comparisons: comparison.Comparisons
    places: places.PlaceTable


def figures(context: Context) -> Figures:
    """All figures of a set."""
    texts = written(context.records)
    splits = Counter(record.image.split or "undecided" for record in context.records)
    counts = Counts(
        pictures=len(context.records),
        captions=sum(bool(caption.text.strip()) for _, caption in context.captions()),
        texts=len(texts),
        authors=len({text.author for text in texts}),
        subjects=len({record.image.subject for record in context.records} - {None}),
        splits=dict(sorted(splits.items())),
    )
    return Figures(counts, _sizes(context), authors.figures(texts), comparison.compare(texts), places.table(context))


def _sizes(context: Context) -> Sizes | None:
    images = [record.image for record in context.records]
    if not images:
        return None
    formats = Counter(image.format for image in images)
    return Sizes(
        width=_spread([image.width for image in images]),
        height=_spread([image.height for image in images]),
        small=sum(min(image.width, image.height) < GLIDE_SIDE for image in images),
        square=sum(image.width == image.height for image in images),
        formats=dict(sorted(formats.items())),
    )


def _spread(values: list[int]) -> tuple[int, float, int]:
    return min(values), float(np.median(values)), max(values)
