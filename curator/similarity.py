"""Perceptual hashes of pictures, and the groups of pictures that look alike."""

from collections.abc import Mapping

import numpy as np
from PIL import Image as Pillow

BLOCK = 1024


def perceptual_hash(picture: Pillow.Image) -> int:
    """The 64-bit DCT hash (pHash) of a picture: near pictures differ in few bits."""
    import imagehash

    bits = imagehash.phash(picture).hash.flatten()
    return int("".join("1" if bit else "0" for bit in bits), 2)


def near_pairs(hashes: Mapping[str, int], bits: int) -> list[tuple[str, str, int]]:
    """All pairs of names whose hashes differ in at most `bits` bits, with that number; ordered by name."""
    names = sorted(hashes)
    values = np.array([hashes[name] for name in names], dtype=np.uint64)
    pairs = []
    for start in range(0, len(names), BLOCK):
        distances = np.bitwise_count(values[start : start + BLOCK, None] ^ values[None, :])
        for row, column in zip(*np.nonzero(distances <= bits), strict=True):
            if start + row < column:
                pairs.append((names[start + row], names[column], int(distances[row, column])))
    return pairs


def groups(names: Mapping[str, object] | list[str], pairs: list[tuple[str, str, int]]) -> list[list[str]]:
    """The connected groups that pairs make of names, loners too; each sorted, ordered by first name."""
    leader = {name: name for name in names}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for first, second, _ in pairs:
        low, high = sorted((find(first), find(second)))
        leader[high] = low
    found: dict[str, list[str]] = {}
    for name in sorted(leader):
        found.setdefault(find(name), []).append(name)
    return list(found.values())
