"""All four command lines: every command explains itself, and answers what is not acceptable with one clear message."""

import inspect
import shlex
import sys

import pytest
import typer

import annotate.cli
import curator.cli
import eval.cli as evaluate_cli
import train.cli
from curator.errors import ConfigError, CuratorError, InputError, MissingExtra

APPS = {
    "curator": curator.cli.app,
    "annotate": annotate.cli.app,
    "train": train.cli.app,
    "evaluate": evaluate_cli.app,
}
NEED_NO_WORKSPACE = {
    "curator init", "curator demo", "curator datasets list", "curator datasets get", "annotate keys", "annotate doctor",
    "train repaint", "train weights fetch", "train weights list", "train weights verify", "train weights convert",
}  # fmt: skip
GIVEN = {
    "curator ingest": ["folder"],
    "curator hold-out": ["--subjects", "dog"],
    "curator exclude": ["--reason", "dark"],
    "annotate tui": ["--as", "1"],
    "annotate session": ["--as", "1"],
    "annotate gold set": ["a dog"],
    "annotate pack": ["--as", "x"],
}
"""What a command must be given although nothing marks it as required."""


def walk(command, path):
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from walk(inner, f"{path} {name}")


EVERYTHING = {path: each for name, app in APPS.items() for path, each in walk(typer.main.get_command(app), name)}
COMMANDS = {path: each for path, each in EVERYTHING.items() if not hasattr(each, "commands")}
IN_A_WORKSPACE = sorted(COMMANDS.keys() - NEED_NO_WORKSPACE)


def call(line):
    """Carry a command line out in this process; errors come through."""
    name, *arguments = shlex.split(line) if isinstance(line, str) else line
    return typer.main.get_command(APPS[name])(arguments, standalone_mode=False)


def shortest(path):
    """A command line with all that the command requires; "1" passes for a name and for a number."""
    required = [each for each in COMMANDS[path].params if each.required]
    values = [[each.opts[0], "1"] if each.opts[0].startswith("-") else ["1"] for each in required]
    return [*path.split(), *(word for value in values for word in value), *GIVEN.get(path, [])]


@pytest.mark.parametrize("path", EVERYTHING)
def test_every_command_explains_itself(path):
    about = EVERYTHING[path].help
    assert about
    assert inspect.cleandoc(about).split("\n\n")[0].endswith(".")


@pytest.mark.parametrize("path", COMMANDS)
def test_every_parameter_explains_itself(path):
    unexplained = [each.name for each in COMMANDS[path].params if not getattr(each, "help", None)]
    assert unexplained == []


@pytest.mark.parametrize("path", EVERYTHING)
def test_every_command_can_be_told_where_to_work(path):
    assert "-C" in {name for each in EVERYTHING[path].params for name in each.opts}


@pytest.mark.parametrize("tool", APPS)
def test_the_help_of_a_tool(run, tool):
    shown = run(tool, "--help").stdout
    for path, command in COMMANDS.items():
        if path.split()[0] == tool and len(path.split()) == 2:
            assert path.split()[1] in shown
            assert command.help.split()[0] in shown


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder that is no workspace, entered."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "folder").mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def here(workspace, monkeypatch):
    """An empty workspace, entered."""
    monkeypatch.chdir(workspace.path)
    return workspace


@pytest.fixture
def filled(here, picture, capsys):
    """A workspace with two members and three pictures, entered."""
    (here.path / "pictures").mkdir()
    for seed in range(3):
        (here.path / "pictures" / f"{seed}.png").write_bytes(picture(seed))
    call("curator init . --members ann,ben")
    call("curator ingest pictures")
    capsys.readouterr()
    return here


@pytest.fixture
def extras(need):
    """The extras that some commands ask for before anything else."""
    need("torch")
    need("textual")


@pytest.mark.parametrize("path", IN_A_WORKSPACE)
@pytest.mark.usefixtures("extras")
def test_a_missing_workspace(path, elsewhere):
    with pytest.raises(InputError, match=r"no curator\.toml in") as caught:
        call(shortest(path))
    assert "curator init" in caught.value.hint
    assert [each.name for each in elsewhere.iterdir()] == ["folder"]


