"""`annotate agreement` and `annotate gold` on a real store."""

import json

import pytest

from curator.record import Member


@pytest.fixture
def overlapping(crew):
    """ada and ben captioned `shared` blind, and `bare` is an overlap picture too; ada leads."""
    crew.store.team.add_round(2, "1", None, {}, [("ben", "overlap", crew.images["bare"])])
    crew.write("shared", "a white dog on a sofa")
    crew.write("shared", "a brown dog on a couch", "ben")
    crew.write("bare", "a dog in the snow")
    crew.write("bare", "a dog in deep snow", "ben")
    return crew


def test_the_tables(run, overlapping):
    told = run("annotate", "agreement", "--pairs", cwd=overlapping.workspace.path)
    assert "2 of 2 overlap pictures" in told.stdout
    assert "ada · ben" in told.stdout
    assert "ada · ben: colour: white / brown" in told.stdout
    assert told.stdout.index("shared.png") < told.stdout.index("bare.png")
    assert "2 pictures: too few to say" in told.stderr


def test_the_data(run, overlapping):
    told = json.loads(run("annotate", "agreement", "--json", "--worst", 1, cwd=overlapping.workspace.path).stdout)
    assert told["pictures"] == 2
    assert [row["picture"]["name"] for row in told["worst"]] == ["shared.png"]
    assert told["worst"][0]["contradictions"] == 1
    assert {row["attribute"] for row in told["attributes"]} == {
        "colour", "size", "pose", "place", "action", "count", "accessory"
    }  # fmt: skip
    again = json.loads(run("annotate", "agreement", "--json", "--worst", 1, cwd=overlapping.workspace.path).stdout)
    assert told == again


def test_a_set_without_overlap_is_no_failure(run, workspace):
    told = run("annotate", "agreement", cwd=workspace.path)
    assert "curator split --overlap" in told.stderr
    assert told.stdout == ""


def test_gold_is_set_listed_measured_and_dropped(run, overlapping):
    folder = overlapping.workspace.path

    def gold(*arguments, code=0):
        return run("annotate", "gold", *arguments, "--as", "ada", cwd=folder, code=code)

    gold("set", "shared.png", "a white dog on a sofa", "--attribute", "pose=sitting", "--attribute", "colour=off-white")
    assert json.loads(gold("list", "--json").stdout) == [
        {
            "picture": "shared.png",
            "caption": "a white dog on a sofa",
            "attributes": {"colour": ["white"], "pose": ["sitting"]},
        }
    ]
    told = json.loads(run("annotate", "agreement", "--json", cwd=folder).stdout)
    right = {(row["member"], row["attribute"]): (row["right"], row["spoken"], row["silent"]) for row in told["scores"]}
    assert right[("ada", "colour")] == (1, 1, 0)
    assert right[("ben", "colour")] == (0, 1, 0)
    assert right[("ben", "pose")] == (0, 0, 1)
    assert "Against the gold items" in run("annotate", "agreement", cwd=folder).stdout
    gold("set", "shared.png", "--drop")
    assert json.loads(gold("list", "--json").stdout) == []


def test_gold_is_hidden_from_members(overlapping, run):
    run("annotate", "gold", "set", "bare.png", "a dog", "--as", "ada", cwd=overlapping.workspace.path)
    assert overlapping.store.records.find("bare.png").answers == {}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["bare.png"], 2, "give a caption"),
        (["bare.png", "a dog", "--drop"], 2, "give a caption"),
        (["bare.png", " "], 3, "empty caption"),
        (["nothing.png", "a dog"], 3, "no picture is called"),
        (["bare.png", "--attribute", "pose"], 2, "NAME=VALUE"),
        (["bare.png", "--attribute", "pose=purple"], 3, "nothing that a caption"),
    ],
)
def test_bad_input(run, overlapping, arguments, code, words):
    told = run("annotate", "gold", "set", *arguments, "--as", "ada", cwd=overlapping.workspace.path, code=code)
    assert words in told.stderr


def test_only_a_lead_sets_gold_where_there_is_one(run, overlapping):
    overlapping.store.team.add(Member("dora", "lead"))
    told = run("annotate", "gold", "set", "bare.png", "a dog", "--as", "ada", cwd=overlapping.workspace.path, code=4)
    assert "dora" in told.stderr
