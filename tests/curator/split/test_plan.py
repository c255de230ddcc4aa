import json

import pytest

from curator.errors import InputError, UsageError
from curator.split.plan import Wish, count, split_round


@pytest.mark.parametrize(
    ("overlap", "pictures", "number"),
    [("10%", 37, 4), ("0%", 37, 0), ("100%", 5, 5), ("3", 37, 3), ("12.5%", 8, 1), ("10%", 25, 3)],
)
def test_overlap_is_a_share_or_a_number(overlap, pictures, number):
    assert count(overlap, pictures) == number


@pytest.mark.parametrize("overlap", ["ten", "-1", "110%", "1.5", "38", "%", ""])
def test_an_impossible_overlap_is_refused(overlap):
    with pytest.raises(UsageError):
        count(overlap, 37)


def test_the_round_is_stored_with_its_tasks(filled, store_of):
    store = store_of(filled)
    made = split_round(store, Wish(overlap="25%", seed=3))
    own = [task for task in store.team.tasks() if task.kind == "own"]
    shared = [task for task in store.team.tasks() if task.kind == "overlap"]
    assert {task.image: task.member for task in own} == made.owners == store.team.owners()
    assert sorted(task.image for task in shared) == sorted(made.overlap)
    assert len(made.overlap) == 3
    assert all(store.team.owners()[task.image] != task.member for task in shared)
    assert store.team.rounds()[0]["proof"] == made.proof


def test_again_gives_nothing_away_twice(run, filled):
    run("curator", "split", cwd=filled.path)
    again = run("curator", "split", "--seed", "9", cwd=filled.path)
    assert "every picture has an owner already" in again.stdout
    figures = json.loads(run("curator", "status", "--json", cwd=filled.path).stdout)
    assert sum(member["tasks"] for member in figures["members"]) == 12


def test_a_dry_run_shows_the_proof_and_stores_nothing(run, filled):
    shown = json.loads(run("curator", "split", "--dry-run", "--json", cwd=filled.path).stdout)
    assert shown["own"] == {"ada": 6, "ben": 6}
    assert json.loads(run("curator", "status", "--json", cwd=filled.path).stdout)["members"][0]["tasks"] == 0


def test_without_members_or_pictures_it_says_what_to_do(workspace, store):
    with pytest.raises(InputError, match="no members"):
        split_round(store, Wish())


@pytest.mark.parametrize("arguments", [["--overlap", "lots"], ["--overlap-by", "2"], ["--overlap-by", "0"]])
def test_wrong_usage_ends_with_2_and_splits_nothing(run, filled, store_of, arguments):
    run("curator", "split", *arguments, cwd=filled.path, code=2)
    assert store_of(filled).team.rounds() == []
