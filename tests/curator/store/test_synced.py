"""Agreements between synced folders and the store."""

import pytest

from curator.errors import StoreError
from curator.store.synced import Agreed


@pytest.fixture
def texts(seeded, writing):
    """Two texts of one line."""
    first = seeded.captions.submit(writing("a dog"))
    return first, seeded.captions.submit(writing("a brown dog", base=first.id))


def test_a_file_that_never_met_the_store_has_no_agreement(seeded):
    assert seeded.synced.get("/clone", "00.txt") is None
    assert seeded.synced.all("/clone") == {}


def test_a_new_agreement_takes_the_place_of_the_earlier_one(seeded, texts):
    for each in texts:
        seeded.synced.agree("/clone", "00.txt", Agreed(each.line, each.id))
        assert seeded.synced.get("/clone", "00.txt") == Agreed(each.line, each.id)
    assert seeded.synced.all("/clone") == {"00.txt": Agreed(texts[1].line, texts[1].id)}


def test_folders_and_paths_are_kept_apart(seeded, texts):
    first, second = (Agreed(each.line, each.id) for each in texts)
    seeded.synced.agree("/clone", "00.txt", first)
    seeded.synced.agree("/clone", "01.txt", second)
    seeded.synced.agree("/other", "00.txt", second)
    assert seeded.synced.all("/clone") == {"00.txt": first, "01.txt": second}
    assert seeded.synced.all("/other") == {"00.txt": second}


def test_an_agreement_needs_a_text_that_exists(seeded, texts):
    with pytest.raises(StoreError):
        seeded.synced.agree("/clone", "00.txt", Agreed(texts[0].line, 99))
    assert seeded.synced.all("/clone") == {}


def test_two_processes_that_agree_at_once_leave_one_agreement(seeded, texts, together):
    together(
        "from curator.store.synced import Agreed\n"
        "store.synced.agree('/clone', '00.txt', Agreed(int(sys.argv[2]), int(sys.argv[3])))",
        *((each.line, each.id) for each in texts),
    )
    assert seeded.synced.get("/clone", "00.txt") in [Agreed(each.line, each.id) for each in texts]
