"""What a picture is painted on: device, threads, type of numbers. All of it stands in the manifest."""

from dataclasses import dataclass

import torch

from train.glide.engine import Engine, choose_engine
from train.glide.precision import DtypeName
from train.glide.probe import find_device
from train.runs import Run
from train.sampling.manifest import Line
from train.sampling.recipe import Wishes


@dataclass(frozen=True)
class Surroundings:
    """The fields of a manifest line that tell of the machine."""

    dtype: DtypeName
    device: str
    threads: int
    winograd: bool
    compiled: bool
    torch_version: str


def choose_surroundings(wishes: Wishes, run: Run | None) -> Surroundings:
    """What is asked for; `auto` is the fastest device, and the number type that the run found faster there.

    Threads are the run's, so that the pictures of a run stay the same from call to call. Raises ConfigError for what
    this machine does not have.
    """
    device, precision = find_device(wishes.device), str(wishes.precision)
    if precision == "auto" and run and run.machine.device == device:
        precision = run.machine.precision  # measured once: another measurement might end the other way
    engine = choose_engine(device, precision, compiled=wishes.compiled)
    return Surroundings(
        dtype=engine.dtype,
        device=engine.device,
        threads=run.machine.threads if run else torch.get_num_threads(),
        winograd=engine.uses_winograd,
        compiled=engine.compiled,
        torch_version=torch.__version__,
    )


def engine_of(line: Line) -> Engine:
    """The engine that a line describes. Raises ConfigError where its device is not there."""
    return Engine(find_device(line.device), line.dtype, winograd=line.winograd, compiled=line.compiled)
