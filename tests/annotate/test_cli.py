import json
import shutil
import subprocess
import sys

import pytest

from annotate.captioner.actions import KEYBOARD


@pytest.fixture
def folder(tmp_path, crew_folder):
    shutil.copytree(crew_folder, tmp_path / "crew")
    return tmp_path / "crew"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--as", "dora"), 3, "no member is called 'dora'; the team is: ada, ben, cem"),
        (("--as", "cem"), 3, "curator split"),
        (("--as", "ada"), 2, "needs a terminal"),
        ((), 2, "--as"),
        (("--as", "ada", "-C", "nowhere"), 2, "nowhere"),
    ],
    ids=["unknown member", "no pictures", "no terminal", "no member named", "no such folder"],
)
def test_what_is_wrong_is_one_clear_line(run, folder, arguments, code, said):
    assert said in run("annotate", "tui", *arguments, cwd=folder, code=code).stderr


def test_outside_a_workspace(run, tmp_path):
    assert "curator.toml" in run("annotate", "tui", "--as", "ada", cwd=tmp_path, code=3).stderr


def test_a_missing_store(run, folder):
    (folder / "curator.db").unlink()
    assert "curator.db is missing" in run("annotate", "tui", "--as", "ada", cwd=folder, code=3).stderr


def test_the_workspace_can_be_named(run, folder, tmp_path):
    assert "needs a terminal" in run("annotate", "-C", folder, "tui", "--as", "ada", cwd=tmp_path, code=2).stderr


def test_without_textual_the_line_that_installs_it(run, folder, tmp_path):
    hiding = (
        "import importlib.util as util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name, package=None: None if name == 'textual' else find(name, package)\n"
    )
    (tmp_path / "sitecustomize.py").write_text(hiding)
    done = run("annotate", "tui", "--as", "ada", cwd=folder, code=3, env={"PYTHONPATH": str(tmp_path)})
    assert "pip install 'glide-curator[tui]'" in done.stderr


def test_keys_are_listed(run):
    listed = run("annotate", "keys").stdout
    assert all(action.help in " ".join(listed.split()) for action in KEYBOARD.actions)
    rows = json.loads(run("annotate", "keys", "--json").stdout)
    assert [row["name"] for row in rows] == [action.name for action in KEYBOARD.actions]


def test_help_names_the_commands(run):
    shown = run("annotate", "--help").stdout
    assert "tui" in shown
    assert "keys" in shown


@pytest.mark.parametrize("module", ["cli", "captioner.session", "captioner.scribe", "captioner.ledger"])
def test_textual_is_not_imported(module):
    code = f"import sys, annotate.{module}; print(sorted({{'textual', 'torch', 'rich'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert "textual" not in done.stdout
    assert "torch" not in done.stdout
