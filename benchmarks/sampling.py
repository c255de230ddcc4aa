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
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from curator.release import newest_release, read_release
from curator.workspace import Workspace
from train.data import tokenize
from train.glide import Diffusion, Glide
from train.glide.denoising import Denoising
from train.glide.engine import choose_engine
from train.glide.guidance import Condition, classifier_free, unguided
from train.glide.presets import SHORT
from train.glide.samplers import SAMPLERS, SamplerName, evaluations
from train.glide.weights import load_model
from train.randomness import generator
from train.runs import find_run
from train.sampling.prompts import choose_prompts
from train.sampling.sources import trained

LEVELS = 127.5
SCALE, TEMPERATURE = 3.0, 0.997
BASE_STEPS = (5, 8, 10, 12, 15, 20, 25)
UPSAMPLER_STEPS = (2, 3, 4, 5, 6, 8, 10)
NAMES: tuple[SamplerName, ...] = ("ddim", "dpmpp-2m", "heun", "dpmpp-2m-sde", "euler-ancestral", "ancestral")


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
            return [picture for picture in steps][-1].clamp(-1, 1)

    def evaluations(self, loop: Loop) -> int:
        """Rows the model sees of each picture: two where guidance is on."""
        timesteps = Diffusion(self.options.noise_schedule, loop.respacing, self.options.diffusion_steps).timesteps
        if self.options.super_res:
            return evaluations(loop.sampler, len(timesteps))
        low, high = loop.interval or (0, self.options.diffusion_steps)
        guided = sum(low <= timestep <= high for timestep in timesteps)
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


def rounded(pictures: Tensor) -> Tensor:
    """As an upsampler gets them: in 8 bits."""
    return ((pictures + 1) * LEVELS).round() / LEVELS - 1


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", help="a run of the workspace (default: the newest)")
    parser.add_argument("--prompts", type=int, default=8)
    parser.add_argument("--takes", type=int, default=2, help="repetitions of the yardstick")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    workspace = Workspace.find(Path.cwd())
    run = find_run(workspace.runs, arguments.run)
    release = read_release(newest_release(workspace.releases, run.release["name"]))
    captions = [prompt.text for prompt in choose_prompts(release, arguments.prompts)]
    source = trained(run)["finetuned"]
    base, upsampler = (
        Bench(load_model(source.models[name].path, source.models[name].options), captions)
        for name in ("base", "upsampler")
    )
    report: dict[str, object] = {"run": run.name, "steps": source.step, "pictures": len(captions)}

    solution = base.sample(Loop("ddim", ""))
    released = [base.sample(Loop("ancestral", "100"), take=take) for take in range(1, arguments.takes + 1)]
    spread = sum(distance(picture, solution) for picture in released) / len(released)
    candidates = [*loops(BASE_STEPS), *(Loop("dpmpp-2m", str(n), SHORT.guidance_interval) for n in BASE_STEPS)]
    rows = measure(base, candidates, solution, lambda loop: base.sample(loop, take=1))
    table(f"base model of {run.name}, step {source.step}", spread, rows)
    print(f"  two draws of the released loop are {distance(*released[:2]):.2f} levels apart")
    report["base"] = {"yardstick": spread, "draws apart": distance(*released[:2]), "loops": rows}

    low_res = rounded(solution)
    large = upsampler.sample(Loop("ddim", ""), low_res)
    again = upsampler.sample(Loop("ancestral", "100"), low_res, take=1)
    usual = distance(upsampler.sample(Loop("ddim", "fast27"), low_res), large)
    rows = measure(upsampler, loops(UPSAMPLER_STEPS), large, lambda loop: upsampler.sample(loop, low_res, take=1))
    table("upsampler, from the solution's small pictures", distance(again, large), rows)
    report["upsampler"] = {"yardstick": distance(again, large), "ddim fast27": usual, "loops": rows}
    print(f"  the released upsampler loop, ddim fast27: {usual:.2f} levels")

    first = upsampler.sample(Loop("ddim", "fast27"), rounded(released[0]))
    whole = distance(first, large)
    ends = []
    for small, tall in [(n, m) for n in (8, 10, 12, 15, 20) for m in (3, 4, 5, 6)]:
        picture = base.sample(Loop("dpmpp-2m", str(small), SHORT.guidance_interval))
        whole_picture = upsampler.sample(Loop("dpmpp-2m", str(tall)), rounded(picture))
        cost = base.evaluations(Loop("dpmpp-2m", str(small), SHORT.guidance_interval)) + tall
        figures = (distance(whole_picture, large), sharpness(whole_picture, large))
        ends.append(Row(f"dpmpp-2m {small} + dpmpp-2m {tall}", cost, *figures))
    table("end to end", whole, ends)
    report["whole"] = {"yardstick": whole, "loops": ends}
    if arguments.json:
        print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
