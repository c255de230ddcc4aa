"""The text encoder: tokens to one state per position and one vector for the time embedding."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from train.glide.attention import TextSelfAttention
from train.glide.precision import LayerNorm


class TextState(NamedTuple):
    """What the UNet needs to know of a batch of captions; computed once for all steps of a sampling loop."""

    pooled: Tensor
    """(B, 4·num_channels), added to the time embedding."""
    sequence: Tensor
    """(B, text_ctx, xf_width), one state per position, attended to by the pixels."""
    keys: tuple[Tensor, ...] = ()
    """What `sequence` is to each attention layer, (B, text_ctx, 2·C), see `Glide.with_keys`; empty: not yet known."""

    @classmethod
    def concatenate(cls, *states: "TextState") -> "TextState":
        """One batch out of several, all with keys or all without."""
        columns = zip(*(state.tensors for state in states), strict=True)
        return cls._of([torch.cat(column) for column in columns])

    def rows(self, start: int, stop: int) -> "TextState":
        """The captions from `start` up to `stop`."""
        return self._of([tensor[start:stop] for tensor in self.tensors])

    def take(self, rows: Tensor) -> "TextState":
        """The captions at the places `rows`, (n,) int64."""
        return self._of([tensor[rows] for tensor in self.tensors])

    @property
    def tensors(self) -> list[Tensor]:
        """Pooled states, sequence and keys, each with the batch first."""
        return [self.pooled, self.sequence, *self.keys]

    @classmethod
    def _of(cls, tensors: list[Tensor]) -> "TextState":
        pooled, sequence, *keys = tensors
        return cls(pooled, sequence, tuple(keys))


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
        self.ln_1 = LayerNorm(width)
        self.mlp = Mlp(width)
        self.ln_2 = LayerNorm(width)

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
