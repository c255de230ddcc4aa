"""The options of a GLIDE model under the names of the released code, checked before a layer is made."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from curator.workspace import Settings, check
from train.glide.schedules import Schedule

CHANNEL_MULT = {64: (1, 2, 3, 4), 128: (1, 1, 2, 3, 4), 256: (1, 1, 2, 2, 4, 4)}
"""Widths of the levels, as multiples of `num_channels`, where `channel_mult` is left empty."""


class Options(Settings):
    """What makes one model. The defaults are those of the released 64 px base model.

    Some names exist so that a set of options of the released code can be passed on as it is: `cache_text_emb` has no
    effect (text states belong to the caller, see `Glide.encode_text`), and the last three describe the diffusion.
    """

    image_size: int = Field(default=64, gt=0)
    """Side of the pictures in px; it decides at which levels attention stands."""
    num_channels: int = Field(default=192, gt=0, multiple_of=32)
    """Width of the first level; group normalisation works in 32 groups."""
    num_res_blocks: int = Field(default=3, gt=0)
    channel_mult: str = ""
    """Width of each level as a multiple of `num_channels`, as in "1,2,3,4"; empty: what the image size asks for."""
    num_heads: int = Field(default=1, gt=0)
    """Attention heads where `num_head_channels` is -1."""
    num_head_channels: int = Field(default=64, ge=-1)
    """Width of one attention head, or -1: channels / `num_heads`."""
    num_heads_upsample: int = Field(default=-1, ge=-1)
    """As `num_heads` on the way up, or -1: the same."""
    attention_resolutions: str = "32,16,8"
    """Attention stands where the picture is downsampled `image_size // n` times, for each n."""
    dropout: float = Field(default=0.1, ge=0, lt=1)
    text_ctx: int = Field(default=128, gt=0)
    """Length of a tokenized caption."""
    xf_width: int = Field(default=512, gt=0)
    xf_layers: int = Field(default=16, ge=0)
    xf_heads: int = Field(default=8, gt=0)
    xf_final_ln: Literal[True] = True
    xf_padding: Literal[True] = True
    use_scale_shift_norm: Literal[True] = True
    resblock_updown: Literal[True] = True
    use_fp16: Literal[False] = False
    """Weights are float32; for less, run the model under `torch.autocast`."""
    cache_text_emb: bool = False
    inpaint: bool = False
    """The model takes a picture with known pixels and a mask."""
    super_res: bool = False
    """The model takes the low resolution picture that it enlarges."""
    diffusion_steps: int = Field(default=1000, gt=1)
    noise_schedule: Schedule = "squaredcos_cap_v2"
    timestep_respacing: str = ""

    @field_validator("channel_mult", "attention_resolutions")
    @classmethod
    def _numbers(cls, text: str) -> str:
        if not all(part.strip().isdecimal() and int(part) > 0 for part in text.split(",") if text):
            raise ValueError("write whole numbers with commas between, as in '1,2,3,4'")
        return text

    @field_validator("num_head_channels", "num_heads_upsample")
    @classmethod
    def _not_zero(cls, value: int) -> int:
        if value == 0:
            raise ValueError("must be -1 or positive")
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> "Options":
        if not self.channel_mult and self.image_size not in CHANNEL_MULT:
            sizes = ", ".join(map(str, CHANNEL_MULT))
            raise ValueError(
                f"channel_mult must be given for image_size {self.image_size}; only {sizes} have a default"
            )
        if self.image_size % 2 ** (len(self.level_mult) - 1):
            raise ValueError(f"image_size {self.image_size} cannot be halved {len(self.level_mult) - 1} times")
        if self.xf_width % self.xf_heads:
            raise ValueError(f"xf_width {self.xf_width} is not a multiple of xf_heads {self.xf_heads}")
        for channels in (mult * self.num_channels for mult in self.level_mult):
            if channels % self.heads(channels, up=False) or channels % self.heads(channels, up=True):
                raise ValueError(f"{channels} channels cannot be split into equal attention heads")
        return self

    @property
    def level_mult(self) -> tuple[int, ...]:
        """Width of each level as a multiple of `num_channels`."""
        if self.channel_mult:
            return tuple(int(part) for part in self.channel_mult.split(","))
        return CHANNEL_MULT[self.image_size]

    @property
    def attention_factors(self) -> frozenset[int]:
        """The downsampling factors at which attention stands."""
        sizes = (int(part) for part in self.attention_resolutions.split(",") if part)
        return frozenset(self.image_size // size for size in sizes)

    @property
    def in_channels(self) -> int:
        """3 noisy channels; 3 + 1 for the known pixels and their mask; 3 for the enlarged low resolution picture."""
        return 3 + 4 * self.inpaint + 3 * self.super_res

    def heads(self, channels: int, *, up: bool) -> int:
        """Number of attention heads for `channels`."""
        if self.num_head_channels > 0:
            return max(1, channels // self.num_head_channels)
        return self.num_heads if not up or self.num_heads_upsample < 0 else self.num_heads_upsample


def read_options(options: Mapping[str, Any]) -> Options:
    """Checked options. Raises ConfigError that names the key, what is allowed, and for an unknown key the nearest."""
    return check(Options, dict(options), where="model options")
