import json

import pytest

from curator.errors import InputError
from curator.split.plan import Wish, split_round
from curator.split.proof import digest
from curator.split.rounds import rounds, verify


def test_a_digest_names_every_task_whatever_the_order():
    tasks = [("ada", "own", "1"), ("ben", "overlap", "1"), ("ben", "own", "2")]
    assert digest(tasks) == digest(reversed(tasks))
    assert len({digest(tasks), digest(tasks[:2]), digest([("ben", "own", "1"), *tasks[1:]])}) == 3


def test_a_proof_holds_whatever_becomes_of_the_tasks(filled, store_of):
    store = store_of(filled)
    split_round(store, Wish(overlap="4", seed=3))
    first, second, *_ = store.team.tasks()
    store.team.close_task(first.id, "submitted")
    store.team.pass_on([second.id], "passed on to ben")
    (found,) = rounds(store)
    assert verify(store, found).holds


def test_a_proof_of_other_tasks_does_not_hold(run, filled, store_of):
    store = store_of(filled)
    split_round(store, Wish(seed=3))
    (proved,) = store.team.rounds()
    tasks = [(task.member, task.kind, task.image) for task in store.team.tasks()]
    store.team.add_round(3, "0%", None, proved["proof"], tasks[:-1])
    verdicts = [verify(store, each).holds for each in rounds(store)]
    assert verdicts == [True, False]
    told = run("curator", "rounds", "--verify", cwd=filled.path, code=4)
    assert "round 1: digest" in told.stdout
    assert "DOES NOT HOLD" in told.stdout
    assert "the proof of round 2 does not hold" in told.stderr
    assert run("curator", "rounds", "1", "--verify", cwd=filled.path).stdout.rstrip().endswith("holds")
    assert json.loads(run("curator", "rounds", "1", "--verify", "--json", cwd=filled.path).stdout)[0]["holds"] is True


def test_rounds_are_shown_with_their_proofs(run, filled):
    assert "no round yet" in run("curator", "rounds", cwd=filled.path).stderr
    run("curator", "members", "weight", "ada", "2", cwd=filled.path)
    split = run("curator", "split", "--overlap", "2", cwd=filled.path).stdout
    shown = run("curator", "rounds", cwd=filled.path).stdout
    assert shown.startswith("round 1, split, ")
    assert split.strip() in shown
    assert "fair share 8.0 4.0" in " ".join(shown.split())


def test_an_unknown_round_is_named(filled, store_of):
    with pytest.raises(InputError, match="there is no round 7"):
        rounds(store_of(filled), 7)


def test_a_round_without_a_proof_is_shown_as_such(run, filled, store_of):
    store_of(filled).team.add_round(1, "0%", None, {}, [])
    assert "no proof was stored" in run("curator", "rounds", cwd=filled.path).stdout
