"""What the command lines share: output, options, progress, and the one place where errors end."""

import json
import os
import signal
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator import console
from curator.errors import MissingExtra

HOSTILE = "a \x1b[31mred\x1b[0m\x07 \x9b2J \u202edog\u2066 \x00\x7f end"
PROGRAM = """
import os, sys, time
from pathlib import Path
import typer
from curator import console, errors

app = console.app("tool", "What it is for.")

@app.command()
def fail(kind: str, _folder: console.InFolder = None) -> None:
    "End in a certain way."
    if kind == "none":
        console.put(str(Path.cwd()))
    elif kind == "bug":
        raise ZeroDivisionError("a bug")
    elif kind == "missing":
        open("/nowhere/file")
    elif kind == "bare":
        raise OSError("nothing known")
    elif kind == "stop":
        console.say("ready")
        time.sleep(60)
    elif kind == "extra":
        console.require("no_such_module", "train")
    elif kind == "much":
        for number in range(100_000):
            console.put(f"line {number}")
    elif kind == "bar":
        for _ in console.progress(range(3), "counting"):
            pass
    else:
        raise getattr(errors, kind)("what is \\x1b[1m wrong", "what to do")

@app.command()
def other() -> None:
    "Another one."

console.run(app)
"""


@pytest.fixture
def program():
    """Run a small command line of the project's making."""

    def run(*arguments, stdout=subprocess.PIPE, **options):
        line = [sys.executable, "-P", "-c", PROGRAM, *map(str, arguments)]
        return subprocess.run(line, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=60, **options)

    return run


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("UsageError", 2),
        ("InputError", 3),
        ("ConfigError", 3),
        ("StoreError", 3),
        ("GateError", 4),
        ("ServiceError", 5),
    ],
)
def test_an_expected_error_is_one_clear_message_and_its_code(program, kind, code):
    done = program("fail", kind)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr == "error: what is \N{REPLACEMENT CHARACTER}[1m wrong\n  what to do\n"


def test_a_missing_extra_gives_the_line_that_installs_it(program):
    done = program("fail", "extra")
    assert done.returncode == 3
    assert "no_such_module" in done.stderr
    assert done.stderr.splitlines()[-1] == "  pip install 'glide-curator[train]'"


def test_an_error_of_the_system_names_the_file(program):
    done = program("fail", "missing")
    assert (done.returncode, done.stderr) == (3, "error: /nowhere/file: No such file or directory\n")


@pytest.mark.parametrize("kind", ["bug", "bare"])
def test_a_bug_is_not_dressed_up(program, kind):
    done = program("fail", kind)
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_a_wrong_call_ends_with_2(program):
    assert program("fail").returncode == 2
    assert program("fail", "none", "--unknown").returncode == 2
    assert program("unknown").returncode == 2


def test_no_command_shows_the_help(program):
    done = program()
    assert "What it is for." in done.stdout + done.stderr
    assert "fail" in done.stdout + done.stderr


@pytest.mark.parametrize("help_name", ["-h", "--help"])
def test_help(program, help_name):
    assert "End in a certain way." in program("fail", help_name).stdout


def test_ctrl_c_ends_with_130():
    line = [sys.executable, "-P", "-c", PROGRAM, "fail", "stop"]
    # A shell starts what it puts in the background with SIGINT ignored, and children inherit that.
    heard = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **heard) as process:
        assert process.stderr.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err


def test_a_reader_that_goes_away_is_no_bug(program):
    reading, writing = os.pipe()
    os.close(reading)
    done = program("fail", "much", stdout=writing)
    os.close(writing)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_the_folder_may_stand_before_or_after_the_command(program, tmp_path):
    assert program("-C", tmp_path, "fail", "none").stdout == f"{tmp_path}\n"
    assert program("fail", "-C", tmp_path, "none").stdout == f"{tmp_path}\n"


def test_a_folder_that_cannot_be_entered(program, tmp_path):
    done = program("-C", tmp_path / "nowhere", "fail", "none")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "No such file" in done.stderr


def test_progress_is_silent_where_there_is_no_terminal(program):
    done = program("fail", "bar")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_progress_shows_a_bar_on_a_terminal():
    parent, child = os.openpty()
    line = [sys.executable, "-P", "-c", PROGRAM, "fail", "bar"]
    surroundings = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(line, stdout=subprocess.PIPE, stderr=child, env=surroundings, timeout=60)
    os.close(child)
    shown = os.read(parent, 65536).decode()
    os.close(parent)
    assert (done.returncode, done.stdout) == (0, b"")
    assert "counting" in shown
    assert "3/3" in shown


@pytest.mark.parametrize("total", [None, 3], ids=["of a list", "of a generator"])
def test_progress_passes_everything_on(total):
    items = [1, 2, 3]
    assert list(console.progress(items if total is None else iter(items), "counting", total)) == items


def test_data_goes_to_stdout_and_narration_to_stderr(capsys):
    console.put("data")
    console.say("narration")
    console.complain("error", "hint")
    assert capsys.readouterr() == ("data\n", "narration\nerror: error\n  hint\n")


@pytest.mark.parametrize("show", [console.put, console.say, console.complain])
def test_no_escape_sequence_reaches_the_terminal(capsys, show):
    show(HOSTILE)
    out, err = capsys.readouterr()
    assert not set(out + err) & set("\x1b\x07\x9b\u202e\u2066\x00\x7f")
    assert "end" in out + err


def test_json_keeps_the_text_and_shows_no_escape_sequence(capsys):
    value = {"b": HOSTILE, "a": ["ä \N{DOG FACE}", "\U000e0001 tag", None, 1.5]}
    console.print_json(value)
    out = capsys.readouterr().out
    assert json.loads(out) == value
    assert list(json.loads(out)) == ["b", "a"]
    assert "ä \N{DOG FACE}" in out
    assert not set(out) & set("\x1b\x07\x9b\u202e\u2066\x00\x7f\U000e0001")


@given(st.text())
def test_plain_text_has_no_control_characters_and_changes_nothing_else(text):
    shown = console.plain(text)
    assert len(shown) == len(text)
    for before, after in zip(text, shown, strict=True):
        if before in "\n\t\N{ZERO WIDTH JOINER}" or unicodedata.category(before) not in ("Cc", "Cf", "Cs"):
            assert after == before
        else:
            assert after == "\N{REPLACEMENT CHARACTER}"


def test_a_table_is_aligned_and_free_of_markup(capsys):
    console.print_table(["name", "count"], [["[bold]a[/bold]", 5], [None, 12345], [HOSTILE, None]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "count"]
    assert lines[1].split() == ["[bold]a[/bold]", "5"]
    assert lines[1].rstrip().endswith("    5")
    assert lines[2].split() == ["12345"]
    assert "\x1b" not in "".join(lines)


def test_an_empty_table_is_its_head(capsys):
    console.print_table(["name", "count"], [])
    assert capsys.readouterr().out.split() == ["name", "count"]


def test_requiring_what_is_there_imports_nothing():
    console.require("wsgiref.simple_server", "all")
    assert "wsgiref.simple_server" not in sys.modules
    with pytest.raises(MissingExtra):
        console.require("no_such_module", "all")
