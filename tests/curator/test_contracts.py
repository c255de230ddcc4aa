"""Who may import whom: the contracts hold, they fail when they should, and what they cannot see is looked at."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("curator", "annotate", "train", "eval")
HEAVY = {"torch", "torchvision", "textual", "label_studio_sdk", "open_clip", "pytorch_fid", "transformers"}
LISTING = """
import importlib, json, sys
known, added = set(), {}
for module in sys.argv[1:]:
    importlib.import_module(module)
    now = {name.partition(".")[0] for name in sys.modules}
    added[module], known = sorted(now - known), now
print(json.dumps(added))
"""


def modules_of(package):
    files = sorted((ROOT / package).rglob("*.py"))
    parts = [file.relative_to(ROOT).with_suffix("").parts for file in files if "migrations" not in file.parts]
    return [".".join(part for part in each if part != "__init__") for each in parts]


def imported_by(*modules):
    """The top-level names that each module adds to a fresh Python, one after the other."""
    line = [sys.executable, "-P", "-W", "error", "-c", LISTING, *modules]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr
    return {module: set(added) for module, added in json.loads(done.stdout).items()}


def test_no_base_module_loads_a_heavy_package_or_a_tool():
    added = imported_by(*modules_of("curator"))
    assert len(added) > 20
    refused = HEAVY | {"annotate", "train"}
    assert {module: names & refused for module, names in added.items() if names & refused} == {}


@pytest.mark.parametrize("module", ["annotate.cli", "train.cli", "eval.cli"])
def test_a_command_line_loads_no_heavy_package_before_a_command_runs(module):
    assert not imported_by(module)[module] & HEAVY


def test_the_package_itself_loads_next_to_nothing():
    assert not imported_by("curator")["curator"] & {"pandas", "numpy", "sqlalchemy", "pydantic", "typer", "PIL"}


@pytest.fixture
def tree(tmp_path):
    """A copy of the packages with their contracts, to break."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder):
    command = Path(sys.executable).with_name("lint-imports")
    # PYTHONPATH, because an installed copy of the packages would be found first.
    surroundings = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(
        [command, "--no-cache"], cwd=folder, env=surroundings, capture_output=True, text=True, timeout=300
    )


def test_the_contracts_hold(tree):
    done = lint(tree)
    assert done.returncode == 0, done.stdout


WRONG = [
    ("curator/captions.py", "import train.glide", "curator, the base, imports none"),
    ("curator/files.py", "from eval import fid", "curator, the base, imports none"),
    ("curator/files.py", "import annotate", "curator, the base, imports none"),
    ("eval/fid.py", "import train.glide", "annotate, train and eval never"),
    ("train/glide/options.py", "from eval import fid", "annotate, train and eval never"),
    ("train/glide/options.py", "import annotate", "annotate, train and eval never"),
    ("annotate/__init__.py", "import train", "annotate, train and eval never"),
    ("train/glide/options.py", "from curator.store import open_store", "train and eval import no more"),
    ("eval/fid.py", "from curator.captions import heads", "train and eval import no more"),
    ("eval/fid.py", "from curator.config import check", "train and eval import no more"),
    ("curator/captions.py", "import torch", "torch is imported by"),
    ("annotate/__init__.py", "import torch", "torch is imported by"),
    ("curator/console.py", "import textual", "textual and label_studio_sdk"),
    ("train/glide/options.py", "import textual", "textual and label_studio_sdk"),
    ("eval/fid.py", "import label_studio_sdk", "textual and label_studio_sdk"),
    ("curator/captions.py", "import sqlalchemy", "curator.store alone"),
    ("annotate/__init__.py", "import sqlite3", "curator.store alone"),
]


@pytest.mark.parametrize(("file", "line", "contract"), WRONG, ids=[f"{file}: {line}" for file, line, _ in WRONG])
def test_a_wrong_import_breaks_its_contract(tree, file, line, contract):
    with (tree / file).open("a", encoding="utf-8") as source:
        source.write(f"\n\ndef wrong():\n    {line}\n")
    done = lint(tree)
    assert done.returncode == 1, done.stdout
    broken = [row for row in done.stdout.splitlines() if "BROKEN" in row]
    assert any(contract in row for row in broken), done.stdout


def test_datasets_holds_no_python():
    """A module there would hide Hugging Face's package of the same name, or be hidden by it."""
    assert list((ROOT / "datasets").glob("*/dataset.toml"))
    assert not list((ROOT / "datasets").rglob("*.py"))
