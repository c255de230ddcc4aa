"""Pictures that are in the set more than once: pixel for pixel, or nearly."""

from collections import defaultdict

import numpy as np

from curator.audit.context import Context
from curator.audit.pixels import Pixels
from curator.record import Finding
from curator.similarity import groups, near_pairs
from curator.wording import counted

LIKE = 0.9
"""Correlation of the 16 × 16 grey values from which two pictures with near hashes count as alike."""
KEEP_ONE = (
    "A repeated picture is seen more often and copied sooner. "
    "Keep one, and take the others out: `curator exclude PICTURE --reason …`."
)
ACROSS = (
    "Scores on the test pictures are too good while this is so. Put their subjects on one side with "
    "`curator hold-out --subjects A,B --redraw`, or take one side out: `curator exclude PICTURE --reason …`."
)


def exact(context: Context) -> list[Finding]:
    """Pictures with equal upright pixels under different ids."""
    return [
        Finding(
            check="exact-duplicate",
            severity="warning",
            message=f"{context.names(same)}: {counted(len(same), 'picture')} with equal pixels",
            images=context.in_order(same),
            figure=float(len(same)),
            threshold=1.0,
            advice=KEEP_ONE,
        )
        for same in _same_pixels(context)
    ]


def near(context: Context) -> list[Finding]:
    """Groups of pictures that look alike: linked by pairs with like hashes and like light and dark.

    Groups that are one picture pixel for pixel are left to `exact`.
    """
    limit = context.settings.near_duplicate_bits
    found = []
    for group, bits in _alike(context):
        found.append(
            Finding(
                check="near-duplicate",
                severity="warning",
                message=f"{context.names(group)}: {counted(len(group), 'picture')} that look alike ({_at_most(bits)})",
                images=context.in_order(group),
                figure=float(bits),
                threshold=float(limit),
                advice=KEEP_ONE,
            )
        )
    return found


def across(context: Context) -> list[Finding]:
    """Groups of equal or near-equal pictures of which some are in train and some in test."""
    alike = [set(group) for group, _ in _alike(context)]
    candidates = alike + [set(same) for same in _same_pixels(context) if not any(set(same) <= each for each in alike)]
    found = []
    for group in candidates:
        sides: dict[str, list[str]] = defaultdict(list)
        for image in group:
            sides[context.by_id[image].image.split or ""].append(image)
        if sides["train"] and sides["test"]:
            train, test = (context.names(sides[side]) for side in ("train", "test"))
            found.append(
                Finding(
                    check="duplicate-across-splits",
                    severity="error",
                    message=f"alike in train ({train}) and in test ({test})",
                    images=context.in_order(group),
                    figure=float(len(group)),
                    threshold=1.0,
                    advice=ACROSS,
                )
            )
    return found


def likeness(first: bytes, second: bytes) -> float:
    """Correlation of the grey values of two pictures, -1..1; 0 where one is of one colour.

    A hash keeps signs only: two flags with the same stripes, or a ball and a face, can share one.
    """
    one, two = (np.frombuffer(each, dtype=np.uint8).astype(float) for each in (first, second))
    one, two = one - one.mean(), two - two.mean()
    size = float(np.sqrt(np.sum(one**2) * np.sum(two**2)))
    return float(np.sum(one * two)) / size if size else 0.0


def _same_pixels(context: Context) -> list[list[str]]:
    by_digest: dict[str, list[str]] = defaultdict(list)
    for record in context.records:
        if isinstance(pixels := context.pixels.get(record.image.id), Pixels):
            by_digest[pixels.digest].append(record.image.id)
    return [same for same in by_digest.values() if len(same) > 1]


def _alike(context: Context) -> list[tuple[list[str], int]]:
    """Groups that hold at least two different pictures, each with the widest difference that links it, in bits."""
    measured = {
        record.image.id: pixels
        for record in context.records
        if isinstance(pixels := context.pixels.get(record.image.id), Pixels)
    }
    hashes = {image: pixels.hash for image, pixels in measured.items() if pixels.hash is not None}
    pairs = [
        (first, second, bits)
        for first, second, bits in near_pairs(hashes, context.settings.near_duplicate_bits)
        if likeness(measured[first].grey, measured[second].grey) >= LIKE
    ]
    widest: dict[str, int] = defaultdict(int)
    for first, second, bits in pairs:
        for image in (first, second):
            widest[image] = max(widest[image], bits)
    return [
        (group, max(widest[image] for image in group))
        for group in groups(hashes, pairs)
        if len({measured[image].digest for image in group}) > 1
    ]


def _at_most(bits: int) -> str:
    return "equal hashes" if bits == 0 else f"hashes differ in at most {counted(bits, 'bit')}"
