"""The two towers of the noised CLIP: tokens, or a noisy picture and its timestep, to one vector each.

Their parameters are named as in the released files, one file a tower.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from curator.encoders.clip import DEVIATION, MEAN
from train.glide.clip.layers import Block, Linear, Norm
from train.glide.clip.options import ClipOptions


class TextInput(nn.Module):
    """Tokens (B, T) → states (B, T, width)."""

    def __init__(self, vocabulary: int, length: int, width: int) -> None:
        super().__init__()
        self.w_voc = nn.Parameter(torch.empty(vocabulary, width))
        self.w_pos = nn.Parameter(torch.empty(length, width))
        for table in (self.w_voc, self.w_pos):
            nn.init.normal_(table, std=0.02)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.w_voc[tokens] + self.w_pos


class ImageInput(nn.Module):
    """Noisy pictures (B, 3, S, S) in about -1..1 and timesteps (B,) → states (B, 1 + patches, width).

    The timestep's row of `w_t` stands in the place of ViT's class token (Dosovitskiy et al. 2020).
    """

    def __init__(self, options: ClipOptions) -> None:
        super().__init__()
        width, self.patch = options.image_width, options.patch_size
        self.w_t = nn.Parameter(torch.empty(options.n_timesteps, width))
        self.patch_proj = nn.Parameter(torch.empty(width, 3, self.patch, self.patch))
        self.w_pos = nn.Parameter(torch.empty(1 + options.patches, width))
        self.ln = Norm(width)
        nn.init.normal_(self.patch_proj, std=(3 * self.patch**2) ** -0.5)
        for table in (self.w_t, self.w_pos):
            nn.init.normal_(table, std=0.02)

    def forward(self, x: Tensor, timesteps: Tensor) -> Tensor:
        mean, deviation = (x.new_tensor(channels)[:, None, None] for channels in (MEAN, DEVIATION))
        x = ((x + 1) * 127.5 - 255 * mean) / (255 * deviation)
        patches = F.conv2d(x, self.patch_proj, stride=self.patch).flatten(2).transpose(1, 2)  # (B, patches, width)
        out: Tensor = self.ln(torch.cat([self.w_t[timesteps][:, None], patches], dim=1) + self.w_pos)
        return out


class Output(nn.Module):
    """One position's state (B, width) → a vector of length 1 in the shared space, (B, n_embd)."""

    def __init__(self, width: int, embedding: int) -> None:
        super().__init__()
        self.ln = Norm(width)
        self.f = Linear(width, embedding, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.normalize(self.f(self.ln(x)), dim=-1)


class TextTower(nn.Module):
    """Captions → unit vectors; a position sees only itself and those before it."""

    def __init__(self, options: ClipOptions) -> None:
        super().__init__()
        width, heads = options.text_width, options.n_head_text
        blocks = {f"block_{i}": Block(width, heads, causal=True) for i in range(options.n_xf_blocks_text)}
        source = TextInput(options.n_vocab, options.max_text_len, width)
        self.blocks = nn.ModuleDict({"input": source, **blocks, "output": Output(width, options.n_embd)})

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """tokens (B, max_text_len) int64, lengths (B,) up to and with the end token → (B, n_embd), read at the end."""
        source, *blocks, output = self.blocks.values()
        x = source(tokens)
        for block in blocks:
            x = block(x)
        out: Tensor = output(x[torch.arange(len(x), device=x.device), lengths - 1])
        return out


class ImageTower(nn.Module):
    """Noisy pictures → unit vectors; every position sees every other."""

    def __init__(self, options: ClipOptions) -> None:
        super().__init__()
        width, heads = options.image_width, options.n_head_image
        blocks = {f"block_{i}": Block(width, heads, causal=False) for i in range(options.n_xf_blocks_image)}
        self.blocks = nn.ModuleDict({"input": ImageInput(options), **blocks, "output": Output(width, options.n_embd)})

    def forward(self, x: Tensor, timesteps: Tensor) -> Tensor:
        """x (B, 3, S, S), timesteps (B,) int64 → (B, n_embd), read at the timestep's position."""
        source, *blocks, output = self.blocks.values()
        h = source(x, timesteps)
        for block in blocks:
            h = block(h)
        out: Tensor = output(h[:, 0])
        return out
