"""What this machine can compute with: its device, and whether bfloat16 is faster there than float32."""

import json
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

import platformdirs
import torch
from torch.nn import functional as F

from curator.errors import ConfigError
from curator.files import write_json

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


def remembered_probe(device: torch.device) -> dict[str, float]:
    """As `probe_precision`, measured once for this machine, torch and number of threads, and then read from a file.

    Where both types are about as fast, another measurement might end the other way: what is painted, and the name of
    its folder, would differ from call to call. Without a folder for caches it is measured anew.
    """
    about = [platform.node(), platform.machine(), torch.backends.cpu.get_cpu_capability(), torch.__version__]
    key = " ".join([device.type, *about, str(torch.get_num_threads())])
    file = platformdirs.user_cache_path("glide-curator") / "precision.json"
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    if not isinstance(known, dict) or not isinstance(known.get(key), dict):
        known = {**(known if isinstance(known, dict) else {}), key: probe_precision(device)}
        with suppress(OSError):
            write_json(file, known)
    return {name: float(known[key][name]) for name in ("float32", "bfloat16")}


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
