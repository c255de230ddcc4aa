import subprocess
import sys
from dataclasses import fields, replace

import platformdirs
import pytest
import torch

import train.glide.probe as machine_probe
from curator.errors import ConfigError
from train.glide.engine import PLAIN, Engine, choose_engine
from train.glide.probe import find_device

OPTIONS = [field.name for field in fields(Engine) if field.type is bool or field.type == "bool"]


def predict(engine, model, noise, tokenized):
    x, timesteps = noise("x", (2, 3, 64, 64)), torch.tensor([7, 903])
    model = engine.prepare(model)
    with engine.running():
        return model.predict(x, timesteps, engine.text(model, *tokenized(["a brown dog", ""])))


@pytest.fixture(scope="module")
def plainly(golden, noise, tokenized, small_model):
    with torch.no_grad():
        return small_model("base")(noise("x", (2, 3, 64, 64)), torch.tensor([7, 903]), *tokenized(["a brown dog", ""]))


def test_plain_is_every_option_off():
    assert {name: getattr(PLAIN, name) for name in OPTIONS} == dict.fromkeys(OPTIONS, False)
    assert len(OPTIONS) == 7


@pytest.mark.parametrize("option", [None, *(name for name in OPTIONS if name != "compiled")])
def test_an_option_changes_speed_and_not_the_prediction(fresh_model, plainly, noise, tokenized, option):
    engine = replace(PLAIN, **{option: True}) if option else PLAIN
    assert torch.allclose(predict(engine, fresh_model("base"), noise, tokenized), plainly, atol=5e-5)


def test_all_options_together_stay_within_rounding(fresh_model, plainly, noise, tokenized):
    assert torch.allclose(predict(Engine(), fresh_model("base"), noise, tokenized), plainly, atol=1e-4)


def test_kept_text_is_projected_once_for_every_attention_layer(fresh_model, tokenized):
    model = fresh_model("base")
    text = Engine().text(model, *tokenized(["a", "b"]))
    assert len(text.keys) == len(model.attention_layers) > 0
    assert PLAIN.text(model, *tokenized(["a", "b"])).keys == ()


def test_states_with_keys_are_cut_and_joined_like_those_without(fresh_model, tokenized):
    model = fresh_model("base")
    text = Engine().text(model, *tokenized(["a", "b", "c"]))
    joined = type(text).concatenate(text.rows(2, 3), text.rows(0, 1))
    taken = text.take(torch.tensor([2, 0]))
    assert len(joined.tensors) == len(taken.tensors) == 2 + len(model.attention_layers)
    assert all(torch.equal(one, other) for one, other in zip(joined.tensors, taken.tensors, strict=True))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_what_is_asked_for_is_what_one_gets(dtype):
    engine = choose_engine("cpu", dtype)
    assert (engine.device, engine.dtype) == ("cpu", dtype)


@pytest.mark.parametrize(
    ("device", "dtype", "said"),
    [("cpu", "float16", "CPU"), ("cpu", "int8", "float32"), ("abacus", "auto", "abacus")],
)
def test_what_cannot_be_had_is_refused_and_not_replaced(device, dtype, said):
    with pytest.raises(ConfigError) as refused:
        choose_engine(device, dtype)
    assert said in refused.value.message + str(refused.value.hint)


def test_compiling_without_a_compiler_is_refused(monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(ConfigError, match="C\\+\\+ compiler"):
        choose_engine("cpu", "float32", compiled=True)
    assert not choose_engine("cpu", "float32").compiled


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_refused(device):
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}[device]
    if there:
        assert find_device(device) == device
    else:
        with pytest.raises(ConfigError, match=device):
            find_device(device)


FAULTS = """
import resource, sys, torch
from train.glide.memory import keep_freed_memory
for keep in map(eval, sys.argv[1:]):
    told = keep is None or keep_freed_memory(keep)
torch.set_num_threads(1)
for _ in range(10):
    torch.ones(1_500_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    torch.ones(1_500_000)
print(told, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.parametrize("told", [["None"], ["True"], ["True", "False"]], ids=["as usual", "kept", "as usual again"])
def test_memory_that_was_freed_is_there_for_the_next_layer(need, told):
    need("linux")
    done = subprocess.run([sys.executable, "-c", FAULTS, *told], check=True, capture_output=True, text=True)
    told, faults = done.stdout.split()
    assert told == "True"
    # 20 layers that each got new memory would touch all their pages for the first time. By itself, the C library gives
    # some back now and then: on a bare Debian the memory of 5 of them.
    assert int(faults) < 10 * 1_500_000 * 4 // 4096


def test_half_precision_has_no_winograd(fresh_model):
    model = Engine(dtype="bfloat16").prepare(fresh_model("base"))
    assert not any("Winograd" in type(module).__name__ for module in model.modules())
    assert any("Winograd" in type(module).__name__ for module in Engine().prepare(fresh_model("base")).modules())


def test_the_precision_of_a_machine_is_measured_once(monkeypatch):
    """What follows from it is a folder's name: it may not depend on how busy the machine is today."""
    measured = []

    def probe(device):
        measured.append(device.type)
        return {"float32": 2.0, "bfloat16": 0.1 if len(measured) == 1 else 9.0}

    monkeypatch.setattr(machine_probe, "probe_precision", probe)
    first = choose_engine("cpu")
    assert first.dtype == "bfloat16"
    assert choose_engine("cpu") == first
    assert measured == ["cpu"]
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(before + 1)
        assert choose_engine("cpu").dtype == "float32", "another number of threads is another machine"
    finally:
        torch.set_num_threads(before)
    assert choose_engine("cpu") == first


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": 1}'])
def test_a_damaged_note_of_the_measurement_is_made_anew(content):
    file = platformdirs.user_cache_path("glide-curator") / "precision.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    probe = machine_probe.remembered_probe(torch.device("cpu"))
    assert machine_probe.remembered_probe(torch.device("cpu")) == probe
    assert probe.keys() == {"float32", "bfloat16"}
