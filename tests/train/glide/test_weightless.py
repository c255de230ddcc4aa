"""Models without weights have all shapes, and are quick because nothing is loaded to fill them."""

import subprocess
import sys

import torch

from train.glide import Glide
from train.glide.options import read_options
from train.glide.presets import PRESETS
from train.glide.weightless import weightless

OPTIONS = read_options(PRESETS["tiny"].base)


def test_a_weightless_model_has_the_shapes_of_a_real_one():
    with weightless():
        model = Glide(OPTIONS)
    real = Glide(OPTIONS)
    assert {value.device.type for value in model.state_dict().values()} == {"meta"}
    assert [(key, value.shape, value.dtype) for key, value in model.state_dict().items()] == [
        (key, value.shape, value.dtype) for key, value in real.state_dict().items()
    ]
    assert [value.requires_grad for value in model.parameters()] == [value.requires_grad for value in real.parameters()]


def test_afterwards_models_are_filled_again():
    with weightless():
        torch.nn.Linear(2, 2)
    table = torch.nn.init.ones_(torch.nn.init.normal_(torch.full((2,), 7.0)))
    assert table.tolist() == [1, 1]


def test_building_one_loads_no_compiler():
    script = (
        "import sys; from train.glide import Glide; from train.glide.options import Options;"
        "from train.glide.weightless import weightless; before = set(sys.modules)\n"
        "with weightless(): Glide(Options())\n"
        "print(len(set(sys.modules) - before), 'sympy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, timeout=120)
    loaded, algebra = done.stdout.split()
    assert int(loaded) < 50, done.stderr
    assert algebra == "False"
