import pytest
import torch

from curator.errors import InputError
from curator.release import read_release
from train.config import resolve
from train.data import TrainPictures, tokenize
from train.learner import Learner
from train.machine import Machine
from train.models import MODEL_NAMES, first_model, model_options

CPU = Machine("cpu", 1, "float32", torch.__version__, {})


@pytest.fixture
def make(place, settings):
    """A learner, its pictures and its captions."""

    def build(name, machine=CPU, **changes):
        config = resolve(settings(**changes), "tiny")
        options = model_options(config)
        opened = read_release(place().releases / "v1")
        pictures = TrainPictures(opened, options["upsampler"].image_size, options["base"].image_size)
        captions = tokenize([each.caption for each in pictures.samples], options["base"].text_ctx)
        return Learner(name, first_model(name, options[name], config.seed, None), config, machine), pictures, captions

    return build


@pytest.mark.parametrize("name", MODEL_NAMES)
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_loss_of_one_batch_falls(make, name, precision):
    machine = Machine("cpu", 1, precision, torch.__version__, {})
    learner, pictures, captions = make(name, machine, learning_rate=3e-3)
    batch = learner.batch(0, pictures, captions)
    losses = [learner.step(step, batch).loss for step in range(40)]
    assert losses[0] == pytest.approx(1, abs=0.2)
    assert losses[-1] < 0.6 * losses[0]
    assert {value.dtype for value in learner.model.parameters()} == {torch.float32}


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_every_weight_that_can_matter_moves_and_the_average_follows(make, name):
    learner, pictures, captions = make(name)
    first = {key: value.detach().clone() for key, value in learner.model.named_parameters()}
    for step in range(3):
        learner.step(step, learner.batch(step, pictures, captions))
    still = {key for key, value in learner.model.named_parameters() if torch.equal(value, first[key])}
    assert still <= {"padding_embedding", "positional_embedding"}
    moved = dict(learner.model.named_parameters())["out.2.weight"]
    average = learner.ema.weights["out.2.weight"]
    assert (average - moved).norm() < (first["out.2.weight"] - moved).norm()
    assert not torch.equal(average, moved)


def test_a_step_is_the_same_whatever_was_drawn_before(make):
    first, pictures, captions = make("base")
    other, _, _ = make("base")
    torch.manual_seed(99)
    torch.rand(1000)
    one = first.step(5, first.batch(5, pictures, captions))
    torch.rand(7)
    assert other.step(5, other.batch(5, pictures, captions)) == one


def test_steps_and_seeds_draw_differently(make):
    learner, pictures, captions = make("base")
    other, _, _ = make("base", seed=1)
    batches = [
        learner.batch(0, pictures, captions),
        learner.batch(1, pictures, captions),
        other.batch(0, pictures, captions),
    ]
    assert len({tuple(batch.noise.flatten().tolist()) for batch in batches}) == 3
    assert not torch.equal(first_weights(learner), first_weights(other))


def first_weights(learner):
    return learner.model.token_embedding.weight


def test_the_upsampler_sees_the_small_picture_of_its_own_crop(make):
    learner, pictures, captions = make("upsampler")
    batch = learner.batch(0, pictures, captions)
    areas = batch.x0.view(2, 3, 8, 2, 8, 2).mean((3, 5))
    assert (batch.low_res - areas).abs().max() <= 0.51 / 127.5
    levels = (batch.low_res + 1) * 127.5
    assert torch.allclose(levels, levels.round(), atol=1e-3)


def test_noise_on_the_small_picture_has_the_deviation_asked_for(make):
    clean, pictures, captions = make("upsampler")
    noisy, _, _ = make("upsampler", low_res_noise=0.2, upsampler_batch_size=64)
    clean.config = noisy.config.model_copy(update={"low_res_noise": 0.0})
    difference = noisy.batch(0, pictures, captions).low_res - clean.batch(0, pictures, captions).low_res
    assert float(difference.std()) == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize(("name", "share"), [("base", 0.2), ("upsampler", 0.0)])
def test_captions_are_dropped_as_often_as_the_settings_say(make, name, share):
    learner, pictures, captions = make(name, batch_size=500, upsampler_batch_size=500)
    empty = ~learner.batch(0, pictures, captions).captions.mask.any(1)
    assert float(empty.float().mean()) == pytest.approx(share, abs=0.05)
    if share == 0:
        assert not empty.any()


def test_all_timesteps_are_drawn_the_first_and_the_last_among_them(make):
    learner, pictures, captions = make("base", batch_size=20_000)
    t = learner.batch(0, pictures, captions).t
    assert (int(t.min()), int(t.max())) == (0, 999)


def test_the_learning_rate_warms_up_and_stays(make):
    learner, _, _ = make("base", warmup_steps=4, learning_rate=1e-2)
    assert [learner.learning_rate(step) for step in (0, 1, 3, 4, 500)] == pytest.approx(
        [0.0025, 0.005, 0.01, 0.01, 0.01]
    )


def test_a_loss_that_is_not_finite_ends_the_run(make):
    learner, pictures, captions = make("base")
    with torch.no_grad():
        learner.model.out[-1].bias.fill_(float("inf"))
    with pytest.raises(InputError, match="not finite at step 1"):
        learner.step(0, learner.batch(0, pictures, captions))
