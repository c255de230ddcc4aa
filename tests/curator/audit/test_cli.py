"""`curator audit` as a user runs it."""

import json

import pytest

from curator.store.captions import Writing


@pytest.fixture
def folder(filled, store_of, write):
    """A workspace with one picture without caption and one misspelt caption; nothing else at warning or above."""
    store = store_of(filled)
    image = store.records.find("03.png").image.id
    store.captions.submit(Writing(image, "ada", "a fox among the lavendar"))
    return filled.path


def test_text_on_stdout_reports_on_disk(folder, run):
    done = run("curator", "audit", cwd=folder)
    assert "no-caption" not in done.stdout
    assert "error: Pictures without a caption (1)\n  11.png: no caption" in done.stdout
    assert "03.png: “lavendar” → lavender" in done.stdout
    assert "reports: reports/audit.md, reports/audit.html" in done.stderr
    assert (folder / "reports/audit.md").read_text(encoding="utf-8").startswith("# Audit of dogs\n")
    assert (folder / "reports/audit.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_json_is_all_that_stands_on_stdout(folder, run):
    found = json.loads(run("curator", "audit", "--json", cwd=folder).stdout)
    assert found["counts"] == {"error": 1, "warning": 1, "info": found["counts"]["info"], "accepted": 0}
    (misspelt,) = [each for each in found["findings"] if each["check"] == "misspelt"]
    assert (misspelt["names"], misspelt["severity"], misspelt["state"]) == (["03.png"], "warning", "open")
    assert found["figures"]["counts"]["pictures"] == 12
    assert found["sequence"] == 12


def test_the_same_store_gives_the_same_bytes(folder, run):
    run("curator", "audit", cwd=folder)
    first = [(folder / "reports" / name).read_bytes() for name in ("audit.md", "audit.html")]
    run("curator", "audit", cwd=folder / "blobs", env={"TZ": "Asia/Tokyo"})
    assert [(folder / "reports" / name).read_bytes() for name in ("audit.md", "audit.html")] == first


def test_files_can_be_named(folder, run, tmp_path):
    done = run("curator", "audit", "--html", tmp_path / "x" / "y.html", "--markdown", "z.md", cwd=folder)
    assert (tmp_path / "x" / "y.html").is_file()
    assert (folder / "z.md").is_file()
    assert not (folder / "reports").exists()
    assert "z.md" in done.stderr


@pytest.mark.parametrize(
    ("limit", "mend", "code"),
    [("error", False, 4), ("warning", False, 4), ("error", True, 0), ("warning", True, 4), (None, False, 0)],
    ids=["error", "error counts as warning", "no error", "warning", "not asked"],
)
def test_fail_on(folder, run, store_of, filled, limit, mend, code):
    if mend:
        store = store_of(filled)
        image = store.records.find("11.png").image.id
        store.captions.submit(Writing(image, "ada", "the eleventh picture at last"))
    arguments = ["--fail-on", limit] if limit else []
    done = run("curator", "audit", *arguments, cwd=folder, code=code)
    assert (folder / "reports/audit.html").is_file()
    assert ("open finding" in done.stderr) == (code == 4)


def test_an_unknown_limit_is_a_usage_error(folder, run):
    done = run("curator", "audit", "--fail-on", "note", cwd=folder, code=2)
    assert "'error', 'warning'" in done.stderr


def test_outside_a_workspace_one_clear_line(run, tmp_path):
    done = run("curator", "audit", cwd=tmp_path, code=3)
    assert done.stderr.startswith("error: no curator.toml")


def test_escapes_in_captions_do_not_reach_the_terminal(folder, run, store_of, filled):
    store = store_of(filled)
    image = store.records.find("11.png").image.id
    store.captions.submit(Writing(image, "ada", "\x1b[2J"))
    done = run("curator", "audit", cwd=folder)
    assert "\x1b" not in done.stdout + done.stderr
    assert "hidden character" in done.stdout
