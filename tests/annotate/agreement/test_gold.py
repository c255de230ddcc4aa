import pytest

from annotate.agreement.gold import Gold, checked_values, gold_items, nearness, scores
from annotate.agreement.intervals import wilson
from annotate.agreement.reading import shipped_places
from annotate.agreement.texts import Shared, Text
from curator.errors import InputError
from curator.record import Answer

PLACES = shipped_places()
ONE, TWO = "1" * 64, "2" * 64


def answer(number, key, value, image=ONE):
    return Answer(number, image, "ada", key, value, "2026")


def test_the_newest_value_of_each_key_is_gold():
    found = gold_items([
        answer(1, "gold.caption", "a dog"), answer(2, "gold.pose", "sitting"), answer(3, "gold.caption", "a white dog"),
        answer(4, "pose", "lying"), answer(5, "gold.pose", ["sitting", "lying"]), answer(6, "gold.size", "small", TWO),
        answer(7, "gold.size", None, TWO),
    ])  # fmt: skip
    assert found == {ONE: Gold(ONE, "a white dog", {"pose": frozenset(("sitting", "lying"))})}


CHOICES = {"mood": ("happy", "sad"), "tags": ()}


@pytest.mark.parametrize(
    ("attribute", "value", "kept"),
    [
        ("pose", "seated", "sitting"), ("colour", "gray", "grey"), ("count", "02", "2"),
        ("colour", "white and tan", "brown, white"), ("count", "several", "several"),
        ("place", "couch", "sofa"), ("accessory", "no leash", "no leash"), ("mood", "sad", "sad"),
        ("tags", "x y", "x y"),
    ],
)  # fmt: skip
def test_values_are_kept_as_readings_write_them(attribute, value, kept):
    assert checked_values(attribute, value, CHOICES, PLACES) == tuple(kept.split(", "))


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        ("mood", "tired", "not one of its choices"), ("pose", "purple", "nothing that a caption"),
        ("weather", "sunny", "is no attribute"), ("count", "many", "nothing that a caption"),
    ],
)  # fmt: skip
def test_what_nobody_could_say_is_refused(attribute, value, message):
    with pytest.raises(InputError, match=message):
        checked_values(attribute, value, CHOICES, PLACES)


def shared(image, **texts):
    return Shared(image, image, "dog", tuple(Text(*each) for each in sorted(texts.items())))


GOLD = {
    ONE: Gold(ONE, "a white dog sitting on a sofa", {"mood": frozenset(("happy",))}),
    TWO: Gold(TWO, None, {"pose": frozenset(("seated",))}),
}
PICTURES = [
    shared(ONE, ada="a white dog seated on a couch", ben="a brown dog lying down"),
    shared(TWO, ada="a dog standing", ben="a dog"),
    shared("3" * 64, ada="a dog standing", ben="a dog"),
]
ANSWERS = {(ONE, "ada", "mood"): frozenset(("happy",)), (ONE, "ben", "mood"): frozenset(("sad",))}


def test_members_are_measured_attribute_by_attribute():
    found = {(row.member, row.attribute, row.told): row for row in scores(GOLD, PICTURES, ANSWERS, PLACES)}
    told = {key: (row.right, row.spoken, row.silent) for key, row in found.items()}
    assert told[("ada", "colour", "caption")] == (1, 1, 0)
    assert told[("ben", "colour", "caption")] == (0, 1, 0)
    assert told[("ada", "pose", "caption")] == (1, 2, 0)
    assert told[("ben", "pose", "caption")] == (0, 1, 1)
    assert told[("ben", "place", "caption")] == (0, 0, 1)
    assert told[("ada", "mood", "answer")] == (1, 1, 0)
    assert told[("ben", "mood", "answer")] == (0, 1, 0)
    assert found[("ada", "pose", "caption")].interval == wilson(1, 2)
    assert found[("ben", "place", "caption")].interval is None


def test_how_near_captions_come():
    found = {row.member: row for row in nearness(GOLD, PICTURES)}
    assert (found["ada"].pictures, found["ada"].words) == (1, 1.0)
    assert found["ben"].words < 0.5
    assert found["ada"].interval is None
