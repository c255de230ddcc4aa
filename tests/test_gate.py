"""Every command that writes asks who does it: in a team whose members all have tokens, none of which is here.

A new command has to be named here: among those that only look, or with a line that would write.
"""

import pytest
import typer

import annotate.cli
import curator.cli
from curator.blobs import Blobs
from curator.errors import GateError
from curator.identity.tokens import guard_of, make_token
from curator.record import Image, Member, Source
from curator.store import open_store
from curator.store.captions import Writing

APPS = {"curator": curator.cli.app, "annotate": annotate.cli.app}

LOOKS_ONLY = {
    "curator rounds", "curator status", "curator list", "curator show", "curator conflicts", "curator history",
    "curator verify", "curator roles", "curator backup", "curator datasets list", "curator datasets get",
    "curator token list", "curator members list",
    "annotate agreement", "annotate keys", "annotate doctor", "annotate progress", "annotate drafts list",
}  # fmt: skip
OPEN_TO_ALL = {
    "curator audit": "findings are figures that anybody may work out again",
    "curator export": "a release says of itself what it was made of",
    "curator demo": "it makes a workspace of its own",
    "curator token keep": "it asks for the token itself",
}
"""What writes without asking, and why."""
LEADS = {
    "curator init": ". --members dan",
    "curator ingest": "pictures",
    "curator hold-out": "--subjects cat",
    "curator split": "",
    "curator reassign": "--from ben",
    "curator exclude": "a.png --reason dark",
    "curator restore": "backup.zip",
    "curator token new": "ben --as ada",
    "curator token drop": "ben",
    "curator members add": "dan",
    "curator members role": "ben lead",
    "curator members weight": "ben 2",
    "curator members leave": "ben",
    "curator members return": "ben",
    "curator sync-folder": "pictures",
    "annotate merge": "ben.pack",
    "annotate drafts add": "drafts.csv --model m",
    "annotate gold set": "a.png right --as ada",
    "annotate gold list": "--as ada",
}
MEMBERS = {
    "curator settle": "a.png --keep 1 --as ada",
    "curator sync-folder": "pictures --as ben",
    "curator token new": "ben",
    "annotate tui": "--as ben",
    "annotate session": "--as ben",
    "annotate replace": "dog cat --as ben --yes",
    "annotate adjudicate": "--as ada --picture a.png --pick 1 --reason x",
    "annotate pack": "--as ben -o new.pack",
    "annotate merge": "ben.pack --as ben",
}


def commands(command, path):
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path
    for name, each in (inner or {}).items():
        yield from commands(each, f"{path} {name}")


def call(path, line):
    tool, *names = path.split()
    typer.main.get_command(APPS[tool])([*names, *line.split()], standalone_mode=False)


@pytest.fixture
def led(workspace, picture, monkeypatch):
    """ada leads, ben annotates; two texts of ada compete; there is a file for each command that needs one."""
    monkeypatch.chdir(workspace.path)
    store = open_store(workspace)
    for name, role in (("ada", "lead"), ("ben", "annotator")):
        store.team.add(Member(name, role=role))
    blob = Blobs(workspace.blobs).put(picture(1))
    store.pictures.add(Image(blob, blob, 40, 30, "PNG", subject="cat"))
    store.pictures.save_source(Source("/in", "a.png", "image", 1, 1, blob))
    store.team.add_round(1, "0%", None, {}, [("ben", "own", blob)])
    for text in ("one", "two"):
        store.captions.submit(Writing(blob, "ada", text))
    (workspace.path / "pictures").mkdir()
    (workspace.path / "pictures" / "a.txt").write_text("a cat", encoding="utf-8")
    (workspace.path / "pictures" / "b.png").write_bytes(picture(2))
    (workspace.path / "drafts.csv").write_text("picture,caption\na.png,a cat\n", encoding="utf-8")
    call("annotate pack", "--as ben -o ben.pack")
    call("curator backup", "-o backup.zip")
    for name in ("ada", "ben"):
        store.tokens.set_guard(name, guard_of(make_token()))
    yield store
    store.close()


def everything(store):
    return store.captions.revisions(), store.team.members(), store.team.tasks(), store.history.events()


def test_every_command_is_sorted_here():
    found = {path for name, app in APPS.items() for path in commands(typer.main.get_command(app), name)}
    assert LOOKS_ONLY | OPEN_TO_ALL.keys() | LEADS.keys() | MEMBERS.keys() == found
    assert not LOOKS_ONLY & (OPEN_TO_ALL.keys() | LEADS.keys() | MEMBERS.keys())


@pytest.mark.parametrize(("path", "line"), [*LEADS.items(), *MEMBERS.items()])
def test_nobody_writes_in_a_name_whose_token_is_not_here(led, path, line):
    before = everything(led)
    with pytest.raises(GateError, match=r"this is for a lead: ada|(ada|ben) has a token, which is not on this machine"):
        call(path, line)
    assert everything(led) == before
