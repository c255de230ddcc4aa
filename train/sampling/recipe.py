"""How models are sampled: what was asked for, checked and filled in with what is usual for the pair."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from curator.errors import ConfigError
from train.glide.options import Options
from train.glide.precision import DtypeName
from train.glide.presets import SHORT, Preset
from train.glide.respacing import kept_timesteps
from train.glide.samplers import SamplerName
from train.models import ModelName

ROWS = 4
"""Where there are so many pictures, a model sees a multiple of them at a time. With other numbers, convolutions sum in
another order (measured on a CPU), and a picture would depend on the batch size: by up to 15 levels in bfloat16."""
INPAINT_GUIDANCE = 5.0
"""Scale of classifier-free guidance of the released inpainting model."""


@dataclass(frozen=True)
class Wishes:
    """What may be asked of sampling; None: what is usual."""

    seed: int | None = None
    """None: the run's, or 0."""
    per_prompt: int = 1
    """Pictures of each prompt."""
    candidates: int = 1
    """Pictures painted for each one that is kept; 1: all are kept."""
    batch_size: int | None = None
    sampler: SamplerName | None = None
    """Of the base model, as the six below."""
    steps: int | None = None
    eta: float | None = None
    guidance: float | None = None
    clip_guidance: float | None = None
    guidance_interval: tuple[int, int] | None = None
    guidance_rescale: float | None = None
    dynamic_threshold: float | None = None
    upsample: bool = True
    upsampler_sampler: SamplerName | None = None
    upsampler_steps: int | None = None
    upsample_temp: float | None = None
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    precision: Literal["auto"] | DtypeName = "auto"
    compiled: bool = False


@dataclass(frozen=True)
class Recipe:
    """How one model is sampled; the fields are explained in `train.sampling.manifest.Line`."""

    seed: int
    batch_size: int
    sampler: SamplerName
    respacing: str
    guidance: float = 1.0
    temperature: float = 1.0
    eta: float = 0.0
    guidance_interval: tuple[int, int] | None = None
    guidance_rescale: float = 0.0
    dynamic_threshold: float | None = None
    clip_guidance: float = 0.0


def shortened(wishes: Wishes) -> Wishes:
    """`wishes` with the short recipe where nothing else was asked for."""
    guided = not wishes.clip_guidance if wishes.guidance is None else wishes.guidance != 1
    upsampler = (SHORT.sampler, SHORT.upsampler_steps) if wishes.upsample else (None, None)
    return replace(
        wishes,
        sampler=wishes.sampler or SHORT.sampler,
        steps=wishes.steps or SHORT.base_steps,
        guidance_interval=wishes.guidance_interval or (SHORT.guidance_interval if guided else None),
        upsampler_sampler=wishes.upsampler_sampler or upsampler[0],
        upsampler_steps=wishes.upsampler_steps or upsampler[1],
    )


