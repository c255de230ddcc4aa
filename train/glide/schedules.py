"""Noise schedules: how much noise each step of the diffusion adds, in float64."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from curator.errors import ConfigError

Schedule = Literal["squaredcos_cap_v2", "linear"]
MAX_BETA = 0.999
COSINE_OFFSET = 0.008


def betas(schedule: str, steps: int = 1000) -> NDArray[np.float64]:
    """β of each step. `linear`: Ho et al. 2020, in `steps`; `squaredcos_cap_v2`: Nichol & Dhariwal 2021, eq. 17.

    Raises ConfigError for another name, and for so few steps that a β would reach 1.
    """
    if schedule == "linear":
        scale = 1000 / steps
        if scale * 0.02 >= 1:
            raise ConfigError(f"the linear noise schedule has no room in {steps} steps", hint="use 21 or more, as 1000")
        return np.linspace(scale * 1e-4, scale * 0.02, steps, dtype=np.float64)
    if schedule == "squaredcos_cap_v2":
        ratios = [_cosine((i + 1) / steps) / _cosine(i / steps) for i in range(steps)]
        return np.minimum(1 - np.array(ratios, dtype=np.float64), MAX_BETA)
    raise ConfigError(f"noise schedule {schedule!r} is not known", hint="use squaredcos_cap_v2 or linear")


def _cosine(t: float) -> float:
    return math.cos((t + COSINE_OFFSET) / (1 + COSINE_OFFSET) * math.pi / 2) ** 2
