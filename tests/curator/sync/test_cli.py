"""`curator sync-folder`, as a process."""

import json

import pytest


@pytest.fixture
def engine():
    return "sqlite"


def test_what_it_says(home, clone, run):
    home.write("00", "a white dog")
    home.write("03", "the fourth \x1b[2J")
    clone.say("01", "a black dog\n")
    home.write("02", "a dog, 02, asleep")
    clone.say("02", "a brown dog, 02\n")
    clone.commit("Ben")
    done = run("curator", "sync-folder", clone.folder, cwd=home.workspace.path)
    assert done.stdout.startswith("3 captions in agreement; 1 file taken, 1 file rewritten, 1 file made\n")
    for said in ("a dog, 02{+, asleep+}", "a{+ brown+} dog, 02", "a brown dog, 02, asleep", "curator conflicts"):
        assert said in done.stdout
    assert home.newest("01").author == "ben"
    assert home.newest("02").writer == "ben"
    again = run("curator", "sync-folder", clone.folder, "--strict", cwd=home.workspace.path, code=4)
    assert "nothing new" in again.stdout
    assert "1 file is left to decide" in again.stderr


def test_json_and_dry_run(home, clone, run):
    clone.say("01", "a black dog\n")
    (clone.folder / "captions" / "00.txt").write_bytes(b"\xff")
    done = run("curator", "sync-folder", clone.folder, "--json", "--dry-run", cwd=home.workspace.path)
    told = json.loads(done.stdout)
    assert (told["dry_run"], told["changed"], told["taken"]) == (True, True, ["captions/01.txt"])
    assert list(told["refused"]) == ["captions/00.txt"]
    assert "a black dog" not in home.texts()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("nowhere",), 3, "no such folder"),
        ((".",), 3, "neither pictures nor captions of this set"),
        (("CLONE", "--as", "dora"), 3, "no member is called 'dora'"),
        (("CLONE", "--authors", "x"), 2, "NAME_OR_EMAIL=MEMBER"),
        (("CLONE", "--authors", "x=dora"), 3, "no member is called 'dora'"),
        ((), 2, "Missing argument"),
    ],
)
def test_wrong_calls(home, clone, run, options, code, said):
    line = [clone.folder if each == "CLONE" else each for each in options]
    before, rows = clone.look(), home.store.captions.revisions()
    assert said in run("curator", "sync-folder", *line, cwd=home.workspace.path, code=code).stderr
    assert (clone.look(), home.store.captions.revisions()) == (before, rows)


def test_a_member_with_a_token_needs_it(home, clone, run, tmp_path):
    run("curator", "token", "new", "ben", cwd=home.workspace.path)
    clone.say("01", "a black dog\n")
    line = ("curator", "sync-folder", clone.folder, "--as", "ben")
    elsewhere = {"HOME": str(tmp_path / "elsewhere")}
    assert "has a token" in run(*line, cwd=home.workspace.path, env=elsewhere, code=4).stderr
    assert "a black dog" not in home.texts()
    run(*line, cwd=home.workspace.path)
    assert home.newest("01").author == "ben"
