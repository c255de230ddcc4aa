"""What `train sample` is to paint: a manifest line for every picture, decided before the first step."""

from collections.abc import Mapping
from dataclasses import dataclass

from curator.errors import InputError
from curator.release import Release
from train import checkpoint
from train.checkpoint import Checkpoint
from train.glide import Diffusion
from train.glide.presets import PRESETS
from train.manifest import Line, ModelState
from train.models import MODEL_NAMES, ModelName, model_options
from train.painter import Recipe, SamplerName
from train.prompts import DEFAULT_PROMPTS, Prompt, choose_prompts
from train.runs import Run

DEFAULT_BATCH_SIZE = {"cpu": 4, "cuda": 16}
"""On a CPU larger batches fall out of its caches: 8 pictures take a quarter more time each than 4."""


@dataclass(frozen=True)
class Wishes:
    """What may be asked of sampling; None: what is usual."""

    prompts: int = DEFAULT_PROMPTS
    seed: int | None = None
    """None: the run's."""
    batch_size: int | None = None
    steps: int | None = None
    """Of the base model; None: what its preset does."""
    guidance: float | None = None


@dataclass(frozen=True)
class Pair:
    """The two pictures of one prompt: the base model's, and it upsampled."""

    base: Line
    upsampled: Line


@dataclass(frozen=True)
class Batch:
    """Pictures painted together by one state of the models."""

    source: Checkpoint
    recipes: Mapping[ModelName, Recipe]
    pairs: tuple[Pair, ...]

    @property
    def lines(self) -> list[Line]:
        return [line for pair in self.pairs for line in (pair.base, pair.upsampled)]


def make_plan(run: Run, release: Release, wishes: Wishes) -> list[Batch]:
    """All batches, those of the original models first. Raises InputError where the run has nothing trained."""
    recipes, prompts = make_recipes(run, wishes), choose_prompts(release, wishes.prompts)
    size = recipes["base"].batch_size
    return [
        Batch(
            source,
            recipes,
            tuple(_pair(run, state, source, recipes, prompt) for prompt in prompts[start : start + size]),
        )
        for state, source in _states(run).items()
        for start in range(0, len(prompts), size)
    ]


def _states(run: Run) -> dict[ModelState, Checkpoint]:
    found = checkpoint.all_checkpoints(run.checkpoints)
    if not found or found[-1].step == 0:
        raise InputError(f"run {run.name} has no trained weights yet", hint="train it: train run")
    if found[0].step != 0:
        raise InputError(f"run {run.name} lacks the weights of step 0", hint="train anew: train run --new")
    return {"original": found[0], "finetuned": found[-1]}


def make_recipes(run: Run, wishes: Wishes) -> dict[ModelName, Recipe]:
    """The preset's way of sampling both models, with what was asked for put in."""
    preset = PRESETS[run.config.preset]
    seed = run.config.seed if wishes.seed is None else wishes.seed
    batch_size = wishes.batch_size or DEFAULT_BATCH_SIZE[run.machine.device]
    guidance = preset.guidance if wishes.guidance is None else wishes.guidance
    sampler: SamplerName = preset.base_sampler
    respacing = preset.base_respacing if wishes.steps is None else _respacing(sampler, wishes.steps, run)
    return {
        "base": Recipe(seed, batch_size, sampler, respacing, guidance, 1.0),
        "upsampler": Recipe(
            seed, batch_size, "ddim", preset.upsampler_respacing, 1.0, preset.upsampler_temperature
        ),
    }  # fmt: skip


def _respacing(sampler: SamplerName, steps: int, run: Run) -> str:
    """DDIM keeps every n-th timestep where that gives the number asked for; else they are spread evenly."""
    whole = model_options(run.config)["base"].diffusion_steps % steps == 0
    return f"ddim{steps}" if sampler == "ddim" and whole else str(steps)


def _pair(run: Run, state: ModelState, source: Checkpoint, recipes: Mapping[ModelName, Recipe], prompt: Prompt) -> Pair:
    lines: dict[ModelName, Line] = {}
    for name, options in model_options(run.config).items():
        recipe = recipes[name]
        lines[name] = Line(
            sample_id=prompt.sample.sample_id,
            image_id=prompt.sample.image_id,
            prompt=prompt.text,
            prompt_index=prompt.index,
            role=prompt.sample.split,
            model=state,
            resolution=options.image_size,
            file=f"{state}/{options.image_size}px/{prompt.index:04}.png",
            seed=recipe.seed,
            sampler=recipe.sampler,
            steps=len(Diffusion(options.noise_schedule, recipe.respacing, options.diffusion_steps)),
            respacing=recipe.respacing,
            guidance=recipe.guidance,
            temperature=recipe.temperature,
            checkpoint=source.files[checkpoint.sampled_file(source, name)],
            low_res=None if name == "base" else lines["base"].file,
            batch_size=recipe.batch_size,
            dtype="float32",
            threads=run.machine.threads,
            device=run.machine.device,
            torch_version=run.machine.torch_version,
        )
    return Pair(lines["base"], lines["upsampler"])


def recipe_of(line: Line) -> Recipe:
    """The recipe that a line describes."""
    return Recipe(line.seed, line.batch_size, line.sampler, line.respacing, line.guidance, line.temperature)


def model_name(line: Line) -> ModelName:
    """Which model painted a line's picture."""
    return MODEL_NAMES[line.low_res is not None]
