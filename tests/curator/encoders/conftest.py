"""Encoders that find no weights but those a test gives them, and pictures to encode."""

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _no_weights(monkeypatch):
    for name in ("INCEPTION_WEIGHTS", "CLIP_WEIGHTS", "CLIP_MODEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def pictures():
    """Three smooth pictures of different sizes and shapes, uint8 (height, width, 3)."""
    found = []
    for index, (high, wide) in enumerate([(64, 64), (50, 90), (300, 240)]):
        y, x = np.mgrid[0 : 1 : high * 1j, 0 : 1 : wide * 1j]
        waves = [np.sin(x * (3 + index) + channel) * np.cos(y * (5 + channel)) for channel in range(3)]
        found.append(((np.stack(waves, axis=2) + 1) * 127).astype(np.uint8))
    return found
