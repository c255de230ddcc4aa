"""The training loop: restore, step by step, record, save."""

import time
from dataclasses import dataclass

from curator.console import bar
from curator.release import Release
from train import checkpoint
from train.data import TrainPictures, tokenize
from train.learner import Learner
from train.metrics import Metrics
from train.models import MODEL_NAMES, first_model, model_options, need_released_weights
from train.runs import Run
from train.stopping import stop_requests


@dataclass(frozen=True)
class Outcome:
    """How far a call of `train` came."""

    started_at: int
    """Steps that were done before."""
    steps: int
    """Steps that are done now."""
    stopped: bool
    """It was asked to stop before the end."""


def train(run: Run, release: Release) -> Outcome:
    """Train both models of a run from where it stands to its number of steps, or until Ctrl-C.

    Whatever the number of interruptions, the weights are those of an uninterrupted run, bit for bit, at the same
    number of threads on the same machine. Raises InputError for a release without train pictures.
    """
    run.machine.prepare()
    options = model_options(run.config)
    pictures = TrainPictures(release, options["upsampler"].image_size, options["base"].image_size)
    captions = tokenize([sample.caption for sample in pictures.samples], options["base"].text_ctx)
    learners = make_learners(run)
    start = resume(run, learners)
    total, step = run.config.steps, start
    with (
        stop_requests() as stopping,
        Metrics(run.folder, start) as metrics,
        bar("training", total, done=start) as tracker,
    ):
        while step < total and not stopping():
            began = time.perf_counter()
            stepped = {
                learner.name: learner.step(step, learner.batch(step, pictures, captions)) for learner in learners
            }
            step += 1
            row: dict[str, float] = {"step": step, "seconds": round(time.perf_counter() - began, 4)}
            for learner in learners:
                row[f"images_{learner.name}"] = step * learner.batch_size
                row[f"loss_{learner.name}"] = stepped[learner.name].loss
                row[f"grad_norm_{learner.name}"] = stepped[learner.name].grad_norm
            row["learning_rate"] = learners[0].learning_rate(step - 1)
            row["ema_decay"] = learners[0].ema_decay(step - 1)
            metrics.write(row)
            if step % run.config.checkpoint_steps == 0 and step < total:
                checkpoint.save(run.checkpoints, step, learners)
            tracker.note("  ".join(f"{name} {each.loss:.3f}" for name, each in stepped.items()))
            tracker.advance()
        if step > start and steps_done(run) < step:
            checkpoint.save(run.checkpoints, step, learners)
    return Outcome(start, step, stopped=step < total)


def make_learners(run: Run) -> list[Learner]:
    """Both models before their first step."""
    config, options = run.config, model_options(run.config)
    begins = config.preset == "glide" and not checkpoint.all_checkpoints(run.checkpoints)
    released = need_released_weights(run.weights_folder) if begins else {}
    return [
        Learner(name, first_model(name, options[name], config.seed, released.get(name)), config, run.machine)
        for name in MODEL_NAMES
    ]


def resume(run: Run, learners: list[Learner]) -> int:
    """Bring learners to the newest checkpoint, or write that of step 0; returns the steps that are done."""
    found = checkpoint.all_checkpoints(run.checkpoints)
    if not found:
        checkpoint.save(run.checkpoints, 0, learners)
        return 0
    checkpoint.restore(found[-1], learners)
    return found[-1].step


def steps_done(run: Run) -> int:
    """Steps up to the newest checkpoint."""
    found = checkpoint.all_checkpoints(run.checkpoints)
    return found[-1].step if found else 0
