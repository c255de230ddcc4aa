"""Every random draw, as a function of the seed and of what it is for: none depends on the draws made before it."""

import hashlib

import torch

Name = str | int


def derive(seed: int, *names: Name) -> int:
    """A number of 63 bits that follows from the seed and the names; the same on every machine."""
    text = "/".join(map(str, (seed, *names)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 1


def generator(seed: int, *names: Name) -> torch.Generator:
    """A generator on the CPU for the draws that the names stand for."""
    return torch.Generator().manual_seed(derive(seed, *names))
