"""The only source of chance in a split. Knows nothing of pictures or members."""

import hashlib


def draw(seed: int, *names: str) -> bytes:
    """A number that depends on nothing but its arguments: the same on any machine and Python version."""
    return hashlib.sha256("\0".join([str(seed), *names]).encode()).digest()
