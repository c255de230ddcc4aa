"""The descriptions of known sets, in a checkout and in a wheel."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from curator.catalogue.known import datasets_folder, find_dataset, list_datasets, read_description
from curator.errors import ConfigError, InputError

ROOT = Path(__file__).parents[3]
SHIPPED = ("curator", "annotate", "train", "eval", "datasets")


def test_every_set_is_described_and_has_a_readme():
    known = list_datasets()
    assert [each.name for each in known] == ["dreambooth-dogs", "openmoji"]
    for each in known:
        readme = (datasets_folder() / each.name / "README.md").read_text(encoding="utf-8")
        assert readme.startswith(f"# {each.name}\n")
        assert each.source in readme
        assert f"{each.counts.pictures:,}" in readme
        assert each.licence.replace("-4.0", "").replace("-BY", " BY") in readme


def test_the_folder_of_sets_holds_no_python():
    assert datasets_folder() == ROOT / "datasets"
    assert sorted(datasets_folder().rglob("*.py")) == []


def test_an_unknown_set_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match="no data set is called 'emoji'") as caught:
        find_dataset("emoji")
    assert caught.value.hint == "known: dreambooth-dogs, openmoji"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('licence = "CC-BY-4.0"', 'license = "CC-BY-4.0"'), "license|licence"),
        (('name = "dreambooth-dogs"', 'name = "dogs"'), "expected 'dreambooth-dogs'"),
        (('method = "archive"', 'method = "render"'), "need each other"),
        (("pictures = 37", "pictures = 0"), r"counts\.pictures"),
    ],
    ids=["key", "name", "method", "count"],
)
def test_a_wrong_description_is_refused(tmp_path, change, message):
    text = (datasets_folder() / "dreambooth-dogs" / "dataset.toml").read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "dreambooth-dogs" / "dataset.toml"
    path.parent.mkdir()
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises((ConfigError, InputError), match=message):
        read_description(path)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from a copy of the project."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "setup.py", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, tree)
    for name in SHIPPED:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(out)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=tree, check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.mark.slow
def test_a_wheel_holds_every_module_and_every_set(wheel):
    with zipfile.ZipFile(wheel) as content:
        names = {name for name in content.namelist() if ".dist-info/" not in name}
    code = {path.relative_to(ROOT).as_posix() for name in SHIPPED[:-1] for path in sorted((ROOT / name).rglob("*.py"))}
    assert {name for name in names if name.endswith(".py")} == code
    sets = {path.relative_to(ROOT / "datasets").as_posix() for path in sorted((ROOT / "datasets").glob("*/*.*"))}
    assert {name for name in names if name.startswith("curator/known/")} == {f"curator/known/{name}" for name in sets}
    assert not [name for name in names if name.startswith("datasets/")]


@pytest.mark.slow
def test_an_installed_wheel_finds_its_own_sets(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as content:
        content.extractall(tmp_path / "site")
    script = (
        "import json, curator.catalogue.known as known;"
        "print(json.dumps([str(known.datasets_folder()), [each.name for each in known.list_datasets()]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout) == [
        str(tmp_path / "site" / "curator" / "known"),
        ["dreambooth-dogs", "openmoji"],
    ]
