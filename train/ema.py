"""Averaged weights: a moving average in float32 with a warm-up, so that a short run's is not mostly its beginning."""

import torch
from torch import Tensor, nn


def decay_at(step: int, decay: float) -> float:
    """The decay of the update after step `step` (from 0): min(decay, (1 + n) / (10 + n))."""
    return min(decay, (1 + step) / (10 + step))


class Ema:
    """The averaged weights of a model; they begin as a copy of its weights."""

    def __init__(self, model: nn.Module) -> None:
        self.weights = {name: value.detach().float().clone() for name, value in model.named_parameters()}

    @torch.no_grad()
    def update(self, model: nn.Module, decay: float) -> None:
        """average ← decay · average + (1 - decay) · weights."""
        current: list[Tensor] = [value.detach().float() for _, value in model.named_parameters()]
        torch._foreach_lerp_(list(self.weights.values()), current, 1 - decay)
