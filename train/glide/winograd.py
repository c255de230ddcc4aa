"""3 × 3 convolutions in float32 with a quarter of the multiplications, for machines whose arithmetic is the limit."""

from collections.abc import Sequence
from itertools import product

import torch
from torch import Tensor, nn

OUT = 4
"""Side of the square of output pixels that one tile gives."""
TILE = OUT + 2
"""Side of a tile of input pixels; neighbouring tiles overlap by 2."""
BLOCK = 128
"""Tiles transformed and multiplied at a time, few enough for a processor's cache."""
WORTH = 16
"""A picture of fewer tiles is convolved directly: the transformed weights, four times as large, would not be read in
less time than is saved."""

# Interpolation at the points 0, 1, -1, 2, -2 and infinity; Lavin and Gray 2015 (arXiv 1509.09308), section 4.3.
_INPUT = [
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
]
_KERNEL: Sequence[Sequence[float]] = [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
]
_OUTPUT = [
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
]


def _both_axes(transform: Sequence[Sequence[float]]) -> Tensor:
    """The transform of rows and columns as one matrix on flattened squares, float64."""
    matrix = torch.tensor(transform, dtype=torch.float64)
    return torch.kron(matrix, matrix)


class WinogradConv2d(nn.Module):
    """A convolution of 3 × 3 with stride 1 and padding 1, as Winograd's minimal filtering F(4 × 4, 3 × 3).

    36 multiplications for 16 pixels instead of 144. The rounding error is about four times that of the direct sum.
    For pictures too small to gain, or whose sides are no multiple of 4, it convolves directly.
    """

    input_transform: Tensor
    output_transform: Tensor

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        self.conv = conv
        self.register_buffer("input_transform", _both_axes(_INPUT).float(), persistent=False)
        self.register_buffer("output_transform", _both_axes(_OUTPUT).float(), persistent=False)
        self._kernel: Tensor | None = None

    @staticmethod
    def fits(layer: nn.Module) -> bool:
        """Whether a layer is such a convolution, with channels enough to be worth the transforms."""
        return (
            isinstance(layer, nn.Conv2d)
            and (layer.kernel_size, layer.stride, layer.padding) == ((3, 3), (1, 1), (1, 1))
            and layer.weight.dtype == torch.float32
            and min(layer.in_channels, layer.out_channels) >= TILE**2
        )

    @property
    def kernel(self) -> Tensor:
        """The transformed weights, (36, C, C'); made when they are first needed."""
        if self._kernel is None:
            weight = self.conv.weight.detach()
            squares = weight.permute(2, 3, 1, 0).reshape(9, -1)
            transformed = _both_axes(_KERNEL).to(weight) @ squares
            self._kernel = transformed.view(TILE**2, self.conv.in_channels, self.conv.out_channels)
        return self._kernel

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) → (B, C', H, W), in channels-last memory."""
        batch, _, height, width = x.shape
        if height % OUT or width % OUT or height * width < WORTH * OUT**2:
            out: Tensor = self.conv(x)
            return out
        padded = _padded(x.permute(0, 2, 3, 1))
        down, across = height // OUT, width // OUT
        result = x.new_empty(batch, down, OUT, across, OUT, self.conv.out_channels)
        pictures = max(1, BLOCK // (down * across))
        rows = min(down, max(1, BLOCK // across))
        for picture, row in product(range(0, batch, pictures), range(0, down, rows)):
            pixels = padded[picture : picture + pictures, OUT * row : OUT * (row + rows) + 2]
            tiles = self._convolve(pixels).permute(2, 3, 0, 4, 1, 5)
            result[picture : picture + pictures, row : row + rows].copy_(tiles)
        if self.conv.bias is not None:
            result += self.conv.bias
        return result.view(batch, height, width, -1).permute(0, 3, 1, 2)

    def _convolve(self, pixels: Tensor) -> Tensor:
        """Padded pixels (n, 4r + 2, 4c + 2, C) → tiles of output (4, 4, n, r, c, C')."""
        tiles = pixels.unfold(1, TILE, OUT).unfold(2, TILE, OUT).permute(4, 5, 0, 1, 2, 3)
        shape = tiles.shape[2:5]
        transformed = (self.input_transform @ tiles.reshape(TILE**2, -1)).view(TILE**2, shape.numel(), -1)
        products = torch.bmm(transformed, self.kernel)
        return (self.output_transform @ products.view(TILE**2, -1)).view(OUT, OUT, *shape, -1)


def _padded(x: Tensor) -> Tensor:
    """(B, H, W, C) with a border of zeros; only the border is cleared, the rest is written once."""
    batch, height, width, channels = x.shape
    padded = x.new_empty(batch, height + 2, width + 2, channels)
    padded[:, 0], padded[:, -1], padded[:, :, 0], padded[:, :, -1] = 0, 0, 0, 0
    padded[:, 1:-1, 1:-1] = x
    return padded


def use_winograd(model: nn.Module) -> None:
    """Put a WinogradConv2d in the place of every convolution that can be one; for inference only."""
    for module in list(model.modules()):
        if isinstance(module, WinogradConv2d):
            continue
        for name, layer in list(module.named_children()):
            if WinogradConv2d.fits(layer) and isinstance(layer, nn.Conv2d):
                setattr(module, name, WinogradConv2d(layer))
