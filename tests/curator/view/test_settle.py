import json

import pytest

from curator.errors import InputError
from curator.record import Member
from curator.store.captions import Writing
from curator.view.settle import settle


@pytest.fixture
def rivals(filled, store_of):
    """Three heads of one line: the store, the record, and its competing revisions."""
    store = store_of(filled)
    image = store.records.find("00.png").image.id
    first = store.captions.submit(Writing(image, "ada", "one"))
    for text in ("two", "three", "four"):
        store.captions.submit(Writing(image, "ada", text, base=first.id))
    return store, store.records.find("00.png")


def test_settling_keeps_one_text_and_every_revision(rivals):
    store, record = rivals
    group = record.conflicts[0]
    assert [each.text for each in group] == ["two", "three", "four"]
    settle(store, record, keep=group[1].id, member="ben")
    after = store.records.find("00.png")
    assert after.conflicts == ()
    assert after.captions[0].text == "three"
    assert after.captions[0].origin == "adjudicated"
    assert {each.text for each in after.revisions} >= {"one", "two", "three", "four"}


def test_the_reason_is_kept_and_a_text_of_its_own_may_settle(rivals):
    store, record = rivals
    keep = record.conflicts[0][1].id
    settle(store, record, keep, member="ben", reason="both are right", text="three and four")
    after = store.records.find("00.png")
    newest = after.revisions[-1]
    assert (after.conflicts, after.captions[0].text) == ((), "three and four")
    assert (newest.reason, newest.writer, newest.source) == ("both are right", "ben", None)


def test_a_revision_that_does_not_compete_cannot_be_kept(rivals):
    store, record = rivals
    with pytest.raises(InputError, match="not one of the competing revisions"):
        settle(store, record, keep=record.revisions[0].id, member="ben")


def test_a_file_edited_after_the_team_wrote_is_settled_either_way(filled, store_of):
    store = store_of(filled)
    image = store.records.find("00.png").image.id
    imported = store.captions.revisions(image)[0]
    ours = store.captions.submit(Writing(image, "ada", "ours"))
    edited = store.captions.submit(Writing(image, "", "edited on disk", origin="import", base=imported.id))
    record = store.records.find("00.png")
    assert [{each.id for each in group} for group in record.conflicts] == [{ours.id, edited.id}]
    settle(store, record, keep=edited.id, member="ada")
    after = store.records.find("00.png")
    assert (after.conflicts, after.captions[0].text) == ((), "edited on disk")
    newest = after.revisions[-1]
    assert (newest.origin, newest.source, newest.writer) == ("tui", edited.id, None)


def test_who_settles_for_another_is_its_writer(rivals):
    store, record = rivals
    settled = settle(store, record, keep=record.conflicts[0][0].id, member="ben")
    assert (settled.author, settled.writer, settled.origin) == ("ada", "ben", "adjudicated")


def test_where_somebody_reviews_it_is_theirs_to_settle_for_others(run, filled, rivals):
    store, record = rivals
    store.team.add(Member("cleo", role="reviewer"))
    line = ("curator", "settle", "00.png", "--keep", record.conflicts[0][2].id, "--as")
    refused = run(*line, "ben", cwd=filled.path, code=4).stderr
    assert "ben is annotator here; this is for lead or reviewer: cleo" in refused
    run(*line, "ada", cwd=filled.path)
    store.captions.submit(Writing(record.image.id, "ada", "six", base=record.revisions[-1].id))
    other = store.records.find("00.png").conflicts[0][0].id
    run("curator", "settle", "00.png", "--keep", other, "--as", "cleo", cwd=filled.path)
    assert store.records.find("00.png").conflicts == ()


def test_on_the_command_line(run, filled, rivals):
    _store, record = rivals
    keep = record.conflicts[0][2].id
    assert (
        "no member is called 'zoe'"
        in run("curator", "settle", "00.png", "--keep", keep, "--as", "zoe", cwd=filled.path, code=3).stderr
    )
    run("curator", "settle", "00.png", "--keep", keep, "--as", "ben", cwd=filled.path)
    about = json.loads(run("curator", "show", "00.png", "--json", cwd=filled.path).stdout)
    assert (about["captions"][0]["text"], about["conflicts"]) == ("four", [])
