"""How fast the full-size GLIDE models run here, against what this machine can do and against the plain path.

    python benchmarks/glide.py                 # about a quarter of an hour on two cores
    python benchmarks/glide.py --skip bfloat16 --json

The plain path is the same code with every option off: float32, each matrix of attention weights in memory, text
encoded in every step. Weights are random: speed does not depend on them. Plain and fast calls take turns, so that a
machine that changes its mood changes both; each figure is the best of the rounds. Run nothing else beside it.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.profiler import ProfilerActivity, profile

from train import glide
from train.glide import Diffusion, Glide
from train.glide.engine import PLAIN, Engine
from train.glide.guidance import is_guided
from train.glide.memory import keep_freed_memory
from train.glide.precision import DTYPES, cast
from train.glide.presets import PRESETS, SHORT
from train.glide.text_encoder import TextState
from train.glide.weightless import weightless
from train.glide.weights import write_weights

GFLOP = {"base": 238.3, "upsample": 1281.1}
"""Of one picture's forward pass, two operations a multiplication."""
OPTIONS = {"base": PRESETS["glide"].base, "upsample": PRESETS["glide"].upsampler}
BATCH = {"base": 2, "upsample": 1}
"""One picture: the base model sees it with and without its caption."""
HOPELESS = 4.0
"""A variant this many times slower than the plain path is measured once."""
SLOW_S = 1.0
"""What takes as long as this has no need of a second try."""
Figures = dict[str, float]
Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds of a call, and what it returned."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def best_s(work: Callable[[], object], rounds: int = 3) -> float:
    """Seconds of the fastest of some calls, after one that warms up."""
    first, _ = timed(work)
    return first if first > SLOW_S else min(timed(work)[0] for _ in range(rounds))


def throughput(dtype: torch.dtype) -> Figures:
    """GFLOP/s of a matrix product and of the base model's commonest convolution, in both layouts of memory."""
    side = 2048 if dtype == torch.float32 else 512  # types without instructions take minutes for more
    matrix = torch.randn(side, side).to(dtype)
    x, weight = torch.randn(2, 384, 32, 32).to(dtype), torch.randn(384, 384, 3, 3).to(dtype)
    operations = 2 * 2 * 9 * 384 * 384 * 32 * 32
    found = {"matmul": 2 * side**3 / best_s(lambda: matrix @ matrix) / 1e9}
    for name, layout in (("convolution", torch.contiguous_format), ("channels last", torch.channels_last)):
        a, b = x.contiguous(memory_format=layout), weight.contiguous(memory_format=layout)
        found[name] = operations / best_s(lambda a=a, b=b: F.conv2d(a, b, padding=1)) / 1e9  # type: ignore[misc]
    return found


def random_model(kind: str) -> Glide:
    """A full-size model whose layers keep the size of what passes them, so that rounding errors are as in real ones."""
    with weightless():
        model = glide.build(OPTIONS[kind])
    model.to_empty(device="cpu")
    draw = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim > 1:
                parameter.normal_(std=parameter[0].numel() ** -0.5, generator=draw)
            else:
                parameter.fill_(float(name.endswith("weight")))
    return model


@dataclass
class Variant:
    """A model prepared by an engine, and one call of it: a step of the sampling loop."""

    kind: str
    engine: Engine
    model: Glide
    text: TextState | None = None
    text_s: float = 0.0
    """Seconds that the captions cost once; 0 where they are part of every step."""

    def __post_init__(self) -> None:
        self.model = self.engine.prepare(self.model)
        rows, draw = BATCH[self.kind], torch.Generator().manual_seed(1)
        side = int(OPTIONS[self.kind]["image_size"])
        self.x = torch.randn(rows, 3, side, side, generator=draw)
        self.low_res = torch.randn(rows, 3, 64, 64, generator=draw).clamp(-1, 1) if self.kind == "upsample" else None
        self.timesteps = torch.full((rows,), 500)
        self.tokens = torch.randint(50257, (rows, 128), generator=draw)
        self.mask = torch.arange(128)[None] < torch.tensor([[12]] * rows)
        if self.engine.keep_text:
            self.text_s, self.text = timed(self.encoded)

    def encoded(self) -> TextState:
        with self.engine.running():
            return self.engine.text(self.model, self.tokens, self.mask)

    def step(self) -> Tensor:
        keep_freed_memory(self.engine.keep_memory)
        text = self.encoded() if self.text is None else self.text
        with self.engine.running():
            return self.model.predict(self.x, self.timesteps, text, self.low_res)

    @property
    def gflop(self) -> float:
        return GFLOP[self.kind] * BATCH[self.kind]


def compare(kind: str, engines: dict[str, Engine], rounds: int, peak: float) -> dict[str, Figures]:
    """Every engine's seconds a step, beside the plain path's, and how far its prediction is from that one's."""
    variants = {name: Variant(kind, engine, random_model(kind)) for name, engine in engines.items()}
    plain = variants["plain"]
    exact, seconds, errors = plain.step(), {}, {}
    for name, variant in variants.items():
        seconds[name], prediction = timed(variant.step)
        errors[name] = float((prediction - exact).norm() / exact.norm())
    for _ in range(rounds):
        for name, variant in variants.items():
            if seconds[name] < HOPELESS * seconds["plain"]:
                seconds[name] = min(seconds[name], timed(variant.step)[0])
    return {
        name: {
            "s/step": seconds[name],
            "text once, s": variant.text_s,
            "GFLOP/s": plain.gflop / seconds[name],
            "share of fp32 convolution": plain.gflop / seconds[name] / peak,
            "times plain": seconds["plain"] / seconds[name],
            "error": errors[name],
        }
        for name, variant in variants.items()
    }


