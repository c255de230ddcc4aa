import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from train.glide.winograd import BLOCK, WORTH, WinogradConv2d, use_winograd


def deviation(conv, x):
    """Of the fast result from the exact one, relative; and of torch's own."""
    with torch.inference_mode():
        fast, direct = WinogradConv2d(conv)(x), conv(x)
        exact = conv.double()(x.double())
    conv.float()
    return [float((y - exact).norm() / exact.norm()) for y in (fast, direct)]


@given(
    batch=st.integers(1, 3),
    sides=st.tuples(*[st.sampled_from([4, 8, 12, 16, 20, 28, 40, 100])] * 2),
    channels=st.tuples(*[st.integers(1, 9)] * 2),
    bias=st.booleans(),
    channels_last=st.booleans(),
)
def test_it_is_the_convolution_up_to_rounding(batch, sides, channels, bias, channels_last):
    torch.manual_seed(0)
    x = torch.randn(batch, channels[0], *sides)
    if channels_last:
        x = x.contiguous(memory_format=torch.channels_last)
    fast, _ = deviation(nn.Conv2d(*channels, 3, padding=1, bias=bias), x)
    assert fast < 2e-5


def test_many_channels_round_little_more_than_the_direct_sum():
    torch.manual_seed(0)
    fast, _ = deviation(nn.Conv2d(192, 192, 3, padding=1), torch.randn(1, 192, 32, 32))
    # What rounding makes of a sum of so many products. Torch's own is better the wider a machine's vectors are.
    assert 0 < fast < torch.finfo(torch.float32).eps * (192 * 9) ** 0.5


@pytest.mark.parametrize("sides", [(30, 32), (32, 18), (4 * WORTH // 4 - 4, 4)], ids=["height", "width", "few tiles"])
def test_what_does_not_pay_or_fit_is_convolved_directly(sides):
    conv = nn.Conv2d(5, 7, 3, padding=1)
    x = torch.randn(2, 5, *sides)
    fast = WinogradConv2d(conv)
    with torch.inference_mode():
        assert torch.equal(fast(x), conv(x))
    assert fast._kernel is None


def test_a_picture_does_not_depend_on_its_neighbours():
    conv = WinogradConv2d(nn.Conv2d(6, 6, 3, padding=1))
    x = torch.randn(4, 6, 64, 64)
    assert 64 * 64 // 16 >= BLOCK
    with torch.inference_mode():
        assert torch.equal(conv(x)[2:3], conv(x[2:3]))


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(64, 64, 1),
        nn.Conv2d(64, 64, 3),
        nn.Conv2d(64, 64, 3, padding=1, stride=2),
        nn.Conv2d(3, 64, 3, padding=1),
        nn.Conv2d(64, 64, 3, padding=1, dtype=torch.bfloat16),
        nn.Linear(64, 64),
    ],
    ids=["1 × 1", "no padding", "stride", "few channels", "half precision", "linear"],
)
def test_other_layers_are_left_alone(layer):
    model = nn.Sequential(layer, nn.Sequential(nn.Conv2d(64, 64, 3, padding=1)))
    use_winograd(model)
    assert model[0] is layer
    assert isinstance(model[1][0], WinogradConv2d)


def test_doing_it_twice_changes_nothing_more():
    model = nn.Sequential(nn.Conv2d(64, 64, 3, padding=1))
    use_winograd(model)
    first = model[0]
    use_winograd(model)
    assert model[0] is first
    assert isinstance(first.conv, nn.Conv2d)
