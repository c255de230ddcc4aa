"""Which texts are compared: the blind ones, in their writers' own words."""

import pytest

from annotate.agreement.texts import Text, captioned, compared, overlap
from curator.record import Image, Record, Revision, Task

IMAGE = "1" * 64
TASKS = [Task(1, 1, "ada", "own", IMAGE), Task(2, 1, "ben", "overlap", IMAGE)]
LINES = {"ada": 1, "ben": 2, "cleo": 3, "blip": 4, "": 5}


def made(number, author, text, origin="tui", slot=0, state="submitted", **values):
    return Revision(
        number, LINES[author] + 10 * slot, IMAGE, author, slot, text, origin, None, None, "2026", None, state, **values
    )


def of(*revisions, tasks=TASKS):
    record = Record(Image(IMAGE, IMAGE, 4, 3, "PNG", subject="dog"), "a.png", ("a.png",), "ada", (), revisions)
    return overlap([record], tasks)


ADA, BEN = made(1, "ada", "of ada"), made(2, "ben", "of ben")
CASES = {
    "one each": ([ADA, BEN], {"ada": "of ada", "ben": "of ben"}),
    "the newest": ([ADA, BEN, made(3, "ada", "better")], {"ada": "better", "ben": "of ben"}),
    "withdrawn": ([ADA, BEN, made(3, "ada", "", state="withdrawn")], {"ben": "of ben"}),
    "blank": ([made(1, "ada", "  "), BEN], {"ben": "of ben"}),
    "no task": ([ADA, made(3, "cleo", "of cleo")], {"ada": "of ada"}),
    "a second caption": ([ADA, made(3, "ben", "second", slot=1)], {"ada": "of ada"}),
    "own import": ([made(1, "ada", "from a file", origin="import"), BEN], {"ada": "from a file", "ben": "of ben"}),
    "machine": ([ADA, made(3, "blip", "of a model", origin="draft:blip")], {"ada": "of ada"}),
    "machine draft taken over": (
        [made(1, "blip", "of a model", origin="draft:blip"), made(3, "ada", "of a model", source=1), BEN],
        {"ben": "of ben"},
    ),
    "machine draft changed": (
        [made(1, "blip", "of a model", origin="draft:blip"), made(3, "ada", "my words", source=1)],
        {"ada": "my words"},
    ),
    "replaced by the lead": ([ADA, made(3, "ada", "of Ada", origin="replace", writer="cleo")], {"ada": "of ada"}),
    "replaced by oneself": ([ADA, made(3, "ada", "of Ada", origin="replace", writer="ada")], {"ada": "of Ada"}),
    "adjudicated on the own line": (
        [ADA, BEN, made(3, "ada", "of ben", origin="adjudicated", source=2)], {"ada": "of ada", "ben": "of ben"},
    ),
    "written after the decision": (
        [ADA, BEN, made(3, "cleo", "decided", origin="adjudicated"), made(4, "ben", "seen it")],
        {"ada": "of ada", "ben": "of ben"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_texts_of_a_picture(name):
    revisions, texts = CASES[name]
    (picture,) = of(*revisions)
    assert {text.author: text.text for text in picture.texts} == texts


def test_only_overlap_pictures_are_compared():
    assert of(ADA, BEN, tasks=TASKS[:1]) == []
    assert compared(of(ADA)) == []
    assert [picture.authors for picture in compared(of(BEN, ADA))] == [("ada", "ben")]


def test_a_task_passed_on_makes_no_author():
    passed = [TASKS[0], Task(2, 1, "ben", "overlap", IMAGE, state="passed"), Task(3, 2, "cleo", "overlap", IMAGE)]
    (picture,) = of(ADA, BEN, made(3, "cleo", "of cleo"), tasks=passed)
    assert picture.authors == ("ada", "cleo")


def test_captioned_pictures_need_no_task():
    record = Record(Image(IMAGE, IMAGE, 4, 3, "PNG"), "a.png", ("a.png",), "ada", (), (ADA,))
    assert [picture.texts for picture in captioned([record], ["ada", "ben"])] == [(Text("ada", "of ada", 1),)]
    assert captioned([record], ["ben"]) == []
