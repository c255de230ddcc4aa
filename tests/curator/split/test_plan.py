import json

import pytest

from curator.blobs import Blobs
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


@pytest.mark.parametrize(
    "arguments", [["--overlap", "lots"], ["--overlap-by", "2"], ["--overlap-by", "0"], ["--weight", "ada"]]
)
def test_wrong_usage_ends_with_2_and_splits_nothing(run, filled, store_of, arguments):
    run("curator", "split", *arguments, cwd=filled.path, code=2)
    assert store_of(filled).team.rounds() == []


def test_weights_are_those_of_the_round_or_the_stored_ones(filled, store_of):
    store = store_of(filled)
    store.team.change("ada", weight=2.0)
    assert split_round(store, Wish(), dry_run=True).proof["own"] == {"ada": 8, "ben": 4}
    assert split_round(store, Wish(weights={"ada": 3.0}), dry_run=True).proof["own"] == {"ada": 9, "ben": 3}
    assert [member.weight for member in store.team.members()] == [2.0, 1.0]


def test_new_pictures_make_up_for_what_a_member_lacks(filled, store_of, put_picture, picture):
    store, blobs = store_of(filled), Blobs(filled.blobs)
    store.team.change("ben", left="2026-01-01")
    split_round(store, Wish())
    store.team.change("ben", left=None)
    for seed in range(100, 106):
        put_picture(store, blobs, picture(seed), f"{seed}.png", "owl")
    made = split_round(store, Wish(seed=1))
    assert made.proof["own"] == {"ada": 0, "ben": 6}
    assert made.proof["own_with_earlier"] == {"ada": 12, "ben": 6}


def test_tasks_are_in_the_order_of_the_pictures_names(filled, store_of):
    store = store_of(filled)
    split_round(store, Wish(overlap="100%", seed=3))
    names = {source.image: source.path for source in store.pictures.sources()}
    order = [names[task.image] for task in store.team.tasks("ada")]
    assert order == sorted(order)
