"""How far a few steps end from where a thousand lead: which shorter recipe a pair of models can be sampled with.

    cd WORKSPACE; python benchmarks/sampling.py --run v1-tiny-68e04e30

The 1,000-step solution is DDIM over every timestep, with guidance, from the same initial noise. A recipe's distance is
the root mean square over pixels, in levels of 0..255, averaged over pictures. The yardstick is what the released recipe
leaves to chance: the distance of its 100 ancestral steps from that solution. Below it a recipe changes a picture less
than drawing the same picture again does.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from curator.release import newest_release, read_release
from curator.workspace import Workspace
from train.data import to_signed, tokenize
from train.glide import Diffusion, Glide
from train.glide.denoising import Denoising
from train.glide.engine import choose_engine
from train.glide.guidance import Condition, classifier_free, is_guided, unguided
from train.glide.presets import SHORT
from train.glide.samplers import SAMPLERS, SamplerName, evaluations
from train.glide.weights import load_model
from train.models import MODEL_NAMES
from train.randomness import generator
from train.runs import find_run
from train.sampling.painter import to_levels
from train.sampling.prompts import choose_prompts
from train.sampling.sources import trained

LEVELS = 127.5
SCALE, TEMPERATURE = 3.0, 0.997
BASE_STEPS = (5, 8, 10, 12, 15, 20, 25)
UPSAMPLER_STEPS = (2, 3, 4, 5, 6, 8, 10)
WHOLE_BASE_STEPS, WHOLE_UPSAMPLER_STEPS = (8, 10, 12, 15, 20), (3, 4, 5, 6)
NAMES: tuple[SamplerName, ...] = ("ddim", "dpmpp-2m", "heun", "dpmpp-2m-sde", "euler-ancestral", "ancestral")
Report = dict[str, object]


@dataclass(frozen=True)
class Loop:
    """One way to sample."""

    sampler: SamplerName
    respacing: str
    interval: tuple[int, int] | None = None

    def __str__(self) -> str:
        where = f", guided at {self.interval[0]}:{self.interval[1]}" if self.interval else ""
        return f"{self.sampler} {self.respacing or 'all steps'}{where}"


class Bench:
    """A model with its captions, sampled from noise that is always the same."""

    def __init__(self, model: Glide, captions: Sequence[str], seed: int = 0) -> None:
        self.engine = choose_engine("cpu", "float32")
        self.model, self.options, self.seed = self.engine.prepare(model), model.options, seed
        both = tokenize([*captions, *[""] * len(captions)], model.options.text_ctx)
        with self.engine.running():
            text = self.engine.text(self.model, both.tokens, both.mask)
        self.rows = len(captions)
        self.text, self.empty = text.rows(0, self.rows), text.rows(self.rows, 2 * self.rows)

    def noise(self, draw: int, take: int = 0) -> Tensor:
        side = self.options.image_size
        return torch.randn(self.rows, 3, side, side, generator=generator(self.seed, "bench", side, draw, take))

    def sample(self, loop: Loop, low_res: Tensor | None = None, take: int = 0) -> Tensor:
        """Pictures in -1..1; `take` changes the draws after the initial noise."""
        condition = Condition(self.text, low_res)
        denoise = unguided(self.model, condition)
        x = self.noise(0)
        if low_res is None:
            denoise = classifier_free(self.model, condition, self.empty, SCALE, loop.interval)
        else:
            x = x * TEMPERATURE
        diffusion = Diffusion(self.options.noise_schedule, loop.respacing, self.options.diffusion_steps)
        with self.engine.running():
            steps = SAMPLERS[loop.sampler](Denoising(diffusion, denoise), x, lambda draw: self.noise(draw, take))
            for picture in steps:
                x = picture
        return x.clamp(-1, 1)

    def evaluations(self, loop: Loop) -> int:
        """Rows the model sees of each picture: two where guidance is on."""
        timesteps = Diffusion(self.options.noise_schedule, loop.respacing, self.options.diffusion_steps).timesteps
        if self.options.super_res:
            return evaluations(loop.sampler, len(timesteps))
        guided = sum(is_guided(timestep, loop.interval) for timestep in timesteps)
        share = (len(timesteps) + guided) / len(timesteps)
        return round(evaluations(loop.sampler, len(timesteps)) * share)


def distance(one: Tensor, other: Tensor) -> float:
    """Root mean square over pixels, averaged over pictures, in levels."""
    return float((one - other).square().mean(dim=(1, 2, 3)).sqrt().mean() * LEVELS)


def sharpness(one: Tensor, other: Tensor) -> float:
    """Steps between neighbouring pixels, as a share of the other pictures': below 1 where `one` is blurred."""

    def steps(pictures: Tensor) -> Tensor:
        across, down = pictures.diff(dim=3).square().mean(), pictures.diff(dim=2).square().mean()
        return (across + down).sqrt()

    return float(steps(one) / steps(other))


def loops(steps: Sequence[int]) -> list[Loop]:
    """Every sampler with so many steps; DDIM's own respacing leaves the noisiest timestep out, so all keep it."""
    return [Loop(name, str(count)) for name in NAMES for count in steps if name != "heun" or count > 2]


