"""What competes, shown side by side, for two heads and for three."""

import json

import pytest

from curator.record import Image, Member, Source
from curator.store.captions import Writing
from curator.view.conflicts import by, contests, lines
from curator.view.settle import settle

ONE = "1" * 64


@pytest.fixture
def contested(store):
    """ann's caption, changed three times apart."""
    store.team.add(Member("ann"))
    store.pictures.add(Image(ONE, ONE, 4, 3, "PNG"))
    store.pictures.save_source(Source("/in", "00.png", "image", 1, 1, ONE))
    first = store.captions.submit(Writing(ONE, "ann", "a dog on a bed"))
    for text in ("a brown dog on a bed", "a dog on a red bed", "a dog asleep"):
        store.captions.submit(Writing(ONE, "ann", text, base=first.id))
    return store


def test_three_texts_side_by_side(contested):
    (contest,) = contests(contested)
    assert contest.base.text == "a dog on a bed"
    assert [contest.change(each) for each in contest.texts] == [
        "a{+ brown+} dog on a bed",
        "a dog on a {+red +}bed",
        "a dog [-on a bed-]{+asleep+}",
    ]
    assert contest.merge is None
    said = "\n".join(lines(contest))
    assert "00.png: 3 texts compete" in said
    for each in contest.texts:
        assert f"{each.id}  {contest.change(each)}" in said
    assert "curator settle 00.png --keep N --as MEMBER" in said


def test_settling_three_texts_leaves_one(contested):
    (contest,) = contests(contested)
    settle(contested, contest.record, contest.texts[1].id, "ann")
    assert contests(contested) == []
    assert contested.records.find("00").captions[0].text == "a dog on a red bed"
    assert len(contested.captions.revisions()) == 6


def test_two_texts_that_changed_different_words_are_put_together(store, contested):
    (contest,) = contests(contested)
    two = [each for each in contest.texts if "asleep" not in each.text]
    store.captions.submit(Writing(ONE, "ann", two[0].text, base=two[0].id, merges=contest.texts[2].id))
    (contest,) = contests(store)
    assert contest.merge == "a brown dog on a red bed"


def test_texts_without_a_common_beginning_are_shown_whole(contested, store):
    store.captions.submit(Writing(ONE, "ben", "one"))
    store.captions.submit(Writing(ONE, "ben", "two\nlines\n"))
    contest = contests(store)[-1]
    assert contest.base is None
    assert [contest.change(each) for each in contest.texts] == ["one", "two⏎lines"]


def test_who_wrote_it(store, contested):
    written = store.captions.submit(Writing(ONE, "ann", "x", origin="folder", writer="ben", state="withdrawn"))
    assert by(written).startswith("ben in the line of ann, folder, ")
    assert by(written).endswith("UTC, withdrawn")


def test_the_commands(contested, run, workspace):
    told = json.loads(run("curator", "conflicts", "--json", cwd=workspace.path).stdout)
    assert [(each["name"], each["slot"], each["base"]["text"], len(each["texts"])) for each in told] == [
        ("00.png", 0, "a dog on a bed", 3)
    ]
    assert told[0]["texts"][0]["change"] == "a{+ brown+} dog on a bed"
    for command in (("conflicts",), ("show", "00")):
        said = run("curator", *command, cwd=workspace.path).stdout
        assert "00.png: 3 texts compete" in said
        assert "a dog [-on a bed-]{+asleep+}" in said
    keep = told[0]["texts"][2]["id"]
    run("curator", "settle", "00", "--keep", keep, "--as", "ann", cwd=workspace.path)
    done = run("curator", "conflicts", cwd=workspace.path)
    assert done.stdout == ""
    assert "0 conflicts" in done.stderr


def test_escapes_in_a_text_do_not_reach_the_terminal(store, contested, run, workspace):
    store.captions.submit(Writing(ONE, "ann", "evil \x1b[2J", base=1))
    assert "\x1b" not in run("curator", "conflicts", cwd=workspace.path).stdout
    assert "\x1b" not in run("curator", "conflicts", "--json", cwd=workspace.path).stdout