@pytest.mark.parametrize("path", IN_A_WORKSPACE)
@pytest.mark.usefixtures("extras")
def test_an_unknown_key_in_curator_toml(path, elsewhere):
    (elsewhere / "curator.toml").write_text('name = "dogs"\noverlpa = "10%"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="unknown key 'overlpa'") as caught:
        call(shortest(path))
    assert caught.value.hint == "did you mean 'overlap'?"


@pytest.mark.parametrize("path", [path for path in IN_A_WORKSPACE if path.startswith(("curator", "annotate"))])
@pytest.mark.usefixtures("extras")
def test_a_missing_store(path, here):
    (here.path / "folder").mkdir()
    for file in here.path.glob("curator.db*"):
        file.unlink()
    with pytest.raises(CuratorError) as caught:
        call(shortest(path))
    assert caught.value.exit_code == 3
    if path not in ("curator verify", "curator restore"):  # they look at files first
        assert "curator.db is missing" in caught.value.message


MISSING = {
    "annotate tui --as x": ("textual", "tui"),
    "train run": ("torch", "train"),
    "train sample": ("torch", "train"),
    "evaluate run": ("torch", "eval"),
    "curator ingest --dataset openmoji": ("resvg_py", "sample"),
    "curator datasets get openmoji": ("resvg_py", "sample"),
    "curator demo": ("resvg_py", "sample"),
}


@pytest.mark.parametrize("line", MISSING)
@pytest.mark.usefixtures("here")
def test_a_missing_extra(line, monkeypatch):
    module, extra = MISSING[line]
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra) as caught:
        call(line)
    assert caught.value.hint == f"pip install 'glide-curator[{extra}]'"


def test_a_store_on_a_server_without_its_driver(elsewhere, monkeypatch):
    (elsewhere / "curator.toml").write_text('name = "a"\n[store]\nurl = "postgresql://host/db"\n', encoding="utf-8")
    for name in [name for name in sys.modules if name == "psycopg" or name.startswith("psycopg.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra) as caught:
        call("curator status")
    assert caught.value.hint == "pip install 'glide-curator[postgres]'"


WRONG = {
    "curator ingest nowhere": "nowhere",
    "curator ingest curator.toml": "curator.toml",
    "curator ingest . --table nowhere.csv": "nowhere.csv",
    "curator ingest --dataset unheard": "unheard",
    "curator datasets get unheard": "unheard",
    "curator show unheard": "unheard",
    "curator history unheard": "unheard",
    "curator settle unheard --keep 1 --as ann": "unheard",
    "curator settle 1.png --keep 1 --as unheard": "unheard",
    "curator settle 1.png --keep 77 --as ann": "77",
    "curator exclude unheard --undo": "unheard",
    "curator exclude 1.png": "--reason",
    "curator verify unheard": "unheard",
    "curator hold-out --subjects unheard": "unheard",
    "curator hold-out --share 250%": "250%",
    "curator split --overlap many": "many",
    "curator init . --members a/b": "a/b",
    "curator sync-folder unheard": "unheard",
    "curator sync-folder pictures --authors a=unheard": "unheard",
    "curator sync-folder pictures --as unheard": "unheard",
    "annotate pack --as unheard": "unheard",
    "annotate pack --close unheard": "unheard",
    "annotate merge unheard": "unheard",
    "annotate tui --as unheard": "unheard",
    "train run --release unheard": "release",
    "train sample --run unheard": "run",
    "evaluate run unheard": "run",
    "evaluate compare unheard other": "unheard",
}


@pytest.mark.parametrize("line", WRONG)
@pytest.mark.usefixtures("extras", "filled")
def test_something_unknown_is_named(line):
    with pytest.raises(CuratorError) as caught:
        call(line)
    assert caught.value.exit_code in (2, 3)
    assert WRONG[line] in str(caught.value)


def test_a_message_is_one_line_and_a_hint(run, tmp_path):
    done = run("curator", "status", cwd=tmp_path, code=3)
    assert done.stdout == ""
    message, hint = done.stderr.splitlines()
    assert message.startswith("error: no curator.toml in ")
    assert hint.startswith("  ")


@pytest.mark.parametrize("seed", ["-1", str(2**63), str(10**30)])
@pytest.mark.parametrize("command", ["split", "hold-out --share 50%"])
def test_a_seed_beyond_all_bounds(run, filled, command, seed):
    done = run("curator", *command.split(), "--seed", seed, cwd=filled.path, code=None)
    assert done.returncode in (0, 2, 3)
