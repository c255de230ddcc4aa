"""What this machine can compute with: its device, and whether bfloat16 is faster there than float32."""

import time
from collections.abc import Callable
from typing import Literal

import torch
from torch.nn import functional as F

from curator.errors import ConfigError

DeviceName = Literal["cpu", "cuda", "mps"]
WORTH = 0.8
"""bfloat16 is taken where it needs at most this share of float32's time."""
HOPELESS = 5.0
"""A first try that takes so many times as long ends the measurement."""


def find_device(asked: str = "auto") -> DeviceName:
    """The device to compute on; `auto`: a GPU where torch finds one.

    Raises ConfigError where the one that is asked for is not there: it is never replaced by another.
    """
    there: dict[DeviceName, bool] = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    for name, usable in there.items():
        if usable and asked in ("auto", name):
            return name
    raise ConfigError(f"device {asked}: torch finds none that it can use", hint="take device cpu, or auto")


def bfloat16_pays(probe_ms: dict[str, float], worth: float = WORTH) -> bool:
    """Whether a measurement of `probe_precision` speaks for bfloat16: at most the share `worth` of float32's time."""
    return probe_ms["bfloat16"] < worth * probe_ms["float32"]


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

    with torch.inference_mode(False), torch.enable_grad():
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
