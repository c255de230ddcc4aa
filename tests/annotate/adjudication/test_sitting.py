"""The adjudicator's session as pure state."""

import itertools

import pytest

from annotate.adjudication.cases import Case
from annotate.adjudication.sitting import IDLE_S, Sitting
from curator.errors import InputError
from curator.record import Draft, Image, Record, Revision

NAMES = ("ada", "ben", "")


def case(number, *texts, **values):
    image = f"{number:064d}"
    revisions = tuple(
        Revision(10 * number + place, 10 * number + place, image, NAMES[place], 0, text, "tui", None, None, "2026",
                 None, "submitted")
        for place, text in enumerate(texts)
    )  # fmt: skip
    record = Record(Image(image, image, 4, 3, "PNG"), f"{number}.png", (f"{number}.png",), None, (), revisions)
    return Case("disagreement", record, 0, "why", revisions, **values)


@pytest.fixture
def sitting():
    ticks = itertools.count(step=7)
    found = [case(number, "a white dog", "a brown dog") for number in (1, 2, 3)]
    return Sitting(
        "cem", found, [Draft(found[1].record.image.id, "cem", 0, "begun", (), None)], clock=lambda: next(ticks)
    )


def test_going_through_the_cases(sitting):
    assert (sitting.left, sitting.step(-1), sitting.step(1), sitting.next_open()) == (3, None, 1, 1)
    sitting.decided(sitting.cases[1].key, "decided", None)
    assert (sitting.left, sitting.next_open()) == (2, 2)
    sitting.go(2)
    assert (sitting.step(1), sitting.next_open()) == (None, 0)
    for each in sitting.cases:
        sitting.decided(each.key, "decided", None)
    assert sitting.next_open() is None


def test_a_text_that_was_begun_waits(sitting):
    sitting.go(1)
    assert sitting.kept == "begun"
    assert sitting.open(merge=True) == "begun"
    assert sitting.typed("begun anew")
    assert not sitting.typed("begun anew")
    sitting.go(2)
    assert (sitting.kept, sitting.writing) == (None, None)
    sitting.go(1)
    assert sitting.kept == "begun anew"


def test_an_emptied_text_is_forgotten(sitting):
    sitting.go(1)
    sitting.open(merge=False)
    sitting.typed("  ")
    assert sitting.draft() is None
    sitting.close()
    assert sitting.kept is None


def test_a_merge_begins_with_all_and_makes_a_draft(sitting):
    assert sitting.open(merge=True) == "a white dog\na brown dog"
    assert sitting.draft() == Draft(sitting.case.record.image.id, "cem", 0, "a white dog\na brown dog", (), None)


def test_decisions(sitting):
    picked = sitting.decision(2, "so")
    assert (picked.text, picked.picked, picked.reason, picked.seconds) == ("a brown dog", 11, "so", 7)
    sitting.open(merge=False)
    sitting.typed("a white dog")
    assert sitting.decision(None, "so").picked == 10, "the same text is a pick, also when it was typed"
    sitting.typed("another")
    assert (sitting.decision(None, "so").text, sitting.decision(None, "so").picked) == ("another", None)
    for number in (0, 3):
        with pytest.raises(InputError, match="no text"):
            sitting.decision(number, "so")


def test_a_pause_is_no_work(sitting):
    for _ in range(20):
        seconds = sitting.decision(1, "so").seconds
    assert seconds == IDLE_S


def test_undo_goes_back_to_the_newest_decision(sitting):
    written = sitting.case.texts[0]
    assert sitting.last() is None
    sitting.decided(sitting.cases[0].key, "decided", written)
    sitting.decided(sitting.cases[1].key, "approved", None)
    assert sitting.last() == (sitting.cases[0], written)
    sitting.go(2)
    sitting.taken_back(sitting.cases[0].key)
    assert (sitting.index, sitting.left, sitting.last()) == (0, 2, None)


def test_names_are_told_once_it_is_decided(sitting):
    assert [each.title for each in sitting.shown()] == ["1 · A", "2 · B"]
    sitting.decided(sitting.case.key, "decided", sitting.case.texts[1])
    assert [(each.title, each.chosen) for each in sitting.shown()] == [("1 · ada", False), ("2 · ben", True)]


def test_the_author_of_an_import_may_be_unknown():
    shown = Sitting("cem", [case(1, "a", "b", "c")], names=True).shown()
    assert [each.title for each in shown] == ["1 · ada", "2 · ben", "3 · author unknown"]


def test_the_list_is_read_again(sitting):
    sitting.go(1)
    sitting.decided(sitting.cases[0].key, "decided", None)
    sitting.again([sitting.cases[0], case(9, "x"), sitting.cases[1]])
    assert (sitting.index, sitting.left) == (2, 3)
    sitting.again([])
    assert (sitting.case, sitting.left, sitting.shown(), sitting.step(1)) == (None, 0, [], None)


def test_nothing_to_decide():
    empty = Sitting("cem", [])
    assert (empty.case, empty.kept, empty.shown(), empty.next_open()) == (None, None, [], None)
    with pytest.raises(InputError, match="nothing to decide"):
        empty.decision(1, "so")
