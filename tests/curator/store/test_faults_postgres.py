"""A PostgreSQL server that cannot be reached, or whose connection breaks at the worst moment."""

from contextlib import closing

import pytest
from sqlalchemy import event, text

from curator.errors import ServiceError, StoreError
from curator.record import Draft
from curator.store import Store, open_store
from curator.store.database import Database
from curator.workspace import Workspace

ONE = "1" * 64


@pytest.fixture
def engine():
    return "postgres"


@pytest.fixture
def wired(seeded, wire, tmp_path):
    """A workspace with the store of `seeded`, reached over a wire that can be cut."""
    folder = tmp_path / "wired"
    folder.mkdir()
    (folder / "curator.toml").write_text(
        f'name = "dogs"\n[store]\nurl = "{wire.address(seeded.database.url.database)}"\n'
    )
    return Workspace.find(folder)


@pytest.fixture
def far(wired):
    """The store at the other end of the wire, open."""
    with closing(open_store(wired)) as store:
        yield store


def texts(store):
    return [each.text for each in store.captions.revisions()]


def end_connection_before(store, words, times=1):
    """End the connection from the server's side when it is about to be sent a statement with `words`."""
    left = [times]

    def end(connection, _cursor, statement, *_rest):
        if left[0] and words in statement:
            left[0] -= 1
            number = connection.connection.driver_connection.info.backend_pid
            with store.database._reader.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})

    event.listen(store.database._writer, "before_cursor_execute", end)


def test_a_connection_that_ends_in_the_middle_of_a_caption_is_made_anew(seeded, writing):
    end_connection_before(seeded, "INSERT INTO revision", times=2)
    kept = seeded.captions.submit(writing("a dog"))
    assert [(each.id, each.text) for each in seeded.captions.revisions()] == [(kept.id, "a dog")]


def test_it_is_not_tried_for_ever(seeded, writing):
    end_connection_before(seeded, "INSERT INTO revision", times=100)
    with pytest.raises(ServiceError, match="cannot be reached") as caught:
        seeded.captions.submit(writing("a dog"))
    assert caught.value.exit_code == 5
    assert "whether this step was written is not known" in caught.value.hint
    assert texts(seeded) == []


def test_a_step_that_is_more_than_a_caption_is_not_done_twice(seeded, writing):
    """What a body did before the connection broke cannot be known here: the whole step is undone, and said to be."""
    end_connection_before(seeded, "INSERT INTO revision")

    def two_things():
        with seeded.write():
            seeded.pictures.describe(ONE, subject="dog")
            seeded.captions.submit(writing("a dog"))

    with pytest.raises(ServiceError):
        two_things()
    assert (texts(seeded), seeded.pictures.get(ONE).subject) == ([], None)
    two_things()
    assert (texts(seeded), seeded.pictures.get(ONE).subject) == (["a dog"], "dog")


def test_a_commit_whose_answer_was_lost_is_found_and_not_done_again(far, wire, writing, seeded):
    wire.swallow_answer_to(b"COMMIT")
    kept = far.captions.submit(writing("a dog"))
    assert wire.swallowed == 1
    assert [(each.id, each.text) for each in seeded.captions.revisions()] == [(kept.id, "a dog")]


def test_a_draft_whose_answer_was_lost(far, wire, seeded):
    wire.swallow_answer_to(b"COMMIT")
    far.captions.save_draft(Draft(ONE, "ann", 0, "a do", (), None))
    assert wire.swallowed == 1
    assert seeded.captions.draft(ONE, "ann").text == "a do"


def test_connections_that_went_away_between_two_calls_are_not_noticed(far, wire, writing):
    far.captions.submit(writing("one"))
    wire.drop()
    far.captions.submit(writing("two"))
    wire.drop()
    assert texts(far) == ["one", "two"]


def test_while_the_server_is_away_nothing_is_acknowledged_and_then_all_goes_on(far, wire, writing):
    far.captions.submit(writing("one"))
    wire.cut()
    for act in (
        lambda: far.captions.submit(writing("two", key="2")),
        lambda: far.captions.save_draft(Draft(ONE, "ann", 0, "tw", (), None)),
        lambda: far.captions.revisions(),
    ):
        with pytest.raises(ServiceError, match="cannot be reached"):
            act()
    wire.mend()
    assert texts(far) == ["one"]
    far.captions.submit(writing("two", key="2"))
    assert texts(far) == ["one", "two"]


def test_a_command_without_its_server_ends_with_five(wired, wire, run):
    wire.cut()
    done = run("curator", "status", cwd=wired.path, code=5)
    assert "cannot be reached" in done.stderr
    assert "see that the server runs" in done.stderr
    wire.mend()
    run("curator", "status", cwd=wired.path)


@pytest.mark.parametrize("wrong", ["nowhere", "postgres?user=nobody_here"])
def test_a_server_that_is_there_and_says_no_is_a_setting_to_correct(postgres_server, wrong):
    """Exit code 3, not 5: waiting for the server would not help."""
    name, _, more = wrong.partition("?")
    address = postgres_server.address(name).replace("postgres@", "" if more else "postgres@")
    with closing(Store(Database(f"{address}&{more}"))) as store:
        with pytest.raises(StoreError, match="does not exist") as caught:
            store.pictures.count()
    assert "correct [store] url" in caught.value.hint


def test_commits_wait_for_the_disk_though_the_server_is_set_up_not_to(seeded, workspace):
    url = f"{workspace.config.store.url}&options=-c%20synchronous_commit%3Doff"
    with closing(Database(url)) as hasty:
        with hasty.read() as connection:
            assert connection.scalar(text("SHOW synchronous_commit")) == "off"
        with hasty.write() as connection:
            assert connection.scalar(text("SHOW synchronous_commit")) == "on"
