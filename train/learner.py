"""One model being trained: its loss, its optimizer, its averaged weights, and one step of them."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from curator.errors import InputError
from train.config import TrainConfig
from train.data import Tokens, TrainPictures, order, to_signed
from train.ema import Ema, decay_at
from train.glide import Diffusion, Glide
from train.machine import Machine
from train.models import ModelName
from train.randomness import derive, generator


@dataclass(frozen=True)
class Stepped:
    """What one step came to."""

    loss: float
    """Mean squared error of the predicted noise."""
    grad_norm: float
    """2-norm of the gradient before clipping."""


@dataclass(frozen=True)
class Batch:
    """What one step sees, on the CPU; pictures in -1..1."""

    x0: Tensor
    captions: Tokens
    low_res: Tensor | None
    noise: Tensor
    t: Tensor
    """(B,) timesteps of the full schedule."""


class Learner:
    """One model being trained. All draws of a step follow from (seed, model, step) alone."""

    def __init__(self, name: ModelName, model: Glide, config: TrainConfig, machine: Machine) -> None:
        self.name, self.config, self.machine = name, config, machine
        self.model = model.to(machine.torch_device).train()
        self.diffusion = Diffusion(model.options.noise_schedule, steps=model.options.diffusion_steps)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, foreach=True
        )
        self.ema = Ema(self.model)

    @property
    def batch_size(self) -> int:
        return self.config.batch_size if self.name == "base" else self.config.upsampler_batch_size

    def batch(self, step: int, pictures: TrainPictures, captions: Tokens) -> Batch:
        """The batch of a step (from 0)."""
        config, size = self.config, self.batch_size
        indices = order(config.seed, self.name, len(pictures), step * size, size)
        crops = pictures.crops(indices)
        low = to_signed(crops.low)
        x0 = low if self.name == "base" else to_signed(crops.high)
        draw = generator(config.seed, self.name, "step", step)
        t = torch.randint(len(self.diffusion), (size,), generator=draw)
        noise = torch.randn(x0.shape, generator=draw)
        dropout = config.caption_dropout if self.name == "base" else config.upsampler_caption_dropout
        drop = torch.rand(size, generator=draw) < dropout
        low_res = None
        if self.name == "upsampler":
            low_res = low + config.low_res_noise * torch.randn(low.shape, generator=draw)
        return Batch(x0, captions[indices].emptied(drop), low_res, noise, t)

    def loss(self, batch: Batch) -> Tensor:
        """Mean squared error of the predicted noise (Ho et al. 2020, eq. 14); the variance channels are left alone."""
        device = self.machine.torch_device
        x0, noise, t = batch.x0.to(device), batch.noise.to(device), batch.t.to(device)
        tokens, mask = batch.captions.tokens.to(device), batch.captions.mask.to(device)
        low_res = None if batch.low_res is None else batch.low_res.to(device)
        with self.machine.autocast():
            out = self.model(self.diffusion.q_sample(x0, t, noise), t, tokens, mask, low_res)
        return F.mse_loss(out[:, :3].float(), noise)

    def step(self, step: int, batch: Batch) -> Stepped:
        """Take optimizer step `step` (from 0), average the weights. Raises InputError on a loss that is not finite."""
        torch.manual_seed(derive(self.config.seed, self.name, "dropout", step))
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate(step)
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.config.max_grad_norm)
        if not (torch.isfinite(loss) and torch.isfinite(norm)):
            raise InputError(
                f"the {self.name}'s loss is not finite at step {step + 1}",
                hint="train again with a lower learning rate: --set learning_rate=…",
            )
        self.optimizer.step()
        self.ema.update(self.model, self.ema_decay(step))
        return Stepped(float(loss.detach()), float(norm))

    def learning_rate(self, step: int) -> float:
        """The learning rate of a step (from 0): a linear warm-up, then constant."""
        return self.config.learning_rate * min(1.0, (step + 1) / max(1, self.config.warmup_steps))

    def ema_decay(self, step: int) -> float:
        return decay_at(step, self.config.ema_decay)
