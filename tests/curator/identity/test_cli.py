"""`curator token` and the commands that ask for one, each in a process of its own."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
import typer

from curator.cli import app
from curator.errors import GateError
from curator.identity.tokens import guard_of, make_token

TOKEN = re.compile(r"^[\w-]{43}\n$")


@pytest.fixture
def folder(filled, run):
    """Two members and twelve pictures."""
    return filled.path


def token_files():
    return sorted(Path.home().rglob("tokens/*"))


def everything_in(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_token_is_shown_once_kept_here_and_nowhere_in_the_workspace(run, folder):
    done = run("curator", "token", "new", "ada", cwd=folder)
    assert TOKEN.match(done.stdout)
    assert token_files()[0].read_text() == done.stdout
    assert str(token_files()[0]) in done.stderr
    assert done.stdout.strip().encode() not in everything_in(folder)
    assert done.stdout.strip() not in run("curator", "token", "list", "--json", cwd=folder).stdout


def test_from_one_machine_to_another(run, folder):
    token = run("curator", "token", "new", "ada", cwd=folder).stdout
    run("curator", "split", cwd=folder)
    caption = ("annotate", "tui", "--as", "ada")
    assert "needs a terminal" in run(*caption, cwd=folder, code=2).stderr
    (kept,) = token_files()
    kept.unlink()
    assert "curator token keep ada" in run(*caption, cwd=folder, code=4).stderr
    assert "not the token of ada" in run("curator", "token", "keep", "ada", cwd=folder, code=4, stdin="guess\n").stderr
    assert token_files() == []
    told = run("curator", "token", "keep", "ada", cwd=folder, stdin=token)
    assert token.strip() not in told.stdout + told.stderr
    assert "needs a terminal" in run(*caption, cwd=folder, code=2).stderr
    assert run("annotate", "tui", "--as", "ben", cwd=folder, code=2)


def test_a_new_token_replaces_the_old_one(run, folder):
    first = run("curator", "token", "new", "ada", cwd=folder).stdout
    second = run("curator", "token", "new", "ada", cwd=folder).stdout
    assert [path.read_text() for path in token_files()] == [second]
    wrong = run("curator", "token", "new", "ada", cwd=folder, code=4, env={"CURATOR_TOKEN": first.strip()})
    assert "CURATOR_TOKEN is not ada's" in wrong.stderr


def test_a_lead_makes_and_drops_the_tokens_of_others(run, folder):
    run("curator", "init", ".", "--lead", "ada", cwd=folder)
    lead = run("curator", "token", "new", "ada", cwd=folder).stdout.strip()
    for path in token_files():
        path.unlink()
    assert "this is for a lead: ada" in run("curator", "token", "drop", "ben", cwd=folder, code=4).stderr
    assert "not on this machine" in run("curator", "token", "new", "ben", "--as", "ada", cwd=folder, code=4).stderr
    as_lead = {"CURATOR_MEMBER": "ada", "CURATOR_TOKEN": lead}
    token = run("curator", "token", "new", "ben", cwd=folder, env=as_lead).stdout
    assert token_files() == []
    rows = json.loads(run("curator", "token", "list", "--json", cwd=folder).stdout)
    assert [(row["member"], row["role"], row["token"], row["here"]) for row in rows] == [
        ("ada", "lead", True, False),
        ("ben", "annotator", True, False),
    ]
    run("curator", "token", "keep", "ben", cwd=folder, stdin=token)
    assert "ben is annotator here" in run("curator", "token", "drop", "ada", "--as", "ben", cwd=folder, code=4).stderr
    run("curator", "token", "drop", "ben", cwd=folder, env=as_lead)
    rows = json.loads(run("curator", "token", "list", "--json", cwd=folder).stdout)
    assert [row["token"] for row in rows] == [True, False]


def test_what_happened_is_on_record(run, folder, filled, store_of):
    run("curator", "token", "new", "ada", cwd=folder)
    run("curator", "token", "drop", "ada", cwd=folder)
    events = store_of(filled).history.events()
    assert [(each["what"], each["detail"]) for each in events] == [
        ("token made", {"whose": "ada"}),
        ("token dropped", {"whose": "ada"}),
    ]


@pytest.mark.parametrize("action", ["new", "drop", "keep"])
def test_an_unknown_name(run, folder, action):
    done = run("curator", "token", action, "zoe", cwd=folder, code=3, stdin="x\n")
    assert "no member is called 'zoe'; the team is: ada, ben" in done.stderr


def test_nothing_to_keep(run, folder):
    assert "has no token" in run("curator", "token", "keep", "ada", cwd=folder, code=3, stdin="x\n").stderr


def test_a_hash_that_is_none_is_no_way_in(run, folder):
    with sqlite3.connect(folder / "curator.db") as database:
        database.execute("UPDATE member SET token = '../../x' WHERE name = 'ada'")
    database.close()
    assert "is none" in run("annotate", "tui", "--as", "ada", cwd=folder, code=3).stderr


def test_roles_need_postgresql(run, folder):
    assert "SQLite file, which has no logins" in run("curator", "roles", cwd=folder, code=3).stderr


LEADS_COMMANDS = (
    ("exclude", "00.png", "--reason", "dark"),
    ("exclude", "00.png", "--undo"),
    ("hold-out", "--subjects", "cat"),
    ("init", ".", "--members", "dan"),
    ("init", ".", "--lead", "dan"),
    ("ingest", "pictures"),
    ("members", "add", "dan"),
    ("members", "role", "ben", "lead"),
    ("members", "weight", "ben", "2"),
    ("members", "leave", "ben"),
    ("members", "return", "ben"),
    ("reassign", "--from", "ben"),
    ("restore", "backup.zip"),
    ("split",),
    ("token", "drop", "ada"),
    ("token", "new", "ben", "--as", "ada"),
)


def call(*line):
    """Carry a command line out in this process; errors come through."""
    typer.main.get_command(app)(list(line), standalone_mode=False)


@pytest.fixture
def led(filled, store_of, monkeypatch):
    """ada leads and has a token, which is not on this machine."""
    token = make_token()
    store = store_of(filled)
    store.team.change("ada", role="lead")
    store.tokens.set_guard("ada", guard_of(token))
    monkeypatch.chdir(filled.path)
    (filled.path / "pictures").mkdir()
    call("backup", "-o", "backup.zip")
    return token


@pytest.mark.parametrize("line", LEADS_COMMANDS, ids=" ".join)
def test_a_leads_command_is_the_leads(filled, led, line, store_of):
    before = store_of(filled).history.events()
    with pytest.raises(GateError, match=r"this is for a lead: ada|ada has a token, which is not on this machine"):
        call(*line)
    if "--as" not in line:
        with pytest.raises(GateError, match="ben is annotator here"):
            call(*line, "--as", "ben")
    assert store_of(filled).history.events() == before


def test_the_lead_with_the_token_may(filled, led, monkeypatch, picture):
    monkeypatch.setenv("CURATOR_TOKEN", led)
    (filled.path / "pictures" / "new.png").write_bytes(picture(99))
    for line in LEADS_COMMANDS:
        if line[0] not in ("restore", "token"):
            call(*line, "--as", "ada")


def test_nothing_is_asked_of_who_only_looks(led):
    for line in (["status"], ["list"], ["split", "--dry-run"], ["history"], ["members", "list"], ["token", "list"]):
        call(*line)
