"""`evaluate` in processes of its own: outputs, exit codes, and one run from end to end."""

import json
import shutil

import pytest


def test_help_names_the_commands(run):
    assert {"run", "compare"} <= set(run("evaluate", "--help").stdout.split())


def test_a_run_from_end_to_end(need, run, set_up, scenes, fast):
    need("eval")
    workspace = set_up(finetuned=scenes.photograph, evaluate=fast)
    done = run("evaluate", "run", "v1-tiny-0123abcd", "--json", "-C", workspace.path)
    assert "report: reports/v1-tiny-0123abcd.html" in done.stderr
    assert (workspace.reports / "v1-tiny-0123abcd.html").is_file()
    written = json.loads((workspace.reports / "v1-tiny-0123abcd.json").read_text())
    assert json.loads(done.stdout) == written
    reasons = {row["metric"]: row["reason"] for row in written["rows"]}
    assert reasons["FD-EffNetLite0"] is None
    assert reasons["FID"] == reasons["cosine CLIP-ViT-B-32"] == "weights absent"

    shutil.copy(workspace.reports / "v1-tiny-0123abcd.json", workspace.reports / "twin.json")
    rows = json.loads(run("evaluate", "compare", "v1-tiny-0123abcd", "twin", "--json", cwd=workspace.path).stdout)
    assert {row["second_is"] for row in rows} == {"not told apart", "no interval"}
    assert "KID-EffNetLite0" in run("evaluate", "compare", "v1-tiny-0123abcd", "twin", cwd=workspace.path).stdout

    written["card"]["conditions"]["sampling"]["16"]["guidance"] = 9.0
    (workspace.reports / "twin.json").write_text(json.dumps(written))
    refused = run("evaluate", "compare", "v1-tiny-0123abcd", "twin", cwd=workspace.path, code=3)
    assert "sampling 16 guidance: 3.0 and 9.0" in refused.stderr


def test_no_workspace(run, tmp_path):
    assert "no curator.toml" in run("evaluate", "run", cwd=tmp_path, code=3).stderr


@pytest.mark.parametrize(
    ("spoil", "told", "next_step"),
    [
        pytest.param(lambda w: shutil.rmtree(w.runs), "no run in", "train run", id="no run"),
        pytest.param(
            lambda w: shutil.rmtree(w.runs / "v1-tiny-0123abcd" / "samples"),
            "nothing sampled yet",
            "train sample",
            id="no samples",
        ),
        pytest.param(lambda w: shutil.rmtree(w.releases), "v1", "curator export", id="no release"),
        pytest.param(
            lambda w: (w.path / "curator.toml").write_text('name = "x"\n[evaluate]\nsede = 1\n'),
            "'sede'",
            "'seed'",
            id="setting",
        ),
    ],
)
def test_what_is_missing_is_said_in_one_line_with_the_next_step(need, run, set_up, spoil, told, next_step):
    need("eval")
    workspace = set_up(train=2, test=0)
    spoil(workspace)
    error, hint = run("evaluate", "run", cwd=workspace.path, code=3).stderr.splitlines()[-2:]
    assert error.startswith("error: ")
    assert told in error
    assert next_step in hint


def test_an_unknown_run_and_wrong_usage(need, run, set_up):
    need("eval")
    workspace = set_up(train=2, test=0)
    assert "known: v1-tiny-0123abcd" in run("evaluate", "run", "v9", cwd=workspace.path, code=3).stderr
    assert "evaluate run v9" in run("evaluate", "compare", "v1", "v9", cwd=workspace.path, code=3).stderr.replace(
        "v1", "v9"
    )
    run("evaluate", "compare", "only-one", cwd=workspace.path, code=2)
