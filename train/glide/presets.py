"""Named pairs of a base model and an upsampler."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from train.glide.samplers import SamplerName


@dataclass(frozen=True)
class Preset:
    """The model options of a pair, and how it is sampled by default."""

    base: Mapping[str, Any]
    upsampler: Mapping[str, Any]
    base_sampler: SamplerName
    base_respacing: str
    upsampler_respacing: str
    guidance: float
    """Scale of classifier-free guidance of the base model; the upsampler has none."""
    upsampler_temperature: float = 0.997
    """Factor of the upsampler's initial noise."""


@dataclass(frozen=True)
class ShortRecipe:
    """A way to sample any pair in few steps, see docs/benchmarks.md for how far it ends from a thousand."""

    sampler: SamplerName
    """Of both models."""
    base_steps: int
    upsampler_steps: int
    guidance_interval: tuple[int, int]
    """Timesteps with guidance. Before them everything is still noise, after them only details are left to choose."""


SHORT = ShortRecipe("dpmpp-2m", base_steps=15, upsampler_steps=6, guidance_interval=(200, 900))

PUBLISHED = {
    "num_channels": 192, "num_head_channels": 64, "attention_resolutions": "32,16,8", "dropout": 0.1,
    "text_ctx": 128, "xf_width": 512, "xf_layers": 16, "xf_heads": 8,
}  # fmt: skip

TINY = {
    "num_channels": 32, "num_res_blocks": 1, "num_head_channels": 32, "dropout": 0.0,
    "text_ctx": 128, "xf_width": 64, "xf_layers": 2, "xf_heads": 2,
}  # fmt: skip

PRESETS: Mapping[str, Preset] = {
    "glide": Preset(
        base=PUBLISHED | {"image_size": 64, "num_res_blocks": 3, "noise_schedule": "squaredcos_cap_v2"},
        upsampler=PUBLISHED | {"image_size": 256, "num_res_blocks": 2, "noise_schedule": "linear", "super_res": True},
        base_sampler="ancestral",
        base_respacing="100",
        upsampler_respacing="fast27",
        guidance=3.0,
    ),
    "tiny": Preset(
        base=TINY
        | {"image_size": 32, "channel_mult": "1,2,3", "attention_resolutions": "16,8"}
        | {"noise_schedule": "squaredcos_cap_v2"},
        upsampler=TINY
        | {"image_size": 128, "channel_mult": "1,1,2,2,3", "attention_resolutions": "16,8"}
        | {"noise_schedule": "linear", "super_res": True},
        base_sampler="ddim",
        base_respacing="ddim20",
        upsampler_respacing="ddim10",
        guidance=3.0,
    ),
}
"""`glide`: the released 64 px model and 64→256 upsampler; `tiny`: 32 px and 32→128, small enough to train on a CPU."""
