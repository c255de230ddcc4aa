"""From captions to pictures with one model: text encoded once, a sampling loop, rounding to 8 bits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from train.data import to_signed, tokenize
from train.glide import Diffusion, Glide
from train.glide.guidance import classifier_free, unguided
from train.glide.samplers import Denoiser, Draw, ancestral, ddim
from train.glide.text_encoder import TextState
from train.randomness import generator

SamplerName = Literal["ancestral", "ddim"]
SAMPLERS = {"ancestral": ancestral, "ddim": ddim}

ROWS = 4
"""A model always sees a multiple of so many rows. With fewer, convolutions sum in another order (measured on a CPU),
and a picture would depend on the batch size."""


@dataclass(frozen=True)
class Recipe:
    """How one model is sampled."""

    seed: int
    batch_size: int
    sampler: SamplerName
    respacing: str
    guidance: float
    """Scale of classifier-free guidance; 1: none."""
    temperature: float
    """Factor of the initial noise."""


class Painter:
    """A model that paints captions. A picture follows from recipe, caption, index and low resolution picture alone."""

    def __init__(self, model: Glide, recipe: Recipe, device: torch.device) -> None:
        self.recipe, self.device = recipe, device
        # Channels last is about twice as fast for sampling on a CPU; for training it is slower.
        self.model: Glide = model.eval().to(device).to(memory_format=torch.channels_last)
        self.options = model.options
        self.diffusion = Diffusion(self.options.noise_schedule, recipe.respacing, self.options.diffusion_steps)

    @torch.inference_mode()
    def paint(
        self,
        captions: Sequence[str],
        indices: Sequence[int],
        low_res: Tensor | None = None,
        advance: Callable[[], None] = lambda: None,
    ) -> Tensor:
        """Pictures of at most a batch of captions, uint8 (B, 3, S, S).

        Noise follows from the prompts' `indices`; `low_res`, uint8 (B, 3, s, s), is what an upsampler enlarges;
        `advance` is called after every step.
        """
        count = len(captions)
        rows = -(-self.recipe.batch_size // ROWS) * ROWS
        assert 0 < count <= rows, (count, rows)
        filled = [*range(count), *[count - 1] * (rows - count)]
        draw = self._draws([indices[row] for row in filled])
        denoise = self._denoiser(
            self._encode([captions[row] for row in filled]),
            None if low_res is None else to_signed(low_res[filled]).to(self.device),
        )
        x = (draw(0) * self.recipe.temperature).contiguous(memory_format=torch.channels_last)
        for painted in SAMPLERS[self.recipe.sampler](self.diffusion, denoise, x, draw):
            x = painted
            advance()
        return to_levels(x[:count].cpu())

    def _denoiser(self, text: TextState, low_res: Tensor | None) -> Denoiser:
        if self.recipe.guidance == 1:
            return unguided(self.model, text, low_res)
        empty = self._encode([""]).expand(len(text.pooled))
        return classifier_free(self.model, text, empty, self.recipe.guidance)

    def _encode(self, captions: list[str]) -> TextState:
        """Each different caption is encoded once."""
        different = list(dict.fromkeys(captions))
        tokens = tokenize(different, self.options.text_ctx)
        states = self.model.encode_text(tokens.tokens.to(self.device), tokens.mask.to(self.device))
        rows = torch.tensor([different.index(caption) for caption in captions], device=self.device)
        return TextState(states.pooled[rows], states.sequence[rows])

    def _draws(self, indices: list[int]) -> Draw:
        """Each row's noise from a generator of its own, so that it does not depend on its neighbours."""
        side = self.options.image_size

        def draw(k: int) -> Tensor:
            rows = [
                torch.randn(3, side, side, generator=generator(self.recipe.seed, "prompt", index, side, "draw", k))
                for index in indices
            ]
            return torch.stack(rows).to(self.device)

        return draw


def to_levels(x: Tensor) -> Tensor:
    """Pictures in -1..1 (what is outside is cut) as levels 0..255, uint8."""
    return ((x.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
