"""Members, rounds and tasks, also when several processes change them at once."""

import pytest

from curator.errors import StoreError
from curator.record import Member
from curator.store.team import Given

CLOSE = """
for task in store.team.tasks():
    if task.id % int(sys.argv[3]) == int(sys.argv[2]):
        store.team.close_task(task.id, "submitted", f"by {sys.argv[2]}")
"""
ROUNDS = """
for turn in range(10):
    tasks = [(member, "own", digit * 64) for member, digit in (("ann", "1"), ("ben", "2"))]
    print(store.team.add_round(turn, "0%", None, {"by": sys.argv[2]}, tasks))
"""
JOIN = """
print(sum(store.team.add(Member(f"member {turn}")) for turn in range(30)))
"""


def test_a_member_comes_back_and_is_added_once(store):
    dora = Member("dora", role="reviewer", weight=0.5, joined="2024-01-01", left="2024-06-30")
    assert store.team.add(dora)
    assert store.team.add(Member("ann"))
    assert not store.team.add(Member("dora"))
    ann, found = store.team.members()
    assert found == dora
    assert (ann.name, ann.role, ann.weight, ann.left) == ("ann", "annotator", 1.0, None)
    assert ann.joined is not None


def test_a_round_and_its_tasks(seeded):
    tasks = [("ann", "own", "1" * 64), ("ben", "own", "2" * 64), ("ben", "overlap", "1" * 64)]
    number = seeded.team.add_round(7, "10%", 2, {"loads": {"ann": 1, "ben": 2}}, tasks)
    (row,) = seeded.team.rounds()
    assert (row["id"], row["seed"], row["overlap"], row["overlap_by"]) == (number, 7, "10%", 2)
    assert row["proof"] == {"loads": {"ann": 1, "ben": 2}}
    assert [(each.member, each.kind, each.image) for each in seeded.team.tasks()] == tasks
    assert {(each.round, each.state, each.reason, each.finding) for each in seeded.team.tasks()} == {
        (number, "open", None, None)
    }
    assert seeded.team.owners() == {"1" * 64: "ann", "2" * 64: "ben"}
    assert seeded.team.task_counts() == {"ann": {"open": 1}, "ben": {"open": 2}}


def test_a_task_is_closed_and_taken_up_again(seeded):
    seeded.team.add_round(1, "0%", None, {}, [("ann", "own", "1" * 64), ("ann", "own", "2" * 64)])
    first, second = seeded.team.tasks("ann")
    seeded.team.close_task(first.id, "skipped", "cannot be seen")
    assert seeded.team.tasks("ann", states=["open"]) == [second]
    (skipped,) = seeded.team.tasks("ann", states=["skipped", "submitted"])
    assert (skipped.id, skipped.reason) == (first.id, "cannot be seen")
    assert seeded.team.task_counts() == {"ann": {"open": 1, "skipped": 1}}
    seeded.team.close_task(first.id, "open")
    assert seeded.team.tasks("ann") == [first, second]
    assert seeded.team.tasks("ben") == []


def test_the_newest_round_names_the_owner(seeded):
    seeded.team.add_round(1, "0%", None, {}, [("ann", "own", "1" * 64)])
    seeded.team.add_round(2, "0%", None, {}, [("ben", "own", "1" * 64)])
    assert seeded.team.owners() == {"1" * 64: "ben"}


def test_a_member_changes_and_comes_back(store):
    store.team.add(Member("ann"))
    store.team.add(Member("ben"))
    store.team.change("ann", role="lead", weight=2.0)
    store.team.change("ann", left="2026-01-01T00:00:00+00:00")
    ann, ben = store.team.members()
    assert (ann.role, ann.weight, ann.left) == ("lead", 2.0, "2026-01-01T00:00:00+00:00")
    assert (ben.role, ben.weight, ben.left) == ("annotator", 1.0, None)
    store.team.change("ann", left=None)
    assert store.team.members()[0].left is None


def test_a_round_can_give_tasks_that_are_done_already(seeded):
    number = seeded.team.add_round(1, "0%", None, {}, [Given("ann", "own", "1" * 64, "submitted")])
    seeded.team.add_round(2, "0%", None, {}, [("ann", "own", "2" * 64)])
    (task,) = seeded.team.tasks(round_=number)
    assert (task.image, task.state) == ("1" * 64, "submitted")


def test_tasks_that_are_passed_on_stay_so_and_belong_to_their_member_no_more(seeded, image):
    pictures = [f"{number:064x}" for number in range(1200)]
    with seeded.write():
        for each in pictures:
            seeded.pictures.add(image(each))
    seeded.team.add_round(1, "0%", None, {}, [("ann", "own", each) for each in pictures])
    tasks = [task.id for task in seeded.team.tasks("ann")]
    seeded.team.pass_on(tasks[:-1], "passed on to ben")
    seeded.team.close_task(tasks[0], "submitted")
    states = [(task.state, task.reason) for task in seeded.team.tasks("ann")]
    assert states == [("passed", "passed on to ben")] * 1199 + [("open", None)]
    assert seeded.team.task_counts() == {"ann": {"open": 1}}
    assert seeded.team.owners() == {pictures[-1]: "ann"}


def test_a_round_that_names_a_stranger_is_not_stored(seeded):
    with pytest.raises(StoreError, match="refused"):
        seeded.team.add_round(1, "0%", None, {}, [("ann", "own", "1" * 64), ("nobody", "own", "2" * 64)])
    assert (seeded.team.rounds(), seeded.team.tasks()) == ([], [])


def test_processes_that_close_tasks_at_once_close_them_all(seeded, image, together):
    pictures = [f"{number:064x}" for number in range(60)]
    with seeded.write():
        for each in pictures:
            seeded.pictures.add(image(each))
    seeded.team.add_round(1, "0%", None, {}, [("ann", "own", each) for each in pictures])
    together(CLOSE, (0, 2), (1, 2))
    assert [each.reason for each in seeded.team.tasks()] == [f"by {each.id % 2}" for each in seeded.team.tasks()]
    assert seeded.team.task_counts() == {"ann": {"submitted": 60}}


def test_processes_that_add_rounds_at_once_keep_them_apart(seeded, together):
    numbers = [int(number) for told in together(ROUNDS, ["one"], ["two"]) for number in told.split()]
    assert sorted(numbers) == [row["id"] for row in seeded.team.rounds()]
    assert len(set(numbers)) == 20
    for row in seeded.team.rounds():
        assert [each.member for each in seeded.team.tasks() if each.round == row["id"]] == ["ann", "ben"]


def test_processes_that_add_the_same_members_add_each_once(seeded, together):
    assert sum(map(int, together(JOIN, [], []))) == 30
    assert len(seeded.team.members()) == 33
