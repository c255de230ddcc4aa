"""The transformer blocks of the noised CLIP, with the parameter names of the released weights."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from train.glide.attention import merge_heads, split_heads

EPSILON = 1e-5


class Norm(nn.Module):
    """Layer normalisation with gain g and bias b."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.g = nn.Parameter(torch.ones(width))
        self.b = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, self.g.shape, self.g, self.b, EPSILON)


class Linear(nn.Module):
    """x·wᵀ + b, with w (outputs, inputs)."""

    def __init__(self, inputs: int, outputs: int, *, bias: bool = True) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.empty(outputs, inputs))
        self.b = nn.Parameter(torch.zeros(outputs)) if bias else None
        nn.init.normal_(self.w, std=inputs**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.w, self.b)


class Attention(nn.Module):
    """Pre-norm multi-head self-attention; the keys have no bias, which softmax would cancel."""

    def __init__(self, width: int, heads: int, *, causal: bool) -> None:
        super().__init__()
        self.heads, self.causal = heads, causal
        self.ln = Norm(width)
        self.f_q = Linear(width, width)
        self.f_k = Linear(width, width, bias=False)
        self.f_v = Linear(width, width)
        self.f_c = Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, width) → the same shape."""
        x = self.ln(x)
        (q,), (k,), (v,) = (split_heads(layer(x), self.heads, 1) for layer in (self.f_q, self.f_k, self.f_v))
        out: Tensor = self.f_c(merge_heads(F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)))
        return out


class Mlp(nn.Module):
    """Pre-norm, two linear layers with an exact GELU between them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.ln = Norm(width)
        self.f_1 = Linear(width, 4 * width)
        self.f_2 = Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.f_2(F.gelu(self.f_1(self.ln(x))))
        return out


class Block(nn.Module):
    """Attention and perceptron, each added to what it was given."""

    def __init__(self, width: int, heads: int, *, causal: bool) -> None:
        super().__init__()
        self.f_attn = Attention(width, heads, causal=causal)
        self.f_mlp = Mlp(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.f_attn(x)
        out: Tensor = x + self.f_mlp(x)
        return out