def round_up(batch_size: int, pictures: int | None = None) -> int:
    """How many pictures a model sees at a time: `batch_size`, rounded up, but no more than there are `pictures`.

    Up to three are painted as they are: four of them would take as many times as long.
    """
    if pictures is not None and pictures < ROWS:
        return pictures
    wanted = batch_size if pictures is None else min(batch_size, pictures)
    return -(-wanted // ROWS) * ROWS


def make_recipes(
    wishes: Wishes,
    preset: Preset,
    options: Mapping[ModelName, Options],
    batch_sizes: Mapping[ModelName, int],
    inpaint: bool = False,
) -> dict[ModelName, Recipe]:
    """A recipe for each model in `options`: the preset's, with what was asked for put in.

    Raises ConfigError for wishes that contradict each other or the models, before anything is loaded.
    """
    recipes: dict[ModelName, Recipe] = {"base": _base(wishes, preset, options["base"], batch_sizes["base"], inpaint)}
    if "upsampler" in options:
        recipes["upsampler"] = _upsampler(wishes, preset, options["upsampler"], batch_sizes["upsampler"], inpaint)
    _check(wishes, recipes, options)
    for name, recipe in recipes.items():
        kept_timesteps(recipe.respacing, options[name].diffusion_steps)
    return recipes


def _base(wishes: Wishes, preset: Preset, options: Options, batch_size: int, inpaint: bool) -> Recipe:
    clip_guidance = wishes.clip_guidance or 0.0
    usual = INPAINT_GUIDANCE if inpaint else preset.guidance
    if clip_guidance:  # the released recipe takes one of the two
        usual = 1.0
    sampler: SamplerName = wishes.sampler or preset.base_sampler
    return Recipe(
        seed=wishes.seed or 0,
        batch_size=batch_size,
        sampler=sampler,
        respacing=_respacing(sampler, wishes.steps, preset.base_respacing, options),
        guidance=usual if wishes.guidance is None else wishes.guidance,
        eta=wishes.eta or 0.0,
        guidance_interval=wishes.guidance_interval,
        guidance_rescale=wishes.guidance_rescale or 0.0,
        dynamic_threshold=wishes.dynamic_threshold,
        clip_guidance=clip_guidance,
    )


def _upsampler(wishes: Wishes, preset: Preset, options: Options, batch_size: int, inpaint: bool) -> Recipe:
    sampler: SamplerName = wishes.upsampler_sampler or ("ancestral" if inpaint else "ddim")
    temperature = preset.upsampler_temperature if wishes.upsample_temp is None else wishes.upsample_temp
    return Recipe(
        seed=wishes.seed or 0,
        batch_size=batch_size,
        sampler=sampler,
        respacing=_respacing(sampler, wishes.upsampler_steps, preset.upsampler_respacing, options),
        temperature=temperature,
    )


def _respacing(sampler: SamplerName, steps: int | None, usual: str, options: Options) -> str:
    """DDIM keeps every n-th timestep where that gives the number asked for; else they are spread evenly.

    The other samplers need the noisiest timestep, which "ddimN" leaves out.
    """
    if steps is None and (sampler == "ddim" or not usual.startswith("ddim")):
        return usual
    if steps is None:
        return usual.removeprefix("ddim")
    return f"ddim{steps}" if sampler == "ddim" and options.diffusion_steps % steps == 0 else str(steps)


def _check(wishes: Wishes, recipes: Mapping[ModelName, Recipe], options: Mapping[ModelName, Options]) -> None:
    base, last = recipes["base"], options["base"].diffusion_steps - 1
    low, high = base.guidance_interval or (0, last)
    threshold = 100.0 if base.dynamic_threshold is None else base.dynamic_threshold
    numbers = [number for each in recipes.values() for number in (each.guidance, each.clip_guidance, each.temperature)]
    shaped = base.guidance_interval is not None or base.guidance_rescale > 0
    of_upsampler = (wishes.upsampler_sampler, wishes.upsampler_steps, wishes.upsample_temp)
    rules = [
        (all(map(math.isfinite, numbers)), "a scale or a factor is not a finite number"),
        (wishes.eta is None or base.sampler == "ddim", f"--eta belongs to the sampler ddim, not to {base.sampler}"),
        (0 <= base.eta <= 1, f"--eta {base.eta} is not in 0..1"),
        (
            base.guidance != 1 or not shaped,
            "--guidance-interval and --guidance-rescale shape classifier-free guidance, which is off at scale 1",
        ),
        (0 <= low <= high <= last, f"--guidance-interval {low}:{high} does not lie in the timesteps 0:{last}"),
        (0 <= base.guidance_rescale <= 1, f"--guidance-rescale {base.guidance_rescale} is not in 0..1"),
        (0 < threshold <= 100, f"--dynamic-threshold {threshold} is no percentile: above 0, at most 100"),
        (
            wishes.upsample or of_upsampler == (None, None, None),
            "--upsampler-sampler, --upsampler-steps and --upsample-temp have no effect with --no-upsample",
        ),
    ]
    for kept, problem in rules:
        if not kept:
            raise ConfigError(problem, hint="train sample --help says what each option does")
