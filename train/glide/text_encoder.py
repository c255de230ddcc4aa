"""The text encoder: tokens to one state per position and one vector for the time embedding."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from train.glide.attention import TextSelfAttention


class TextState(NamedTuple):
    """What the UNet needs to know of a batch of captions; computed once for all steps of a sampling loop."""

    pooled: Tensor
    """(B, 4·num_channels), added to the time embedding."""
    sequence: Tensor
    """(B, text_ctx, xf_width), one state per position, attended to by the pixels."""

    @classmethod
    def concatenate(cls, *states: "TextState") -> "TextState":
        """One batch out of several."""
        return cls(*(torch.cat(parts) for parts in zip(*states, strict=True)))

    def expand(self, batch: int) -> "TextState":
        """One caption (a batch of 1) seen as `batch` equal ones."""
        return TextState(self.pooled.expand(batch, -1), self.sequence.expand(batch, -1, -1))

    def rows(self, start: int, stop: int) -> "TextState":
        """The captions from `start` up to `stop`."""
        return TextState(self.pooled[start:stop], self.sequence[start:stop])


class Mlp(nn.Module):
    """Two linear layers with an exact GELU between them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.c_proj(F.gelu(self.c_fc(x)))
        return out


class Block(nn.Module):
    """A pre-norm transformer block."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attn = TextSelfAttention(width, heads)
        self.ln_1 = nn.LayerNorm(width)
        self.mlp = Mlp(width)
        self.ln_2 = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        out: Tensor = x + self.mlp(self.ln_2(x))
        return out


class Transformer(nn.Module):
    """A stack of blocks: (B, T, width) → the same shape."""

    def __init__(self, width: int, layers: int, heads: int) -> None:
        super().__init__()
        self.resblocks = nn.ModuleList(Block(width, heads) for _ in range(layers))

    def forward(self, x: Tensor) -> Tensor:
        for block in self.resblocks:
            x = block(x)
        return x
