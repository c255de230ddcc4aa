"""Resizing against torchvision's, and what it must keep."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from curator.encoders.pictures import as_rgb, crop, normalise, stretch


@settings(max_examples=25)
@given(wide=st.integers(1, 90), high=st.integers(1, 90), size=st.integers(1, 48), seed=st.integers(0, 9))
def test_crop_equals_torchvision(need, wide, high, size, seed):
    need("torch")
    from torchvision.transforms import CenterCrop, Compose, InterpolationMode, Resize

    levels = np.random.default_rng(seed).integers(0, 256, (high, wide, 3), dtype=np.uint8)
    usual = Compose([Resize(size, InterpolationMode.BICUBIC), CenterCrop(size)])(Image.fromarray(levels))
    assert np.array_equal(crop(levels, size), np.asarray(usual, dtype=np.float32))


def test_stretch_keeps_what_rounding_would_lose():
    step = np.zeros((8, 8, 3), dtype=np.uint8)
    step[:, 4:] = 255
    found = stretch(step, 20)
    assert found.shape == (20, 20, 3)
    assert found.dtype == np.float32
    assert found.min() < 0
    assert found.max() > 255
    assert not np.array_equal(found, found.round())


@pytest.mark.parametrize("size", [5, 8, 13])
def test_a_plain_colour_stays(size):
    plain = np.full((8, 12, 3), (10, 200, 90), dtype=np.uint8)
    for found in (crop(plain, size), stretch(plain, size)):
        assert np.allclose(found, np.array([10, 200, 90], dtype=np.float32), atol=1e-3)


def test_normalise():
    found = normalise(np.full((2, 2, 3), 127.5, dtype=np.float32), (127.5, 0, 100), (1, 127.5, 55))
    assert found.shape == (3, 2, 2)
    assert found[:, 0, 0].tolist() == [0, 1, 0.5]


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1"])
def test_any_image_becomes_rgb(mode):
    assert as_rgb(Image.new(mode, (4, 3))).mode == "RGB"


@pytest.mark.parametrize(
    "levels", [np.zeros((4, 4, 3), dtype=np.float32), np.zeros((4, 4), np.uint8), np.zeros((3, 4, 4), np.uint8)]
)
def test_other_arrays_are_refused(levels):
    with pytest.raises(ValueError, match="expected uint8"):
        as_rgb(levels)
