"""From captions to pictures with one model: text encoded once, a sampling loop, rounding to 8 bits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from train.data import to_signed, tokenize
from train.glide import Diffusion, Glide
from train.glide.clip.guidance import clip_gradient
from train.glide.clip.noised_clip import NoisedClip
from train.glide.denoising import Denoiser, Denoising, Gradient
from train.glide.engine import Engine
from train.glide.guidance import Condition, classifier_free, unguided
from train.glide.restraint import Restrain, clamp, dynamic_threshold, known_pixels
from train.glide.samplers import SAMPLERS, Draw, Sampler, ddim
from train.glide.text_encoder import TextState
from train.randomness import generator
from train.sampling.inpainting import Known
from train.sampling.recipe import Recipe


@dataclass(frozen=True)
class Shot:
    """One picture to be painted. Its noise follows from index and take, together with the recipe's seed."""

    caption: str
    index: int
    take: int = 0


@dataclass(frozen=True)
class Palette:
    """What a painter has beside its model."""

    engine: Engine
    clip: NoisedClip | None = None
    """Needed where the recipe has CLIP guidance."""
    known: Known | None = None
    """At the model's size; None: there is nothing to paint into."""


class Painter:
    """A model that paints captions. A picture follows from recipe, shot, palette and low resolution picture alone."""

    def __init__(self, model: Glide, recipe: Recipe, palette: Palette) -> None:
        self.recipe, self.palette, self.engine = recipe, palette, palette.engine
        self.device = torch.device(palette.engine.device)
        self.model = palette.engine.prepare(model)
        self.options = model.options
        self.diffusion = Diffusion(self.options.noise_schedule, recipe.respacing, self.options.diffusion_steps)
        self._states: dict[str, TextState] = {}

    def paint(
        self, shots: Sequence[Shot], low_res: Tensor | None = None, advance: Callable[[], None] = lambda: None
    ) -> Tensor:
        """Pictures of at most a batch of shots, uint8 (B, 3, S, S). The model always sees a whole batch.

        `low_res`, uint8 (B, 3, s, s), is what an upsampler enlarges; `advance` is called after every step.
        """
        count, rows = len(shots), self.recipe.batch_size
        assert 0 < count <= rows, (count, rows)
        filled = [*range(count), *[count - 1] * (rows - count)]
        with self.engine.running():
            x = self._walk([shots[row] for row in filled], None if low_res is None else low_res[filled], advance)
        levels = to_levels(x[:count].cpu())
        return levels if self.palette.known is None else self.palette.known.paste(levels)

    def _walk(self, shots: Sequence[Shot], low_res: Tensor | None, advance: Callable[[], None]) -> Tensor:
        """The sampling loop over a full batch, to pictures near -1..1."""
        condition = self._condition(shots, None if low_res is None else to_signed(low_res).to(self.device))
        denoising = Denoising(
            self.diffusion, self._denoiser(condition), self._restraint(condition), self._gradient(shots)
        )
        draw = self._draws(shots)
        x = draw(0) * self.recipe.temperature
        if self.engine.channels_last:
            x = x.contiguous(memory_format=torch.channels_last)
        for painted in self._sampler()(denoising, x, draw):
            x = painted
            advance()
        return x

    def _sampler(self) -> Sampler:
        return partial(ddim, eta=self.recipe.eta) if self.recipe.sampler == "ddim" else SAMPLERS[self.recipe.sampler]

    def _condition(self, shots: Sequence[Shot], low_res: Tensor | None) -> Condition:
        text = self._text([shot.caption for shot in shots])
        if self.palette.known is None:
            return Condition(text, low_res)
        picture, mask = (each.to(self.device) for each in self.palette.known.signed(len(shots)))
        return Condition(text, low_res, picture, mask)

    def _denoiser(self, condition: Condition) -> Denoiser:
        recipe, rows = self.recipe, len(condition.text.pooled)
        if recipe.guidance == 1:
            return unguided(self.model, condition)
        empty = self._text([""] * rows)
        return classifier_free(
            self.model, condition, empty, recipe.guidance, recipe.guidance_interval, recipe.guidance_rescale
        )

    def _restraint(self, condition: Condition) -> Restrain:
        threshold = self.recipe.dynamic_threshold
        restrain = clamp if threshold is None else dynamic_threshold(threshold)
        if condition.inpaint_image is None or condition.inpaint_mask is None:
            return restrain
        return known_pixels(condition.inpaint_image, condition.inpaint_mask, restrain)

    def _gradient(self, shots: Sequence[Shot]) -> Gradient | None:
        if not self.recipe.clip_guidance:
            return None
        assert self.palette.clip is not None
        return clip_gradient(self.palette.clip, [shot.caption for shot in shots], self.recipe.clip_guidance)

    def _text(self, captions: Sequence[str]) -> TextState:
        """States of captions. Each different one is encoded once, and alone: it does not depend on its neighbours."""
        different = list(dict.fromkeys(captions))
        self._states = {text: state for text, state in self._states.items() if text in different or not text}
        for text in different:
            if text not in self._states:
                self._states[text] = self._encode(text)
        states = TextState.concatenate(*(self._states[text] for text in different))
        return states.take(torch.tensor([different.index(caption) for caption in captions], device=self.device))

    def _encode(self, caption: str) -> TextState:
        tokens = tokenize([caption], self.options.text_ctx)
        return self.engine.text(self.model, tokens.tokens, tokens.mask)

    def _draws(self, shots: Sequence[Shot]) -> Draw:
        """Each row's noise from a generator of its own, so that it does not depend on its neighbours."""
        side = self.options.image_size

        def draw(k: int) -> Tensor:
            rows = []
            for shot in shots:
                take = ("take", shot.take) if shot.take else ()
                names = ("prompt", shot.index, *take, side, "draw", k)
                rows.append(torch.randn(3, side, side, generator=generator(self.recipe.seed, *names)))
            return torch.stack(rows).to(self.device)

        return draw


def to_levels(x: Tensor) -> Tensor:
    """Pictures in -1..1 (what is outside is cut) as levels 0..255, uint8."""
    return ((x.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
