"""What a run needs to know of the machine it began on: device, threads, and the precision that is faster there."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

import torch

from train.config import TrainConfig
from train.glide.probe import bfloat16_pays, find_device, probe_precision

Precision = Literal["float32", "bfloat16"]


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
        prepare(self.threads)


def prepare(threads: int) -> None:
    """Bring this process to so many threads, and GPUs to the same bits every time and to float32 where it is said."""
    torch.set_num_threads(threads)
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.allow_tf32 = False


def find_machine(config: TrainConfig) -> Machine:
    """Settle device, threads and precision. Raises ConfigError where CUDA is asked for and not there."""
    device: Literal["cpu", "cuda"] = "cuda" if find_device(config.device) == "cuda" else "cpu"
    threads = config.threads or torch.get_num_threads()
    torch.set_num_threads(threads)
    probe = probe_precision(torch.device(device)) if config.precision == "auto" else {}
    precision: Precision = "float32" if config.precision == "auto" else config.precision
    if probe and bfloat16_pays(probe):
        precision = "bfloat16"
    return Machine(device, threads, precision, torch.__version__, probe)
