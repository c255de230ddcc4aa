"""Pictures with all that is known of them, and how people name them."""

import pytest
from sqlalchemy import event

from curator.errors import InputError
from curator.record import Source

ONE, TWO, THREE = ("1" * 64, "2" * 64, "3" * 64)


@pytest.fixture
def filled(seeded, writing):
    """Three pictures of four files, two of them with the same name; captions, owners, an answer; the third excluded."""
    for path, image in [("dog/00.jpg", ONE), ("dog2/00.jpg", TWO), ("copy/a.b.jpg", TWO), ("dog3/02.jpg", THREE)]:
        seeded.pictures.save_source(Source("/in", path, "image", 1, 1, image=image))
    seeded.pictures.save_source(Source("/in", "dog/00.txt", "caption", 1, 1, image=ONE))
    seeded.pictures.describe(THREE, status="excluded", reason="blurred")
    seeded.team.add_round(1, "0%", None, {}, [("ann", "own", ONE), ("ben", "overlap", ONE)])
    seeded.captions.submit(writing("of ben", author="ben"))
    seeded.captions.submit(writing("of ann", author="ann"))
    seeded.captions.submit(writing("  ", picture=TWO))
    seeded.history.answer(ONE, "ben", "rating", 4)
    return seeded


def test_all_records_in_the_order_of_their_names(filled):
    two, one = filled.records.all()
    assert (one.name, one.sources, one.image.id) == ("dog/00.jpg", ("dog/00.jpg",), ONE)
    assert (two.name, two.sources, two.image.id) == ("copy/a.b.jpg", ("copy/a.b.jpg", "dog2/00.jpg"), TWO)
    assert (one.owner, two.owner) == ("ann", None)
    assert [(each.text, each.author) for each in one.captions] == [("of ann", "ann")]
    assert [each.text for each in one.revisions] == ["of ben", "of ann"]
    assert (one.answers, two.answers) == ({"rating": 4}, {})
    assert (one.unready, two.unready) == (None, "no caption")


def test_excluded_pictures_on_request(filled):
    assert [each.image.id for each in filled.records.all(excluded=True)] == [TWO, ONE, THREE]


def test_a_picture_without_files_is_called_by_its_id(seeded):
    assert [each.name for each in seeded.records.all()] == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("dog/00.jpg", ONE),
        ("dog2/00.jpg", TWO),
        ("a.b.jpg", TWO),
        ("a.b", TWO),
        ("02", THREE),
        ("222222", TWO),
        (THREE, THREE),
    ],
)
def test_a_picture_is_found_by(filled, name, image):
    assert filled.records.find(name).image.id == image


def test_a_name_that_means_two_pictures_is_refused(filled):
    with pytest.raises(InputError, match=r"'00\.jpg' means 2 pictures: dog2/00\.jpg, dog/00\.jpg|copy/a\.b\.jpg"):
        filled.records.find("00.jpg")


@pytest.mark.parametrize("name", ["nothing", "", "22222", "%", "dog"])
def test_a_name_that_means_none_is_refused(filled, name):
    with pytest.raises(InputError, match="no picture is called") as caught:
        filled.records.find(name)
    assert "curator list" in caught.value.hint


def test_reading_all_takes_the_same_number_of_queries_for_any_number_of_pictures(filled, image):
    seen = []
    event.listen(filled.database._reader, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    filled.records.all()
    before = len(seen)
    with filled.write():
        for number in range(40):
            filled.pictures.add(image(f"{number:064d}"))
    seen.clear()
    assert len(filled.records.all()) == 42
    assert len(seen) == before
