import pytest
import torch

from curator.errors import ConfigError
from train.config import resolve
from train.machine import find_machine


def test_the_precision_is_the_one_measured_to_be_faster():
    machine = find_machine(resolve({"device": "cpu", "threads": 1}, "tiny"))
    assert machine.probe_ms.keys() == {"float32", "bfloat16"}
    faster = machine.probe_ms["bfloat16"] < 0.8 * machine.probe_ms["float32"]
    assert machine.precision == ("bfloat16" if faster else "float32")


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_precision_that_is_asked_for_is_not_measured(precision):
    machine = find_machine(resolve({"device": "cpu", "precision": precision}, "tiny"))
    assert (machine.precision, machine.probe_ms) == (precision, {})


def test_a_run_keeps_the_threads_it_began_with():
    machine = find_machine(resolve({"device": "cpu", "threads": 2, "precision": "float32"}, "tiny"))
    torch.set_num_threads(1)
    machine.prepare()
    assert torch.get_num_threads() == 2


def test_a_gpu_that_is_not_there_is_refused():
    if torch.cuda.is_available():
        assert find_machine(resolve({"device": "cuda"}, "tiny")).device == "cuda"
    else:
        with pytest.raises(ConfigError, match="cuda"):
            find_machine(resolve({"device": "cuda"}, "tiny"))
