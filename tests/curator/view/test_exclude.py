import json

import pytest


def test_an_excluded_picture_is_out_of_everything_but_its_history(run, filled):
    run("curator", "exclude", "03.png", "--reason", "too dark", cwd=filled.path)
    figures = json.loads(run("curator", "status", "--json", cwd=filled.path).stdout)
    assert (figures["pictures"], figures["excluded"], figures["captions"]) == (11, 1, 10)
    row = next(
        row for row in json.loads(run("curator", "list", "--json", cwd=filled.path).stdout) if row["name"] == "03.png"
    )
    assert row["state"] == "too dark"
    proof = json.loads(run("curator", "split", "--json", cwd=filled.path).stdout)
    assert proof["pictures"] == 11
    run("curator", "export", "--skip-unready", cwd=filled.path)
    about = json.loads((filled.path / "releases/v1/release.json").read_text())
    assert about["counts"]["samples"] == 10
    assert "picture number 3" in run("curator", "history", "03.png", cwd=filled.path).stdout


def test_taking_it_back_restores_it(run, filled):
    run("curator", "exclude", "03.png", "--reason", "too dark", cwd=filled.path)
    run("curator", "exclude", "03.png", "--undo", cwd=filled.path)
    figures = json.loads(run("curator", "status", "--json", cwd=filled.path).stdout)
    assert (figures["pictures"], figures["excluded"]) == (12, 0)


@pytest.mark.parametrize("arguments", [[], ["--reason", " "], ["--reason", "x", "--undo"]])
def test_wrong_usage_ends_with_2_and_changes_nothing(run, filled, store_of, arguments):
    run("curator", "exclude", "03.png", *arguments, cwd=filled.path, code=2)
    assert store_of(filled).records.find("03.png").image.status == "ok"
