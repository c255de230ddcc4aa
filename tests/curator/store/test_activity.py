"""Figures of work: each is counted by one query, and compared here with counting by hand."""

from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.record import Draft
from curator.store.activity import Pairs, TaskCount

ONE, TWO, THREE = (digit * 64 for digit in "123")


@pytest.fixture
def shared(seeded):
    """ann owns two pictures and ben one; ben captions picture 1 blind, cleo pictures 1 and 3."""
    tasks = [
        ("ann", "own", ONE), ("ann", "own", TWO), ("ben", "own", THREE),
        ("ben", "overlap", ONE), ("cleo", "overlap", ONE), ("cleo", "overlap", THREE),
    ]  # fmt: skip
    seeded.team.add_round(1, "2", None, {}, tasks)
    return seeded


def close(store, member, picture, state="submitted"):
    task = next(task for task in store.team.tasks(member) if task.image == picture)
    store.team.close_task(task.id, state)


def test_tasks_are_counted_by_member_kind_and_state(shared):
    close(shared, "ann", ONE)
    close(shared, "cleo", THREE, "skipped")
    assert shared.activity.tasks() == [
        TaskCount("ann", "own", "open", 1),
        TaskCount("ann", "own", "submitted", 1),
        TaskCount("ben", "overlap", "open", 1),
        TaskCount("ben", "own", "open", 1),
        TaskCount("cleo", "overlap", "open", 1),
        TaskCount("cleo", "overlap", "skipped", 1),
    ]


def test_pictures_that_were_taken_out_are_in_no_figure(shared):
    shared.pictures.describe(ONE, status="excluded", reason="dark")
    assert {(each.member, each.kind) for each in shared.activity.tasks()} == {
        ("ann", "own"), ("ben", "own"), ("cleo", "overlap"),
    }  # fmt: skip
    assert shared.activity.pictures() == 2
    assert shared.activity.pairs().pictures == 1


def test_pairs_are_those_of_all_captioners_of_a_picture(shared):
    assert shared.activity.pairs() == Pairs(pictures=2, finished=0, pairs=3 + 1, done=0)
    for member in ("ann", "cleo"):
        close(shared, member, ONE)
    assert shared.activity.pairs() == Pairs(2, 0, 4, 1)
    close(shared, "ben", ONE)
    assert shared.activity.pairs() == Pairs(2, 1, 4, 3)
    task = next(task for task in shared.team.tasks("cleo") if task.image == THREE)
    shared.team.pass_on([task.id], "nobody else")
    assert shared.activity.pairs() == Pairs(1, 1, 3, 3)


def test_before_any_round_there_are_no_pairs(seeded):
    assert seeded.activity.pairs() == Pairs(0, 0, 0, 0)
    assert seeded.activity.tasks() == []


def test_only_what_a_member_wrote_one_by_one_tells_of_the_pace(seeded, writing):
    first = seeded.captions.submit(writing("a", seconds=10.0))
    seeded.captions.submit(writing("b", seconds=20.0, base=first.id))
    seeded.captions.submit(writing("c", picture=TWO, origin="pack", seconds=40.0))
    seeded.captions.submit(writing("from a file", picture=THREE, origin="import", seconds=1.0))
    seeded.captions.submit(writing("by a model", author="net", origin="draft:net", seconds=2.0))
    seeded.captions.submit(writing("replaced", picture=THREE, slot=1, origin="replace", seconds=3.0))
    seeded.captions.submit(writing("by a lead", picture=THREE, slot=2, writer="ben", seconds=4.0))
    seeded.captions.submit(writing("", picture=THREE, slot=3, state="withdrawn", seconds=5.0))
    seeded.captions.submit(writing("nobody looked at a clock", picture=THREE, slot=4))
    assert seeded.activity.captions() == {"ann": 4}
    assert seeded.activity.seconds() == {"ann": 20.0}
    assert [each.seconds for each in seeded.activity.moments("ann")] == [10.0, 20.0, 40.0, None]
    assert [each.seconds for each in seeded.activity.moments("ann", 2)] == [40.0, None]
    assert seeded.activity.moments("ben") == []


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(times=st.lists(st.lists(st.floats(0, 1e4), max_size=9), min_size=1, max_size=3))
def test_the_median_is_that_of_the_statistics_books(seeded, writing, times):
    for number, seconds in enumerate(times):
        for each in seconds:
            seeded.captions.submit(writing("x", author=f"author {number}", seconds=each))
    found = seeded.activity.seconds()
    for number in range(3):
        written = [
            each.seconds for each in seeded.captions.revisions(author=f"author {number}") if each.seconds is not None
        ]
        assert found.get(f"author {number}") == (pytest.approx(median(written)) if written else None)


def test_drafts_are_counted_by_picture(seeded):
    for slot in (0, 1):
        seeded.captions.save_draft(Draft(ONE, "ann", slot, "half", (), None))
    seeded.captions.save_draft(Draft(TWO, "ann", 0, "half", (), None))
    assert seeded.activity.drafts() == {"ann": 2}


def test_a_flag_that_was_taken_back_does_not_count(seeded):
    for picture, member, value in (
        (ONE, "ann", "dark"), (ONE, "ben", "dark"), (TWO, "ann", "blurred"), (TWO, "ann", "still"), (ONE, "ann", None),
    ):  # fmt: skip
        seeded.history.answer(picture, member, "flag", value)
    seeded.history.answer(THREE, "cleo", "note", "nice")
    flags = seeded.activity.flags()
    assert (flags["ann"], flags["ben"]) == (1, 1)
    assert "cleo" not in flags


def test_authors_are_people(seeded, writing):
    seeded.captions.submit(writing("a"))
    seeded.captions.submit(writing("b", author="ben", origin="import"))
    seeded.captions.submit(writing("c", author="net", origin="draft:net"))
    seeded.captions.submit(writing("d", picture=TWO, author="cleo"))
    assert seeded.activity.authors([ONE, THREE]) == {ONE: {"ann", "ben"}}
