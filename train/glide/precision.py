"""Half precision: which weights become 16 bits wide, and the layers that compute in float32 all the same."""

from typing import Literal, TypeVar

import torch
from torch import Tensor, nn

DtypeName = Literal["float32", "bfloat16", "float16"]
DTYPES: dict[DtypeName, torch.dtype] = {
    "float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16,
}  # fmt: skip

HALF = (nn.Conv1d, nn.Conv2d, nn.Embedding)
"""Layers whose weights are halved wherever they stand."""
HALF_IN_TEXT = ("transformer.", "transformer_proj.", "token_embedding.", "positional_embedding", "padding_embedding")
"""The text encoder is halved but for its normalisations."""
KEPT = ("out.",)
"""The last convolution's output is the prediction itself."""

AnyModule = TypeVar("AnyModule", bound=nn.Module)


class GroupNorm(nn.GroupNorm):
    """Group normalisation in 32 groups with float32 statistics and weights; the output has the input's type."""

    def __init__(self, channels: int) -> None:
        super().__init__(32, channels)

    def forward(self, x: Tensor) -> Tensor:
        if x.dtype == self.weight.dtype or x.device.type == "cpu":  # on a CPU the kernel itself takes both types
            return super().forward(x)
        return super().forward(x.float()).to(x.dtype)


class LayerNorm(nn.LayerNorm):
    """Layer normalisation with float32 statistics and weights; the output has the input's type."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.to(self.weight.dtype)).to(x.dtype)


def cast(model: AnyModule, dtype: DtypeName) -> AnyModule:
    """Give the weights of a Glide the type `dtype` where that does no harm, in place; works on the meta device.

    Convolutions and the text encoder are cast, as the released code does for float16. Normalisations, the embedding
    of timesteps with all that it scales, and the last layer stay float32: their weights are few.
    """
    normalisations = (nn.GroupNorm, nn.LayerNorm)
    for place, module in model.named_modules():
        for name, parameter in module.named_parameters(prefix=place, recurse=False):
            in_text = name.startswith(HALF_IN_TEXT) and not isinstance(module, normalisations)
            if in_text or (isinstance(module, HALF) and not name.startswith(KEPT)):
                parameter.data = parameter.data.to(DTYPES[dtype])
    return model
