"""How a model is computed: device, type of numbers, and everything that makes it faster without changing what it is."""

import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from curator.errors import ConfigError
from train.glide.attention import PixelAttention
from train.glide.blocks import ResBlock
from train.glide.memory import keep_freed_memory
from train.glide.precision import DTYPES, DtypeName, cast
from train.glide.probe import DeviceName, bfloat16_pays, find_device, remembered_probe
from train.glide.text_encoder import TextState
from train.glide.unet import Glide
from train.glide.winograd import use_winograd

SHARE_OF_PLAIN = 0.5
"""What float32 takes on a CPU of the plain path's time; bfloat16 must take less."""


@dataclass(frozen=True)
class Engine:
    """One way to compute a model. With every option off (`PLAIN`) it is the model as it is written, in float32."""

    device: DeviceName = "cpu"
    dtype: DtypeName = "float32"
    channels_last: bool = True
    """Pictures lie in memory pixel by pixel, which convolutions read fastest."""
    fused_attention: bool = True
    """Attention never holds the matrix of all weights (torch's scaled_dot_product_attention)."""
    winograd: bool = True
    """3 × 3 convolutions in float32 on a CPU with a quarter of the multiplications, see train.glide.winograd."""
    in_place: bool = True
    """Activations overwrite their input."""
    keep_memory: bool = True
    """The process keeps freed memory, see train.glide.memory: new pages cost as much as the smaller layers."""
    keep_text: bool = True
    """What every attention layer makes of a caption is made once and not once a step."""
    compiled: bool = False
    """Blocks are compiled by torch.compile; it needs a C++ compiler and takes minutes before the first step."""

    def prepare(self, model: Glide) -> Glide:
        """`model` in evaluation mode, on the device, cast and rearranged in place; only for inference afterwards.

        Raises ConfigError where it is to be compiled and there is no compiler.
        """
        if self.compiled:
            check_compiler()
        model = cast(model.eval().requires_grad_(False).to(self.device), self.dtype)
        if self.channels_last:
            model = model.to(memory_format=torch.channels_last)
        if self.uses_winograd:
            use_winograd(model)
        keep_freed_memory(self.keep_memory)
        blocks = [block for block in model.modules() if isinstance(block, ResBlock | PixelAttention)]
        for block in blocks:
            if self.in_place and isinstance(block, ResBlock):
                for layers in (block.in_layers, block.out_layers):
                    _overwrite(layers)
            if self.compiled:
                block.compile(dynamic=False)
        if self.compiled:  # every block has shapes of its own; past its limit torch would go on uncompiled
            limits = torch._dynamo.config
            limits.recompile_limit = max(limits.recompile_limit, 8 * len(blocks))
            limits.fail_on_recompile_limit_hit = True
        return model

    @property
    def uses_winograd(self) -> bool:
        """Whether the option `winograd` has an effect."""
        return self.winograd and self.dtype == "float32" and self.device == "cpu"

    def text(self, model: Glide, tokens: torch.Tensor, mask: torch.Tensor) -> TextState:
        """States of tokenized captions (B, text_ctx), with what the attention layers make of them if they are kept."""
        text = model.encode_text(tokens.to(self.device), mask.to(self.device))
        return model.with_keys(text) if self.keep_text else text

    @contextmanager
    def running(self) -> Iterator[None]:
        """Surrounds sampling: without gradients, and with the attention that is asked for."""
        attention = nullcontext() if self.fused_attention else sdpa_kernel(SDPBackend.MATH)
        with torch.inference_mode(), attention:
            yield


PLAIN = Engine(
    channels_last=False, fused_attention=False, winograd=False, in_place=False, keep_memory=False,
    keep_text=False, compiled=False,
)  # fmt: skip
"""The reference that speed is measured against. The released code, moreover, encodes the text in every step."""


def choose_engine(device: str = "auto", dtype: str = "auto", *, compiled: bool = False) -> Engine:
    """The fastest engine of this machine, or exactly what is asked for.

    `auto` means a GPU where there is one; and bfloat16 where it is faster: on a GPU that has it, on a CPU by a short
    measurement, made once a machine. Raises ConfigError for a device that is not there, a type that it cannot compute
    with, or `compiled` without a compiler.
    """
    name = find_device(device)
    if compiled:
        check_compiler()
    if dtype == "auto":
        return Engine(name, _best_dtype(name), compiled=compiled)
    found = next((known for known in DTYPES if known == dtype), None)
    if found is None:
        raise ConfigError(f"precision {dtype!r} is not known", hint=f"use auto, {', '.join(DTYPES)}")
    if found == "float16" and name == "cpu":
        raise ConfigError(
            "precision float16: a CPU has no arithmetic for it, one step would take hours",
            hint="take bfloat16 or float32",
        )
    return Engine(name, found, compiled=compiled)


def check_compiler() -> None:
    """Raise ConfigError unless the compiler that torch.compile calls is there: $CXX, else g++."""
    program = (shlex.split(os.environ.get("CXX", "")) or ["g++"])[0]
    if not shutil.which(program):
        raise ConfigError(
            f"compiling a model needs a C++ compiler, and there is no {program}",
            hint="install g++, or leave --compile out",
        )


def _best_dtype(device: DeviceName) -> DtypeName:
    if device == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16"
    if device == "mps":
        return "float32"
    # Float32 has Winograd's filtering, which the probe's plain convolution has not.
    return "bfloat16" if bfloat16_pays(remembered_probe(torch.device(device)), SHARE_OF_PLAIN) else "float32"


def _overwrite(layers: nn.Sequential) -> None:
    """Let the activations in `layers`, whose input is a normalisation's output and nobody else's, overwrite it."""
    for layer in layers:
        if isinstance(layer, nn.SiLU):
            layer.inplace = True
