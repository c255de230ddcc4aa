import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from curator.errors import ConfigError
from train.glide.restraint import clamp, dynamic_threshold, known_pixels


def test_clamping_cuts_to_the_range_of_pictures():
    assert clamp(torch.tensor([-3.0, -1.0, 0.25, 1.5])).tolist() == [-1.0, -1.0, 0.25, 1.0]


def ramp(highest, count=1001):
    """One picture per highest value: absolute values 0..highest, evenly, with both signs."""
    signs = torch.tensor([1.0, -1.0]).repeat(count)[:count]
    return torch.stack([torch.linspace(0, top, count) * signs for top in highest]).view(-1, 1, 1, count)


def test_dynamic_threshold_divides_each_picture_by_its_own_percentile():
    pictures = ramp([0.5, 1.0, 2.0, 4.0])
    restrained = dynamic_threshold(90)(pictures)
    assert torch.equal(restrained[:2], pictures[:2])
    assert torch.allclose(restrained[2], (pictures[2] / 1.8).clamp(-1, 1), atol=1e-6)
    assert torch.allclose(restrained[3], (pictures[3] / 3.6).clamp(-1, 1), atol=1e-6)


def test_dynamic_threshold_of_100_cuts_nothing():
    pictures = ramp([3.0])
    assert torch.allclose(dynamic_threshold(100)(pictures), pictures / 3, atol=1e-6)


@given(st.integers(0, 2**32), st.floats(0.1, 100), st.floats(0.01, 10))
def test_dynamic_threshold_stays_in_range_and_leaves_pictures_in_range_alone(seed, percentile, scale):
    x0 = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(seed)) * scale
    restrain = dynamic_threshold(percentile)
    assert restrain(x0).abs().max() <= 1
    assert torch.equal(restrain(clamp(x0)), clamp(x0))


@pytest.mark.parametrize("percentile", [0, -1, 100.5, float("nan")])
def test_what_is_no_percentile_is_refused(percentile):
    with pytest.raises(ConfigError, match="percentile"):
        dynamic_threshold(percentile)


def test_known_pixels_are_pasted_and_the_others_restrained(noise):
    picture, x0 = noise("picture", (2, 3, 8, 8)).clamp(-1, 1), 3 * noise("x0", (2, 3, 8, 8))
    mask = (noise("mask", (2, 1, 8, 8)) > 0).float()
    restrained = known_pixels(picture, mask)(x0)
    known = mask.bool().expand_as(x0)
    assert torch.equal(restrained[known], picture[known])
    assert torch.equal(restrained[~known], clamp(x0)[~known])


def test_pixels_are_pasted_before_the_restraint_and_come_out_unchanged(noise):
    picture, x0 = noise("picture", (1, 3, 8, 8)).clamp(-1, 1), 3 * noise("x0", (1, 3, 8, 8))
    mask = (noise("mask", (1, 1, 8, 8)) > 0).float()
    known = mask.bool().expand_as(x0)
    restrained = known_pixels(picture, mask, then=dynamic_threshold(90))(x0)
    assert torch.equal(restrained[known], picture[known])
    together = dynamic_threshold(90)(torch.where(known, picture, x0))
    assert torch.allclose(restrained[~known], together[~known], atol=1e-6)
    assert not torch.allclose(together[known], picture[known], atol=1e-2)
