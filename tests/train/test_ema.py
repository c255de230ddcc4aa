import pytest
import torch

from train.ema import Ema, decay_at


@pytest.mark.parametrize(
    ("step", "decay", "expected"),
    [
        (0, 0.999, 0.1),
        (1, 0.999, 2 / 11),
        (89, 0.999, 90 / 99),
        (8989, 0.9999, 8990 / 8999),
        (100_000, 0.999, 0.999),
        (0, 0.05, 0.05),
    ],
)
def test_the_decay_warms_up(step, decay, expected):
    assert decay_at(step, decay) == pytest.approx(expected, rel=1e-12)


def test_the_average_is_the_recursion_it_claims_to_be():
    model = torch.nn.Linear(3, 2)
    ema = Ema(model)
    expected = {name: value.detach().double().clone() for name, value in model.named_parameters()}
    generator = torch.Generator().manual_seed(0)
    for step in range(30):
        decay = decay_at(step, 0.9)
        for name, value in model.named_parameters():
            value.data = torch.randn(value.shape, generator=generator)
            expected[name] = decay * expected[name] + (1 - decay) * value.detach().double()
        ema.update(model, decay)
    for name, value in ema.weights.items():
        assert torch.allclose(value.double(), expected[name], atol=1e-6)


def test_a_short_run_is_not_mostly_its_beginning():
    model = torch.nn.Linear(1, 1)
    with torch.no_grad():
        model.weight.fill_(0.0)
    ema = Ema(model)
    with torch.no_grad():
        model.weight.fill_(1.0)
    for step in range(60):
        ema.update(model, decay_at(step, 0.9999))
    assert float(ema.weights["weight"]) > 0.999999


def test_the_average_of_bfloat16_weights_is_float32():
    model = torch.nn.Linear(3, 2).bfloat16()
    ema = Ema(model)
    ema.update(model, 0.9)
    assert {value.dtype for value in ema.weights.values()} == {torch.float32}
