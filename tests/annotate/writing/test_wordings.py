"""Which texts the writing aids may learn from."""

import pytest

from annotate.writing.wordings import Wording, wordings
from curator.record import Revision

BLIND, OPEN = "b" * 64, "o" * 64


def revision(number, line, image, author, text, origin="tui", state="submitted", slot=0):
    return Revision(
        id=number, line=line, image=image, author=author, slot=slot, text=text, origin=origin, base=None, merges=None,
        written="2026-01-01", seconds=None, state=state,
    )  # fmt: skip


def test_what_others_wrote_of_a_blind_picture_is_not_known():
    written = [
        revision(1, 1, BLIND, "ben", "secret"),
        revision(2, 2, BLIND, "ada", "own"),
        revision(3, 3, OPEN, "ben", "plain"),
    ]
    assert [each.text for each in wordings(written, "ada", {BLIND})] == ["own", "plain"]
    assert [each.text for each in wordings(written, "ben", {BLIND})] == ["secret", "plain"]


def test_only_the_newest_text_of_a_line_in_the_order_of_writing():
    written = [
        revision(1, 1, OPEN, "ada", "old"),
        revision(2, 2, OPEN, "ben", "between"),
        revision(3, 1, OPEN, "ada", "new"),
    ]
    assert wordings(written, "ada", ()) == [Wording(OPEN, "ben", 0, "between"), Wording(OPEN, "ada", 0, "new")]


@pytest.mark.parametrize(
    "later",
    [
        {"origin": "draft:tinycap", "author": "tinycap", "line": 2},
        {"state": "withdrawn"},
        {"text": " \n"},
    ],
    ids=["machine", "withdrawn", "blank"],
)
def test_what_is_no_text_of_a_person_is_left_out(later):
    values = {"number": 2, "line": 1, "image": OPEN, "author": "ada", "text": "more", **later}
    told = [each.text for each in wordings([revision(1, 1, OPEN, "ada", "a dog"), revision(**values)], "ada", ())]
    assert told == (["a dog"] if values["line"] == 2 else [])
