import sqlite3
import threading
from contextlib import closing

import pytest

from annotate.captioner.scribe import Scribe
from curator.errors import StoreError
from curator.record import Draft


@pytest.fixture
def scribe(crew):
    scribe = Scribe(crew.store, "ada")
    yield scribe
    scribe.close(5)


@pytest.fixture
def broken(crew):
    """Make draft writes fail, and work again."""

    def break_or_mend(name, to):
        with closing(sqlite3.connect(crew.workspace.path / "curator.db")) as database:
            database.execute(f"ALTER TABLE {name} RENAME TO {to}")

    return break_or_mend


def draft(crew, picture, text):
    return Draft(crew.images[picture], "ada", 0, text, (), None)


def wish(crew, scribe, picture, text):
    scribe.keep(crew.images[picture], 0, draft(crew, picture, text))


def test_a_job_sees_every_draft_asked_for_before_it(crew, scribe):
    for number in range(200):
        wish(crew, scribe, ("bare", "last")[number % 2], f"text {number}")
        if number % 50 == 49:
            seen = scribe.call(lambda store: {each.image: each.text for each in store.captions.drafts("ada")})
            assert seen.result(5)[crew.images["last"]] == f"text {number}"
    assert seen.result()[crew.images["bare"]] == "text 198"


def test_someone_who_never_pauses_is_written_all_the_same(crew, scribe):
    written = []
    thirds = threading.Event()

    def note():
        written.append(crew.draft("bare"))
        if len(written) == 3:
            thirds.set()

    scribe.on_kept = note
    for number in range(10_000):
        wish(crew, scribe, "bare", f"text {number}")
        if thirds.wait(0.005):
            break
    assert thirds.is_set()
    assert len(set(written)) == 3
    assert number >= 30, "drafts are written at a pace, not for each letter"


def test_none_drops_the_draft(crew, scribe):
    wish(crew, scribe, "bare", "a dog")
    scribe.flush().result(5)
    assert crew.draft("bare") == "a dog"
    scribe.keep(crew.images["bare"], 0, None)
    scribe.flush().result(5)
    assert crew.draft("bare") is None
    assert scribe.behind_s == 0


def test_a_failed_draft_stops_what_comes_after_and_is_tried_again(crew, scribe, broken):
    troubles, mended = [], threading.Event()
    scribe.on_trouble = troubles.append
    broken("draft", "away")
    wish(crew, scribe, "bare", "a dog")
    after = scribe.call(lambda store: pytest.fail("this must not be done"))
    assert isinstance(after.exception(5), StoreError)
    assert isinstance(troubles[0], StoreError)
    assert scribe.behind_s > 0
    wish(crew, scribe, "bare", "a big dog")
    scribe.on_kept = mended.set
    broken("away", "draft")
    assert mended.wait(10)
    assert crew.draft("bare") == "a big dog"


def test_what_a_job_raises_goes_to_the_one_who_asked(scribe):
    def fail(store):
        raise KeyError("mine")

    assert isinstance(scribe.call(fail).exception(5), KeyError)
    assert scribe.call(lambda store: "alive").result(5) == "alive"


def test_closing_writes_what_is_left(crew):
    scribe = Scribe(crew.store, "ada")
    wish(crew, scribe, "bare", "a dog")
    assert scribe.close(5) == []
    assert crew.draft("bare") == "a dog"


def test_closing_hands_back_what_cannot_be_written(crew, broken):
    scribe = Scribe(crew.store, "ada")
    broken("draft", "away")
    wish(crew, scribe, "bare", "a dog")
    assert [each.text for each in scribe.close(5)] == ["a dog"]
