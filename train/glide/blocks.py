"""The pieces the UNet is built of: time embedding, residual block, and the container that hands each its inputs."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from train.glide.attention import PixelAttention, zero_
from train.glide.precision import GroupNorm

MAX_PERIOD = 10000


def timestep_embedding(timesteps: Tensor, channels: int) -> Tensor:
    """(B,) timesteps → (B, channels) as [cos | sin], frequencies 10000^(-i / (channels / 2))."""
    half = channels // 2
    index = torch.arange(half, dtype=torch.float32, device=timesteps.device)
    angles = timesteps.float()[:, None] * torch.exp(-math.log(MAX_PERIOD) * index / half)
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class Resample(nn.Module):
    """Halve (average of 2×2) or double (nearest) a picture, without weights."""

    def __init__(self, *, up: bool) -> None:
        super().__init__()
        self.up = up

    def forward(self, x: Tensor) -> Tensor:
        return F.interpolate(x, scale_factor=2, mode="nearest") if self.up else F.avg_pool2d(x, 2)


class ResBlock(nn.Module):
    """Residual block whose second normalisation is scaled and shifted by the embedding; it may resize the picture."""

    def __init__(
        self, channels: int, out_channels: int, emb_channels: int, dropout: float, resample: Resample | None = None
    ) -> None:
        super().__init__()
        self.in_layers = nn.Sequential(GroupNorm(channels), nn.SiLU(), nn.Conv2d(channels, out_channels, 3, padding=1))
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(emb_channels, 2 * out_channels))
        self.out_layers = nn.Sequential(
            GroupNorm(out_channels),
            nn.SiLU(),
            nn.Dropout(dropout),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
        )
        zero_(self.out_layers[-1])
        self.skip_connection = nn.Identity() if channels == out_channels else nn.Conv2d(channels, out_channels, 1)
        self.resample = nn.Identity() if resample is None else resample

    def forward(self, x: Tensor, emb: Tensor) -> Tensor:
        """x (B, C, H, W), emb (B, emb_channels) → (B, out_channels, H', W')."""
        norm, activation, conv = self.in_layers
        h = conv(self.resample(activation(norm(x))))
        scale, shift = self.emb_layers(emb)[:, :, None, None].chunk(2, dim=1)  # each (B, out_channels, 1, 1)
        norm, *rest = self.out_layers
        h = torch.addcmul(shift.to(h.dtype), norm(h), (1 + scale).to(h.dtype))
        for layer in rest:
            h = layer(h)
        out: Tensor = self.skip_connection(self.resample(x)) + h
        return out


class Stage(nn.Sequential):
    """Layers in a row, each given what it takes: residual blocks the embedding, attention the next of `text`."""

    def forward(self, x: Tensor, emb: Tensor, text: Iterator[Tensor]) -> Tensor:  # type: ignore[override]
        for layer in self:
            if isinstance(layer, ResBlock):
                x = layer(x, emb)
            elif isinstance(layer, PixelAttention):
                x = layer(x, next(text))
            else:
                x = layer(x)
        return x