class Row(NamedTuple):
    """What became of one recipe."""

    recipe: str
    rows: int
    """Rows of a batch that the models see for a picture."""
    levels: float
    """Distance from the solution."""
    sharpness: float


def table(title: str, yardstick: float, rows: Sequence[Row]) -> None:
    print(f"\n{title}; yardstick {yardstick:.2f} levels")
    for row in rows:
        mark = "within" if row.levels <= yardstick else ""
        figures = f"{row.rows:5} rows {row.levels:8.2f} levels  sharpness {row.sharpness:.3f}"
        print(f"  {row.recipe:44} {figures}  {mark}", flush=True)


def measure(bench: Bench, candidates: Sequence[Loop], against: Tensor, sample: Callable[[Loop], Tensor]) -> list[Row]:
    pictures = ((loop, sample(loop)) for loop in candidates)
    return [
        Row(str(loop), bench.evaluations(loop), distance(picture, against), sharpness(picture, against))
        for loop, picture in pictures
    ]


def saved(pictures: Tensor) -> Tensor:
    """As an upsampler gets them: in 8 bits."""
    return to_signed(to_levels(pictures))


def of_base(base: Bench, takes: int) -> tuple[Tensor, Tensor, Report]:
    """The solution, one picture by the released loop, and how far every loop ends from the solution."""
    solution = base.sample(Loop("ddim", ""))
    released = [base.sample(Loop("ancestral", "100"), take=take) for take in range(1, takes + 1)]
    spread = sum(distance(picture, solution) for picture in released) / len(released)
    candidates = [*loops(BASE_STEPS), *(short(steps) for steps in BASE_STEPS)]
    rows = measure(base, candidates, solution, lambda loop: base.sample(loop, take=1))
    table("base model", spread, rows)
    apart = distance(*released[:2])
    print(f"  two draws of the released loop are {apart:.2f} levels apart")
    return solution, released[0], {"yardstick": spread, "draws apart": apart, "loops": rows}


def of_upsampler(upsampler: Bench, low_res: Tensor) -> tuple[Tensor, Report]:
    """The solution, and how far every loop ends from it; all of them from the same small pictures."""
    solution = upsampler.sample(Loop("ddim", ""), low_res)
    spread = distance(upsampler.sample(Loop("ancestral", "100"), low_res, take=1), solution)
    released = distance(upsampler.sample(Loop("ddim", "fast27"), low_res), solution)
    rows = measure(
        upsampler, loops(UPSAMPLER_STEPS), solution, lambda loop: upsampler.sample(loop, low_res, take=1)
    )  # fmt: skip
    table("upsampler, from the solution's small pictures", spread, rows)
    print(f"  the released upsampler loop, ddim fast27: {released:.2f} levels")
    return solution, {"yardstick": spread, "ddim fast27": released, "loops": rows}


def end_to_end(base: Bench, upsampler: Bench, small: Tensor, solution: Tensor) -> Report:
    """How far short recipes end from the solution; the yardstick is the released recipe, whose `small` pictures are."""
    spread = distance(upsampler.sample(Loop("ddim", "fast27"), saved(small)), solution)
    rows = []
    for base_steps, upsampler_steps in product(WHOLE_BASE_STEPS, WHOLE_UPSAMPLER_STEPS):
        first, second = short(base_steps), Loop(SHORT.sampler, str(upsampler_steps))
        picture = upsampler.sample(second, saved(base.sample(first)))
        cost = base.evaluations(first) + upsampler.evaluations(second)
        rows.append(Row(f"{first} + {second}", cost, distance(picture, solution), sharpness(picture, solution)))
    table("end to end", spread, rows)
    return {"yardstick": spread, "loops": rows}


def short(steps: int) -> Loop:
    """The short recipe's way with the base model, in so many steps."""
    return Loop(SHORT.sampler, str(steps), SHORT.guidance_interval)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", help="a run of the workspace (default: the newest)")
    parser.add_argument("--prompts", type=int, default=8)
    parser.add_argument("--takes", type=int, default=2, help="draws of the released loop, two or more")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    workspace = Workspace.find(Path.cwd())
    run = find_run(workspace.runs, arguments.run)
    release = read_release(newest_release(workspace.releases, run.release["name"]))
    captions = [prompt.text for prompt in choose_prompts(release, arguments.prompts)]
    source = trained(run)["finetuned"]
    base, upsampler = (
        Bench(load_model(source.models[name].path, source.models[name].options), captions) for name in MODEL_NAMES
    )
    print(f"run {run.name}, step {source.step}, {len(captions)} pictures")
    solution, small, first = of_base(base, max(2, arguments.takes))
    large, second = of_upsampler(upsampler, saved(solution))
    whole = end_to_end(base, upsampler, small, large)
    if arguments.json:
        about = {"run": run.name, "steps": source.step, "pictures": len(captions)}
        print(json.dumps({**about, "base": first, "upsampler": second, "whole": whole}, indent=1))


if __name__ == "__main__":
    main()