def profiled(variant: Variant, rows: int = 12) -> str:
    """Where a step's time goes."""
    with profile(activities=[ProfilerActivity.CPU]) as found:
        variant.step()
    return str(found.key_averages().table(sort_by="self_cpu_time_total", row_limit=rows, max_name_column_width=44))


MEMORY = """
import sys, torch
from pathlib import Path
from train.glide.engine import Engine
from train.glide.weights import load_model
engine = Engine(dtype="bfloat16")
models = [engine.prepare(load_model(Path(name), dtype="bfloat16")) for name in sys.argv[1:]]
def status(key):
    line = next(line for line in open("/proc/self/status") if line.startswith(key))
    return int(line.split()[1]) / 1024**2
print(status("VmRSS"), status("VmHWM"))
if STEP:
    with engine.running():
        for model, rows, side in zip(models, (2, 1), (64, 256)):
            tokens, mask = torch.zeros(rows, 128, dtype=torch.int64), torch.zeros(rows, 128, dtype=torch.bool)
            low_res = torch.zeros(rows, 3, 64, 64) if side == 256 else None
            text = engine.text(model, tokens, mask)
            model.predict(torch.zeros(rows, 3, side, side), torch.zeros(rows, dtype=torch.int64), text, low_res)
    print(status("VmRSS"), status("VmHWM"))
"""


def memory(step: bool) -> Figures:
    """GiB that a process holds with the pair in bfloat16: loaded, at most while loading, and after a step of each."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for kind in GFLOP:
            paths.append(Path(folder) / f"{kind}.safetensors")
            write_weights(paths[-1], cast(random_model(kind), "bfloat16").state_dict())
        code = MEMORY.replace("STEP", str(step))
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, paths)], check=True, capture_output=True, text=True
        )  # fmt: skip
    rows = [[float(value) for value in line.split()] for line in done.stdout.splitlines()]
    found: Figures = {"loaded, GiB": rows[0][0], "peak while loading, GiB": rows[0][1]}
    if step:
        found["peak with a step of each, GiB"] = rows[1][1]
    return found


def whole(figures: dict[str, dict[str, Figures]], name: str) -> Figures:
    """Seconds from text to 256 px, as steps times seconds a step and the text: the released recipe, the short one."""

    def seconds(engine: str, base_steps: float, upsampler_steps: float) -> float:
        base, upsampler = figures["base"][engine], figures["upsample"][engine]
        loops = base_steps * base["s/step"] + upsampler_steps * upsampler["s/step"]
        return loops + base["text once, s"] + upsampler["text once, s"]

    released = seconds("plain", 100, 27)
    timesteps = Diffusion("squaredcos_cap_v2", str(SHORT.base_steps)).timesteps
    guided = sum(is_guided(timestep, SHORT.guidance_interval) for timestep in timesteps)
    short = seconds(name, (SHORT.base_steps + guided) / 2, SHORT.upsampler_steps)
    return {
        "released recipe, plain path, s": released,
        f"released recipe, {name}, s": seconds(name, 100, 27),
        f"short recipe, {name}, s": short,
        "times cheaper": released / short,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--skip", nargs="*", default=[], choices=["bfloat16", "memory", "profile"])
    parser.add_argument("--compiled", action="store_true", help="also with torch.compile")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    skip = set(arguments.skip)

    names = ["float32"] if "bfloat16" in skip else ["float32", "bfloat16"]
    machine = {name: throughput(DTYPES[name]) for name in names}  # type: ignore[index]
    show("machine, GFLOP/s", machine)
    engines = {"plain": PLAIN, **{name: Engine(dtype=name) for name in names}}  # type: ignore[arg-type]
    if arguments.compiled:
        engines["float32 compiled"] = replace(Engine(), winograd=False, compiled=True)
    peak = machine["float32"]["convolution"]
    figures = {}
    for kind in GFLOP:
        figures[kind] = compare(kind, engines, arguments.rounds, peak)
        show(f"{kind}, full size, a step for one picture", figures[kind])
    fastest = min(names, key=lambda name: figures["base"][name]["s/step"])
    end_to_end = whole(figures, fastest)
    show("text to 256 px", {"": end_to_end})
    held = {} if "memory" in skip else memory(step="bfloat16" not in skip)
    show("memory of the pair in bfloat16", {"": held})
    if "profile" not in skip:
        for name in names:
            print(f"\nprofile of base, {name}\n{profiled(Variant('base', engines[name], random_model('base')))}")
    report = {"machine": machine, "models": figures, "text to 256 px": end_to_end, "memory": held}
    if arguments.json:
        print(json.dumps({"python": platform.python_version(), "torch": torch.__version__, **report}, indent=1))


def show(title: str, rows: dict[str, Figures]) -> None:
    print(f"\n{title}")
    for name, figures in rows.items():
        print(f"  {name:18}" + "  ".join(f"{key} {value:.4g}" for key, value in figures.items()), flush=True)


if __name__ == "__main__":
    main()
