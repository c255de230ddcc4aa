"""`annotate adjudicate` for scripts, and who may."""

import json

import pytest

from curator.record import Member


@pytest.fixture
def disputed(crew):
    """`shared`, with captions of ada and ben that contradict each other."""
    crew.white = crew.write("shared", "a white dog on a sofa").id
    imported = crew.store.captions.revisions(crew.images["shared"], "ben")[-1]
    crew.brown = crew.write("shared", "a brown dog on a sofa", "ben", base=imported.id).id
    return crew


@pytest.fixture
def adjudicate(run, disputed):
    def call(*arguments, member="cem", code=0):
        return run("annotate", "adjudicate", "--as", member, *arguments, cwd=disputed.workspace.path, code=code)

    return call


def test_the_list_names_nobody_unless_asked(adjudicate, disputed):
    (case,) = json.loads(adjudicate("--json").stdout)
    assert (case["picture"], case["kind"], case["why"]) == (
        "shared.png", "disagreement", "colour: brown / white; 67% of the words in common"
    )  # fmt: skip
    assert {each["revision"] for each in case["texts"]} == {disputed.white, disputed.brown}
    assert "ada" not in json.dumps(case)
    (case,) = json.loads(adjudicate("--json", "--names").stdout)
    assert {each["author"] for each in case["texts"]} == {"ada", "ben"}


def test_pick(adjudicate, disputed):
    adjudicate("--picture", "shared.png", "--pick", disputed.white, "--reason", "it is white")
    record = disputed.store.records.find("shared.png")
    assert (record.captions[0].text, record.captions[0].origin) == ("a white dog on a sofa", "adjudicated")
    assert (record.revisions[-1].source, record.revisions[-1].reason) == (disputed.white, "it is white")
    assert json.loads(adjudicate("--json").stdout) == []
    told = adjudicate("--picture", "shared.png", "--pick", disputed.white, "--reason", "again", code=3)
    assert "nothing to decide for you" in told.stderr
    assert "nothing to decide" in adjudicate().stderr


def test_decide_and_approve_under_the_two_person_rule(adjudicate, disputed):
    config = 'name = "dogs"\n[adjudication]\ntwo_people = true\n'
    (disputed.workspace.path / "curator.toml").write_text(config, encoding="utf-8")
    adjudicate("--picture", "shared.png", "--text", "a cream dog", "--reason", "the light")
    assert "nothing to decide" in adjudicate("--picture", "shared", "--approve", code=3).stderr
    assert "waits for approval" in adjudicate("--picture", "shared", "--pick", 1, member="ben", code=3).stderr
    assert "needs a reason" in adjudicate("--picture", "shared", "--refuse", member="ben", code=3).stderr
    adjudicate("--picture", "shared", "--refuse", "--reason", "which dog?", member="ben")
    adjudicate("--picture", "shared", "--text", "a cream dog on a sofa", "--reason", "that one")
    adjudicate("--picture", "shared", "--approve", member="ben")
    assert disputed.store.records.find("shared").revisions[-1].text == "a cream dog on a sofa"
    assert json.loads(adjudicate("--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--pick", 1], 2, "--picture goes with"),
        (["--picture", "shared"], 2, "--picture goes with"),
        (["--picture", "shared", "--pick", 1, "--approve"], 2, "--picture goes with"),
        (["--picture", "shared", "--pick", 999, "--reason", "x"], 3, "none of its texts"),
        (["--picture", "shared", "--text", "a dog"], 3, "needs a reason"),
        (["--picture", "shared", "--text", " ", "--reason", "x"], 3, "empty caption"),
        (["--picture", "shared", "--approve"], 3, "nothing to approve"),
        (["--picture", "nothing", "--approve"], 3, "no picture is called"),
        ([], 2, "needs a terminal"),
    ],
)
def test_bad_input(adjudicate, need, arguments, code, words):
    need("textual")
    assert words in adjudicate(*arguments, code=code).stderr


def test_only_reviewers_and_leads_where_there_are_any(adjudicate, disputed):
    disputed.store.team.add(Member("dora", "reviewer"))
    assert "dora" in adjudicate("--json", code=4).stderr
    assert len(json.loads(adjudicate("--json", member="dora").stdout)) == 1
