"""The two-person rule, case by case, and what it does to the caption of a picture and to an export."""

import json

import pytest

from curator.approval import REFUSED, WAITING, approving, counting, refusing, undecided, verdicts, waits
from curator.captions import captions
from curator.record import Answer, Revision
from curator.store.captions import Writing

IMAGE = "1" * 64
NAMES = ["ann", "ben", "cleo"]


def made(number, author, text, origin="tui", base=None, writer=None, slot=0):
    line = NAMES.index(author) + 10 * slot
    return Revision(
        number, line, IMAGE, author, slot, text, origin, base, None, "2026", None, "submitted", writer=writer
    )


ANN, BEN = made(1, "ann", "of ann"), made(2, "ben", "of ben")
DECIDED = made(3, "cleo", "decided", origin="adjudicated", writer="cleo")
AGAIN = made(4, "cleo", "decided again", origin="adjudicated", base=3, writer="cleo")
OVER_ANN = made(5, "ann", "for ann", origin="adjudicated", base=1, writer="cleo")

WITHDRAWN = Revision(
    9, 2, IMAGE, "cleo", 0, "", "adjudicated", 3, None, "2026", None, "withdrawn", writer="cleo"
)  # fmt: skip


def said(*given):
    """Verdicts from (member, key and value)."""
    return verdicts(Answer(number, IMAGE, member, *each, "2026") for number, (member, each) in enumerate(given))


YES, NO = approving(DECIDED), refusing(DECIDED, "no dog")
CASES = {
    "nothing adjudicated": ([ANN, BEN], [], "of ann", None),
    "no verdict": ([ANN, BEN, DECIDED], [], "of ann", WAITING),
    "approved": ([ANN, BEN, DECIDED], [("ben", YES)], "decided", None),
    "by the adjudicator": ([ANN, BEN, DECIDED], [("cleo", YES)], "of ann", WAITING),
    "refused": ([ANN, BEN, DECIDED], [("ben", NO)], "of ann", REFUSED),
    "refused, then approved": ([ANN, BEN, DECIDED], [("ben", NO), ("ben", YES)], "decided", None),
    "approved, then refused": ([ANN, BEN, DECIDED], [("ben", YES), ("ben", NO)], "of ann", REFUSED),
    "approved, then refused by another": ([ANN, BEN, DECIDED], [("ben", YES), ("ann", NO)], "of ann", REFUSED),
    "decided again": ([ANN, BEN, DECIDED, AGAIN], [("ben", YES)], "decided", WAITING),
    "decided again and approved": ([ANN, BEN, DECIDED, AGAIN], [("ben", approving(AGAIN))], "decided again", None),
    "on another's line": ([ANN, OVER_ANN], [("ann", approving(OVER_ANN))], "for ann", None),
    "on another's line, by the adjudicator": ([ANN, OVER_ANN], [("cleo", approving(OVER_ANN))], "of ann", WAITING),
    "written over": ([ANN, BEN, DECIDED, made(6, "cleo", "later", base=3)], [], "of ann", None),
    "taken back": ([ANN, BEN, DECIDED, WITHDRAWN], [("ben", YES)], "of ann", None),
    "another slot": ([ANN, made(3, "cleo", "x", origin="adjudicated", slot=1)], [], "of ann", WAITING),
}


@pytest.mark.parametrize("name", CASES)
def test_the_rule(name):
    revisions, given, text, why = CASES[name]
    found = said(*given)
    assert captions(counting(revisions, found), "ann")[0].text == text
    assert waits(revisions, found) == why


def test_what_is_undecided():
    assert undecided([ANN, BEN, DECIDED, AGAIN], {}) == {0: AGAIN}
    assert undecided([ANN, DECIDED], said(("ben", YES))) == {}


def test_other_answers_are_no_verdicts():
    assert said(("ben", ("rating", 3)), ("ben", ("approve.0", None)), ("ben", ("approve.0", {"x": 1}))) == {}


def test_an_export_waits_for_approval(filled, store_of, run):
    (filled.path / "curator.toml").write_text('name = "dogs"\n[adjudication]\ntwo_people = true\n', encoding="utf-8")
    store = store_of(type(filled).find(filled.path))
    image = store.records.find("00.png").image.id
    revision = store.captions.submit(Writing(image, "ada", "decided", origin="adjudicated", writer="ada"))
    assert store.records.find("00.png").unready == WAITING
    listed = json.loads(run("curator", "list", "--unready", "--json", cwd=filled.path).stdout)
    assert {row["name"]: row["state"] for row in listed} == {"00.png": WAITING, "11.png": "no caption"}
    assert f"00.png: {WAITING}" in run("curator", "export", cwd=filled.path, code=4).stderr
    store.history.answer(image, "ben", *approving(revision))
    found = store.records.find("00.png")
    assert (found.unready, found.captions[0].text) == (None, "decided")


def test_without_the_rule_it_counts_at_once(filled, store_of):
    store = store_of(filled)
    image = store.records.find("00.png").image.id
    store.captions.submit(Writing(image, "ada", "decided", origin="adjudicated", writer="ada"))
    found = store.records.find("00.png")
    assert (found.unready, found.captions[0].text) == (None, "decided")
