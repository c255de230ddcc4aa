"""The options of a noised CLIP under the names of the released code, checked before a layer is made."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from curator.tokens import CLIP_CONTEXT, CLIP_END
from curator.workspace import Settings, check
from train.glide.schedules import Schedule


class ClipOptions(Settings):
    """What makes one noised CLIP: two towers and the noise they were trained under. The defaults are the released."""

    logit_scale: float = Field(default=100.0, gt=0)
    """Factor of the cosine of a picture and a caption; no weight in the files."""
    beta_schedule: Schedule = "squaredcos_cap_v2"
    n_timesteps: int = Field(default=1000, gt=1)
    """Timesteps of the schedule whose noisy pictures it knows."""
    image_size: int = Field(default=64, gt=0)
    """Side of the pictures in px; no other is taken."""
    patch_size: int = Field(default=4, gt=0)
    n_vocab: int = Field(default=65536, gt=CLIP_END)
    """Rows of the table of tokens: more than CLIP's vocabulary has."""
    max_text_len: int = Field(default=CLIP_CONTEXT, ge=2)
    """Tokens of a caption, its start and end included."""
    n_embd: int = Field(default=512, gt=0)
    """Width of the space that pictures and captions share."""
    n_head_state_text: int = Field(default=64, gt=0)
    """Width of one attention head of the text tower."""
    n_head_text: int = Field(default=8, gt=0)
    n_xf_blocks_text: int = Field(default=12, ge=0)
    n_head_state_image: int = Field(default=64, gt=0)
    n_head_image: int = Field(default=12, gt=0)
    n_xf_blocks_image: int = Field(default=12, ge=0)

    @model_validator(mode="after")
    def _fit_together(self) -> "ClipOptions":
        if self.image_size % self.patch_size:
            raise ValueError(f"image_size {self.image_size} is not a multiple of patch_size {self.patch_size}")
        return self

    @property
    def patches(self) -> int:
        """Patches of a picture."""
        return (self.image_size // self.patch_size) ** 2

    @property
    def text_width(self) -> int:
        """Width of the text tower."""
        return self.n_head_state_text * self.n_head_text

    @property
    def image_width(self) -> int:
        """Width of the image tower."""
        return self.n_head_state_image * self.n_head_image


def read_clip_options(options: Mapping[str, Any]) -> ClipOptions:
    """Checked options. Raises ConfigError that names the key, what is allowed, and for an unknown key the nearest."""
    return check(ClipOptions, dict(options), where="options of the noised CLIP")
