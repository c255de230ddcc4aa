"""What a transaction promises, on both engines."""

import threading
from contextlib import closing

import pytest

from curator.errors import InputError, ServiceError, StoreError
from curator.store import Store, engines, open_store
from curator.store.database import Database

ADD_UP = """
for _ in range(int(sys.argv[2])):
    with store.write():
        found = store.pictures.get("1" * 64)
        store.pictures.describe(found.id, subject=str(int(found.subject) + 1))
"""


def test_processes_that_read_and_then_write_lose_no_update(seeded, together):
    seeded.pictures.describe("1" * 64, subject="0")
    together(ADD_UP, *[(40,)] * 3)
    assert seeded.pictures.get("1" * 64).subject == "120"


def test_threads_that_read_and_then_write_lose_no_update(seeded):
    seeded.pictures.describe("1" * 64, subject="0")

    def add_up():
        for _ in range(25):
            with seeded.write():
                now = int(seeded.pictures.get("1" * 64).subject)
                seeded.pictures.describe("1" * 64, subject=str(now + 1))

    threads = [threading.Thread(target=add_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seeded.pictures.get("1" * 64).subject == "75"


def test_a_write_that_fails_leaves_nothing(seeded, image):
    def fail_half_way():
        with seeded.write():
            seeded.pictures.add(image("4" * 64))
            seeded.pictures.add(image("5" * 64, status="unheard of"))

    with pytest.raises(StoreError, match="refused"):
        fail_half_way()
    assert seeded.pictures.count() == 3


def test_an_inner_write_that_fails_leaves_the_outer_one(seeded, image, writing):
    def fail_half_way():
        with seeded.write():
            seeded.pictures.add(image("5" * 64))
            seeded.captions.submit(writing("a dog", base=99))

    with seeded.write():
        seeded.pictures.add(image("4" * 64))
        with pytest.raises(InputError):
            fail_half_way()
        seeded.pictures.add(image("6" * 64))
    assert [each.id[0] for each in seeded.pictures.all()] == ["1", "2", "3", "4", "6"]


def test_a_write_is_seen_by_its_own_reads_before_others_see_it(seeded, other, image):
    with seeded.write():
        seeded.pictures.add(image("4" * 64))
        assert (seeded.pictures.count(), other.pictures.count()) == (4, 3)
    assert other.pictures.count() == 4


def test_a_snapshot_does_not_move(seeded, other, writing):
    with seeded.read():
        before = seeded.captions.sequence()
        other.captions.submit(writing("a dog"))
        assert (seeded.captions.sequence(), seeded.captions.revisions()) == (before, [])
    assert [each.text for each in seeded.captions.revisions()] == ["a dog"]


def test_a_reader_does_not_wait_for_a_writer(seeded, other):
    with other.write():
        other.pictures.describe("1" * 64, subject="dog")
        assert seeded.pictures.get("1" * 64).subject is None


def test_a_store_that_stays_locked_is_a_clear_error(workspace, seeded, image, monkeypatch):
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_S", 0.2)
    with closing(open_store(workspace)) as impatient:
        with seeded.write(), pytest.raises(StoreError, match=r"refused: .*lock") as caught:
            impatient.pictures.add(image("4" * 64))
        assert "try again" in caught.value.hint
        assert impatient.pictures.add(image("4" * 64))


def test_a_row_that_breaks_a_rule_is_a_clear_error(seeded, writing):
    with pytest.raises(StoreError, match="refused"):
        seeded.captions.submit(writing("a dog", picture="9" * 64))
    assert seeded.captions.revisions() == []


def test_reading_cannot_write(seeded):
    with pytest.raises(StoreError, match=r"read-?only"), seeded.database.read() as connection:
        connection.exec_driver_sql("DELETE FROM image")


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "mysql://host/db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql://host:port/db"],
)
def test_an_address_that_is_none(address):
    with pytest.raises(StoreError, match="allowed are sqlite:///FILE") as caught:
        Database(address)
    assert "[store] url" in caught.value.hint


def test_an_unreadable_address_does_not_show_its_password():
    with pytest.raises(StoreError) as caught:
        Database("postgresql://ann:secret@host:port/db")
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there(tmp_path):
    missing = Database(f"postgresql://ann:secret@/dogs?host={tmp_path}")
    with pytest.raises(ServiceError, match="cannot be reached") as caught, missing.read():
        pass
    assert "secret" not in str(caught.value)


def test_a_store_that_may_only_be_read(workspace, engine):
    if engine == "postgres":
        url = f"{workspace.config.store.url}&options=-c%20default_transaction_read_only%3Don"
    else:
        url = f"sqlite:///file:{workspace.path}/curator.db?mode=ro&uri=true"
    with closing(Store(Database(url))) as frozen:
        assert frozen.pictures.count() == 0
        with pytest.raises(StoreError, match=r"read-?only"):
            frozen.team.add_round(seed=1, overlap="0%", overlap_by=None, proof={}, tasks=[])
