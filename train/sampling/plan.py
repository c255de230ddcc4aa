"""What is to be painted: a manifest line for every picture, decided before the first step."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from train.glide import Diffusion
from train.models import ModelName
from train.sampling.manifest import ClipDigests, InpaintFiles, Line
from train.sampling.prompts import Prompt
from train.sampling.recipe import Recipe
from train.sampling.sources import Source
from train.sampling.surroundings import Surroundings

SLUG_LENGTH = 40


@dataclass(frozen=True)
class Pair:
    """The pictures of one prompt and one take: the base model's, and it upsampled, where that is wanted."""

    base: Line
    upsampled: Line | None

    @property
    def lines(self) -> list[Line]:
        return [line for line in (self.base, self.upsampled) if line]

    @property
    def shown(self) -> Line:
        """The larger one."""
        return self.upsampled or self.base


@dataclass(frozen=True)
class Layout:
    """What all lines of a plan share."""

    surroundings: Surroundings
    takes: int
    """Pictures of each prompt at the base model's size."""
    subfolder: str = ""
    """Where the pictures lie, seen from the manifest."""
    clip: ClipDigests | None = None
    inpaint: InpaintFiles | None = None


def make_pairs(
    prompts: Sequence[Prompt], source: Source, recipes: Mapping[ModelName, Recipe], layout: Layout
) -> list[Pair]:
    """The pictures of all prompts by one pair of models: all takes of a prompt, then the next prompt."""
    steps = {name: _steps(source, name, recipe) for name, recipe in recipes.items()}

    def line(prompt: Prompt, take: int, name: ModelName, base: Line | None) -> Line:
        px = source.models[name].options.image_size
        return Line(
            sample_id=prompt.sample.sample_id if prompt.sample else None,
            image_id=prompt.sample.image_id if prompt.sample else None,
            role=prompt.sample.split if prompt.sample else None,
            prompt=prompt.text,
            prompt_index=prompt.index,
            take=take,
            model=source.state,
            run=source.run.name if source.run else None,
            checkpoint=source.models[name].digest,
            resolution=px,
            file=f"{layout.subfolder}{px}px/{_stem(prompt.index, take)}.png",
            low_res=base.file if base else None,
            steps=steps[name],
            clip=layout.clip if recipes[name].clip_guidance else None,
            inpaint=layout.inpaint,
            **asdict(recipes[name]),
            **asdict(layout.surroundings),
        )

    pairs = []
    for prompt in prompts:
        for take in range(layout.takes):
            base = line(prompt, take, "base", None)
            pairs.append(Pair(base, line(prompt, take, "upsampler", base) if "upsampler" in recipes else None))
    return pairs


def _steps(source: Source, name: ModelName, recipe: Recipe) -> int:
    options = source.models[name].options
    return len(Diffusion(options.noise_schedule, recipe.respacing, options.diffusion_steps))


def _stem(index: int, take: int) -> str:
    return f"{index:04}-{take:02}" if take else f"{index:04}"


def recipe_of(line: Line) -> Recipe:
    """The recipe that a line describes."""
    return Recipe(**{field.name: getattr(line, field.name) for field in fields(Recipe)})


def model_name(line: Line) -> ModelName:
    """Which model painted a line's picture."""
    return "base" if line.low_res is None else "upsampler"


def folder_name(pairs: Sequence[Pair], *more: object) -> str:
    """A name that follows from the first prompt and, in 8 hexadecimal digits, from all that decides the pictures.

    `more` is what decides which of them are kept.
    """
    asked = [line.asked() for pair in pairs for line in pair.lines]
    digest = hashlib.sha256(json.dumps([asked, *more], sort_keys=True).encode()).hexdigest()
    return f"{slug(pairs[0].base.prompt)}-{digest[:8]}"


def slug(text: str) -> str:
    """The first words of a text as part of a file's name: a-z, 0-9 and hyphens, never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall("[a-z0-9]+", plain))
    return words[:SLUG_LENGTH].strip("-") or "prompt"
