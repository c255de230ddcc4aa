"""What a run needs to know of the machine it began on: device, threads, and the precision that is faster there."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

import torch
from torch.nn import functional as F

from curator.errors import ConfigError
from train.config import TrainConfig

Precision = Literal["float32", "bfloat16"]
WORTH = 0.8
"""bfloat16 is taken where it needs at most this share of float32's time."""
HOPELESS = 5.0
"""A first try that takes so many times as long ends the measurement."""


@dataclass(frozen=True)
class Machine:
    """Where and how a run computes; it keeps this from its first step to its last."""

    device: Literal["cpu", "cuda"]
    threads: int
    precision: Precision
    torch_version: str
    probe_ms: dict[str, float]
    """Milliseconds of the measurement that chose the precision; empty where the settings chose it."""

    @property
    def torch_device(self) -> torch.device:
        return torch.device(self.device)

    def autocast(self) -> AbstractContextManager[None]:
        """Arithmetic in the run's precision; weights stay float32."""
        return torch.autocast(self.device, torch.bfloat16, enabled=self.precision == "bfloat16")

    def prepare(self) -> None:
        """Bring this process to what the run began with."""
        torch.set_num_threads(self.threads)
        torch.backends.cudnn.deterministic = True
        torch.backends.cudnn.benchmark = False


def find_machine(config: TrainConfig) -> Machine:
    """Settle device, threads and precision. Raises ConfigError where CUDA is asked for and not there."""
    has_cuda = torch.cuda.is_available()
    if config.device == "cuda" and not has_cuda:
        raise ConfigError("device cuda: torch finds no usable GPU", hint="take --set device=cpu")
    device: Literal["cpu", "cuda"] = "cuda" if has_cuda and config.device != "cpu" else "cpu"
    threads = config.threads or torch.get_num_threads()
    torch.set_num_threads(threads)
    probe = probe_precision(torch.device(device)) if config.precision == "auto" else {}
    precision: Precision = "float32" if config.precision == "auto" else config.precision
    if probe and probe["bfloat16"] < WORTH * probe["float32"]:
        precision = "bfloat16"
    return Machine(device, threads, precision, torch.__version__, probe)


def probe_precision(device: torch.device) -> dict[str, float]:
    """Milliseconds of a small convolution and matrix product, forward and backward, in float32 and bfloat16."""
    x = torch.ones(4, 64, 16, 16, device=device, requires_grad=True)
    weight = torch.ones(64, 64, 3, 3, device=device)
    rows, table = torch.ones(256, 256, device=device, requires_grad=True), torch.ones(256, 1024, device=device)

    def work(precision: torch.dtype) -> None:
        with torch.autocast(device.type, precision, enabled=precision == torch.bfloat16):
            total = F.conv2d(x, weight, padding=1).sum() + (rows @ table).sum()
        torch.autograd.grad(total, [x, rows])
        if device.type == "cuda":
            torch.cuda.synchronize()

    float32 = _best_ms(lambda: work(torch.float32))
    bfloat16 = _best_ms(lambda: work(torch.bfloat16), limit_ms=HOPELESS * float32)
    return {"float32": round(float32, 3), "bfloat16": round(bfloat16, 3)}


def _best_ms(work: Callable[[], None], limit_ms: float = float("inf"), tries: int = 5) -> float:
    """The fastest of some tries after a first one that warms up; fewer where a try passes the limit."""
    work()
    best = float("inf")
    for _ in range(tries):
        started = time.perf_counter()
        work()
        best = min(best, 1000 * (time.perf_counter() - started))
        if best > limit_ms:
            break
    return best
