"""Attention of the UNet (over pixels and text) and of the text encoder; both keep q, k and v together per head."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from train.glide.precision import GroupNorm


def split_heads(x: Tensor, heads: int, parts: int) -> tuple[Tensor, ...]:
    """(B, T, heads·parts·d) with the channels of one head together → `parts` tensors (B, heads, T, d)."""
    batch, length, channels = x.shape
    x = x.view(batch, length, heads, parts, channels // (heads * parts)).permute(3, 0, 2, 1, 4)
    return x.unbind(0)


def merge_heads(x: Tensor) -> Tensor:
    """(B, heads, T, d) → (B, T, heads·d)."""
    return x.transpose(1, 2).flatten(2)


class TextSelfAttention(nn.Module):
    """Multi-head attention over all positions of the text: neither causal nor padding positions are masked."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.c_qkv = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, width) → the same shape."""
        q, k, v = split_heads(self.c_qkv(x), self.heads, 3)
        out: Tensor = self.c_proj(merge_heads(F.scaled_dot_product_attention(q, k, v)))
        return out


class PixelAttention(nn.Module):
    """Residual attention block of the UNet: pixels attend to the text and to each other (Nichol et al. 2021, 2.1)."""

    def __init__(self, channels: int, heads: int, text_width: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = GroupNorm(channels)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.encoder_kv = nn.Conv1d(text_width, 2 * channels, 1)
        self.proj_out = nn.Conv1d(channels, channels, 1)
        zero_(self.proj_out)

    def project_text(self, sequence: Tensor) -> Tensor:
        """States of the text (B, T, text_width) → this layer's keys and values of them, (B, T, 2·channels)."""
        return pointwise(self.encoder_kv, sequence)

    def forward(self, x: Tensor, text: Tensor) -> Tensor:
        """x (B, C, H, W), text (B, T, 2·C) from `project_text` → (B, C, H, W)."""
        batch, channels, height, width = x.shape
        # Pixels as rows: in channels-last memory this is a view, and a 1-wide convolution is a matrix product.
        rows = self.norm(x).permute(0, 2, 3, 1).reshape(batch, height * width, channels)
        q, k, v = split_heads(pointwise(self.qkv, rows), self.heads, 3)
        text_k, text_v = split_heads(text, self.heads, 2)
        k, v = torch.cat([text_k, k], dim=2), torch.cat([text_v, v], dim=2)
        rows = pointwise(self.proj_out, merge_heads(F.scaled_dot_product_attention(q, k, v)))
        return x + rows.view(batch, height, width, channels).permute(0, 3, 1, 2)


def zero_(layer: nn.Module) -> None:
    """Set every parameter of `layer` to zero, so that its residual branch starts as nothing."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)


def pointwise(conv: nn.Conv1d, rows: Tensor) -> Tensor:
    """A convolution of width 1 applied to rows (B, T, C) instead of columns (B, C, T)."""
    return F.linear(rows, conv.weight[:, :, 0], conv.bias)
