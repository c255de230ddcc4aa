"""The ends of lines and the revisions of a batch, on both engines."""

import pytest

from curator.errors import StoreError
from curator.record import Draft
from curator.store.batches import Rewriting

ONE, TWO = "1" * 64, "2" * 64


@pytest.fixture
def texts(seeded, writing):
    """ann wrote picture 1 twice and picture 2 at two ends; ben wrote, and a model drafted, picture 1."""
    first = seeded.captions.submit(writing("a dog"))
    seeded.captions.submit(writing("a grey dog", base=first.id))
    left, right = (seeded.captions.submit(writing(text, picture=TWO)) for text in ("left", "right"))
    seeded.captions.submit(writing("of ben", author="ben", state="withdrawn"))
    seeded.captions.submit(writing("by a model", author="blip", origin="draft:blip"))
    seeded.captions.save_draft(Draft(ONE, "ann", 0, "typing", (), None))
    assert left.line == right.line
    return seeded


def test_the_ends_of_all_lines(texts):
    found = [(each.image, each.author, each.text, each.submitted, each.draft) for each in texts.batches.ends()]
    assert found == [
        (ONE, "ann", "a grey dog", True, True),
        (TWO, "ann", "left", True, False),
        (TWO, "ann", "right", True, False),
        (ONE, "ben", "of ben", False, False),
    ]


def test_the_ends_of_an_author_and_of_some_lines(texts):
    everything = texts.batches.ends()
    assert texts.batches.ends("ben") == everything[3:]
    assert texts.batches.ends(lines=[everything[0].line]) == everything[:1]
    assert texts.batches.ends(lines=[]) == []
    assert texts.batches.ends(lines=list(range(1, 2000))) == everything


def test_a_merged_end_and_a_picture_out_of_the_set_are_none(texts, writing):
    left, right = texts.batches.ends()[1:3]
    texts.captions.submit(writing("both", picture=TWO, base=left.revision, merges=right.revision))
    texts.pictures.describe(ONE, status="excluded", reason="dark")
    assert [each.text for each in texts.batches.ends()] == ["both"]


def test_a_batch_is_written_and_read(texts):
    end = texts.batches.ends()[0]
    number = texts.captions.add_batch("cleo", {"pattern": "grey"})
    texts.batches.write(number, [Rewriting(end, "a gray dog", "replace", "cleo")])
    (written,) = texts.batches.of(number)
    assert (written.image, written.author, written.before, written.after) == (ONE, "ann", "a grey dog", "a gray dog")
    revision = texts.captions.revisions(ONE, "ann")[-1]
    assert (revision.id, revision.base, revision.batch) == (written.revision, end.revision, number)
    assert (revision.origin, revision.writer, revision.state) == ("replace", "cleo", "submitted")
    assert texts.captions.draft(ONE, "ann").text == "typing"
    assert texts.batches.of(number + 1) == []


def test_all_revisions_of_a_batch_or_none(texts):
    end = texts.batches.ends()[0]
    before = texts.captions.sequence()
    with pytest.raises(StoreError):
        texts.batches.write(99, [Rewriting(end, "x", "replace", None), Rewriting(end, "y", "replace", None)])
    texts.batches.write(texts.captions.add_batch("ann", {}), [])
    assert len(texts.captions.revisions()) == before
