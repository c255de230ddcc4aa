"""The tree of errors and what each one ends a command with."""

import pytest

from curator import errors
from curator.errors import CuratorError, ExitCode, MissingExtra

CODES = {
    "CuratorError": 3,
    "UsageError": 2,
    "InputError": 3,
    "ConfigError": 3,
    "MissingExtra": 3,
    "StoreError": 3,
    "GateError": 4,
    "ServiceError": 5,
}


def classes():
    return {name: value for name, value in vars(errors).items() if isinstance(value, type) and value is not ExitCode}


def made(kind):
    return kind("torch", "train") if kind is MissingExtra else kind("what is wrong", "what to do")


def test_every_error_has_its_documented_code():
    found = {name: int(value.exit_code) for name, value in classes().items() if issubclass(value, CuratorError)}
    assert found == CODES


@pytest.mark.parametrize("name", CODES)
def test_the_drawing_in_the_module_names_every_error_with_its_code(name):
    (line,) = [line for line in errors.__doc__.splitlines() if line.lstrip("│├└─ ").startswith(f"{name} ")]
    assert name == "CuratorError" or f" {CODES[name]} " in line


@pytest.mark.parametrize("name", CODES)
def test_an_error_keeps_message_and_hint_apart(name):
    error = made(classes()[name])
    assert error.message
    assert error.hint
    assert str(error) == f"{error.message}\n{error.hint}"


def test_an_error_without_hint():
    assert str(CuratorError("what is wrong")) == "what is wrong"


def test_a_missing_extra_says_how_to_install_it():
    error = MissingExtra("torch", "train")
    assert "'torch'" in error.message
    assert error.hint == "pip install 'glide-curator[train]'"


def test_the_exit_codes_are_the_documented_ones():
    assert {code.name: code.value for code in ExitCode} == {
        "DONE": 0, "BUG": 1, "USAGE": 2, "INPUT": 3, "GATE": 4, "SERVICE": 5, "STOPPED": 130,
    }  # fmt: skip
