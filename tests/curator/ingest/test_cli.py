import json

import pytest


@pytest.fixture
def curator(workspace, run):
    """`curator("ingest", …)` in the workspace."""
    return lambda *arguments, **options: run("curator", *arguments, cwd=workspace.path, **options)


@pytest.fixture
def small(folder, picture):
    return folder(
        {"images/0.png": picture(0), "images/1.png": picture(1), "captions/0.txt": "zero", "images/bad.png": b""}
        | {"t.csv": "image,captioner\n0.png,ada\n"}
    )


def test_it_says_what_came_in_and_what_did_not(curator, small):
    told = curator("ingest", small, "--table", small / "t.csv", "--map", "captioner=author").stdout.splitlines()
    assert told == [
        "2 pictures, 1 caption, 1 author",
        "2 new pictures, 1 new caption",
        "quarantined: 1 file",
        "  empty: 1",
        "    images/bad.png: a file of 0 bytes",
        "pictures without caption (1): images/1.png",
        "new contributors (1): ada",
    ]
    assert curator("ingest", small).stdout.splitlines()[1] == "nothing new"


def test_json_goes_to_stdout_alone(curator, small):
    done = curator("ingest", small, "--json", "--dry-run")
    told = json.loads(done.stdout)
    assert (told["pictures"], told["captions"], told["dry_run"]) == (2, 1, True)
    assert told["quarantined"] == {"images/bad.png": "empty: a file of 0 bytes"}
    assert "would add 2 new pictures, 1 new caption" in curator("ingest", small, "--dry-run").stdout


def test_strict_fails_after_everything_was_taken(curator, small):
    done = curator("ingest", small, "--strict", code=4)
    assert done.stdout.startswith("2 pictures")
    assert "1 file is quarantined" in done.stderr
    (small / "images" / "bad.png").unlink()
    curator("ingest", small, "--strict")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["{missing}"], 3, "no such folder"),
        ([], 2, "name a FOLDER"),
        (["{small}", "--table", "{missing}"], 3, "no such file"),
        (["{small}", "--map", "captioner"], 2, "write OTHER=OURS"),
        (["{small}", "--map", "captioner=auhtor"], 2, "did you mean 'author'?"),
        (["{small}", "--map", "captioner=author"], 2, "--map renames columns of --table"),
        (["{small}", "--table", "{small}/t.csv", "--map", "by=author"], 3, "no column 'by'"),
        (["{small}", "--group", "Food"], 2, "--group belongs to --dataset"),
        (["--dataset", "opnemoji"], 3, "openmoji"),
        (["--dataset", "openmoji", "--table", "x.csv"], 2, "brings its own table"),
    ],
)
def test_every_mistake_gets_one_clear_line(curator, small, tmp_path, arguments, code, says):
    places = {"missing": tmp_path / "missing", "small": small}
    done = curator("ingest", *(each.format(**places) for each in arguments), code=code)
    assert done.stdout == ""
    assert says in done.stderr


def test_without_a_workspace_it_says_how_to_make_one(run, small, tmp_path):
    assert "curator init" in run("curator", "ingest", small, cwd=tmp_path, code=3).stderr


@pytest.mark.slow
def test_a_known_set_is_got_and_ingested(curator, need):
    need("sample")
    done = curator("ingest", "--dataset", "openmoji", "--group", "Animals & Nature")
    first = done.stdout.splitlines()[0]
    assert first.startswith("153 pictures, 153 captions")
    assert "nothing new" in curator("ingest", "--dataset", "openmoji", "--group", "Animals & Nature").stdout
