import json

import pytest


@pytest.fixture
def members(run, filled):
    """`members("add", "cleo")` calls `curator members` in a workspace of ada and ben."""
    return lambda *arguments, code=0: run("curator", "members", *arguments, cwd=filled.path, code=code)


def listed(members):
    return {row["name"]: row for row in json.loads(members("list", "--json").stdout)}


def test_members_come_with_role_and_weight_and_only_once(members, filled, store_of):
    told = members("add", "cleo", "ben", "--role", "reviewer", "--weight", "0.5").stdout
    assert told == "cleo: added\nben: is a member already, and unchanged\n"
    rows = listed(members)
    assert (rows["cleo"]["role"], rows["cleo"]["weight"]) == ("reviewer", 0.5)
    assert (rows["ben"]["role"], rows["ben"]["weight"]) == ("annotator", 1.0)
    assert [event["member"] for event in store_of(filled).history.events() if event["what"] == "member"] == ["cleo"]


def test_role_weight_leaving_and_return_are_stored_and_recorded(members, filled, store_of):
    assert "was annotator" in members("role", "ada", "lead").stdout
    assert "weight is now 2.0, was 1.0" in members("weight", "ada", "2").stdout
    assert "ada: has left" in members("leave", "ada").stdout
    left = listed(members)["ada"]
    assert (left["role"], left["weight"]) == ("lead", 2.0)
    assert left["left"] is not None
    assert "ada: is back" in members("return", "ada").stdout
    assert listed(members)["ada"]["left"] is None
    done = [event["detail"]["did"] for event in store_of(filled).history.events() if event["what"] == "member"]
    assert done == ["role", "weight", "left", "left"]


def test_who_left_gets_nothing_new(members, run, filled):
    members("leave", "ada")
    assert json.loads(run("curator", "split", "--json", cwd=filled.path).stdout)["own"] == {"ben": 12}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("role", "ada", "boss"), 2, "one of lead, annotator, reviewer, contributor"),
        (("role", "cem", "lead"), 3, "the team is: ada, ben"),
        (("weight", "ada", "much"), 2, "is not a weight"),
        (("leave", "cem"), 3, "no member is called 'cem'"),
        (("add", "a/b"), 3, "cannot be a member's name"),
        (("add", "cem", "--weight", "nan"), 2, "is not a weight"),
    ],
)
def test_what_is_wrong_is_one_clear_line_and_changes_nothing(members, arguments, code, said):
    assert said in members(*arguments, code=code).stderr
    assert {row["weight"] for row in listed(members).values()} == {1.0}
