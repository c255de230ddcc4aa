"""`curator datasets` as people call it."""

import json


def test_list(run):
    done = run("curator", "datasets", "list")
    assert "openmoji" in done.stdout
    assert "CC-BY-SA-4.0" in done.stdout
    assert done.stderr == ""


def test_list_as_json(run):
    known = json.loads(run("curator", "datasets", "list", "--json").stdout)
    assert [(each["name"], each["counts"]["pictures"]) for each in known] == [
        ("dreambooth-dogs", 37),
        ("openmoji", 3953),
    ]


def test_get(run, need, tmp_path):
    need("sample")
    done = run("curator", "datasets", "get", "openmoji", "--group", "Component", "--size", "32", cwd=tmp_path)
    assert done.stdout == "openmoji\n"
    assert "curator ingest openmoji --table openmoji/table.csv" in done.stderr
    assert len(list((tmp_path / "openmoji" / "images").iterdir())) == 5


def test_get_from_another_folder(run, need, tmp_path):
    need("sample")
    (tmp_path / "here").mkdir()
    run("curator", "-C", "here", "datasets", "get", "openmoji", "set", "--group", "Component", cwd=tmp_path)
    assert (tmp_path / "here" / "set" / "table.csv").is_file()


def test_an_unknown_set(run):
    done = run("curator", "datasets", "get", "emoji", code=3)
    assert done.stderr == "error: no data set is called 'emoji'\n  known: dreambooth-dogs, openmoji\n"


def test_a_choice_that_a_set_does_not_offer(run):
    assert (
        "leave --group and --size out"
        in run("curator", "datasets", "get", "dreambooth-dogs", "--size", "9", code=2).stderr
    )


def test_no_network(run, tmp_path):
    address = "http://127.0.0.1:9/dogs.zip"  # the discard port: nobody answers
    done = run("curator", "datasets", "get", "dreambooth-dogs", "--from", address, code=5, cwd=tmp_path)
    assert "cannot be reached" in done.stderr
    assert list(tmp_path.iterdir()) == []
