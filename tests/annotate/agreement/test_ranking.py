"""Planted disagreements rank on top; captions of one truth in other words raise nothing."""

import random

import pytest

from annotate.agreement.comparison import differences
from annotate.agreement.ranking import ranked
from annotate.agreement.reading import read
from annotate.agreement.similarity import Words
from annotate.agreement.texts import Shared, Text

SEEDS = range(20)
PLANTED = 3
PICTURES = 40


def ranking(pictures):
    return ranked(pictures, {text.text: read(text.text) for each in pictures for text in each.texts}, Words())


@pytest.mark.parametrize("wrong", ["colour", "pose", "count"])
def test_planted_disagreements_rank_on_top(team, wrong):
    found = 0
    for seed in SEEDS:
        places = random.Random(seed + 1000).sample(range(PICTURES), PLANTED)
        top = ranking(team(seed, PICTURES, dict.fromkeys(places, wrong)))[:PLANTED]
        found += len({int(row.picture.image) for row in top} & set(places))
        assert all(int(row.picture.image) in places for row in top[:1])
    assert found == PLANTED * len(SEEDS)


def test_captions_of_one_truth_contradict_each_other_in_nothing_but_size(team):
    raised = [
        each.attribute
        for seed in SEEDS
        for row in ranking(team(seed, PICTURES))
        for _, _, each in row.differing
        if each.contradiction
    ]
    assert set(raised) == {"size"}, "sizes differ here by chance; nothing else does"


def test_a_rare_disagreement_counts_more_than_a_common_one(team):
    """The pictures on which sizes differ, which they often do, come after the one whose colour is wrong."""
    rows = ranking(team(5, PICTURES, {7: "colour"}))
    assert rows[0].picture.name == "007.jpg"
    sizes = [row for row in rows if {each.attribute for _, _, each in row.differing} == {"size"}]
    assert len(sizes) > 5
    assert all(row.score < rows[0].score for row in sizes)


def test_captions_without_attributes_rank_by_likeness():
    said = [("old stone bridge", "an old stone bridge"), ("quiet harbour", "crowded market"), ("tall tower", "a tower")]
    pictures = [
        Shared(str(place), f"{place}.jpg", "place", (Text("ada", first), Text("ben", second)))
        for place, (first, second) in enumerate(said)
    ]
    rows = ranking(pictures)
    assert rows[0].picture.name == "1.jpg"
    assert rows[0].score > rows[1].score
    assert all(row.score <= 1 for row in rows)


def test_the_words_that_differ_are_named():
    (row,) = ranking([shared("a red dog on a sofa", "a white puppy on a green couch")])
    assert [(first, second, each.words) for first, second, each in row.differing] == [
        ("ada", "ben", "colour: red / white")
    ]
    assert row.only == {"ada": ("red",), "ben": ("green", "white")}
    assert row.contradictions == 1
    assert 0 < row.alike < 1


def test_who_says_less_does_not_disagree():
    (row,) = ranking([shared("a small white and brown dog with a red collar", "a brown dog")])
    assert row.differing == ()


APART = {
    "another colour": ("a red dog", "a white dog", [("colour", 1.0, True)]),
    "a colour more": ("a red dog", "a red and white dog", []),
    "colours of different things": ("a dog on a red sofa", "a white dog", []),
    "colours of one thing": ("a dog on a red sofa", "a dog on a green couch", [("colour", 1.0, True)]),
    "another place": ("a dog on a sofa", "a dog in the snow", [("place", 1.0, False)]),
    "collar and none": ("a dog with a collar", "a dog without a collar", [("accessory", 1.0, True)]),
    "collar and hat": ("a dog with a collar", "a dog with a hat", [("accessory", 1.0, False)]),
    "number and plural": ("three dogs", "dogs on grass", []),
    "one and plural": ("a dog", "dogs on grass", [("count", 1.0, True)]),
    "denied pose": ("a dog not sitting", "a dog sitting", [("pose", 1.0, True)]),
    "silence": ("a mug", "a white dog sitting", []),
}


@pytest.mark.parametrize("name", APART)
@pytest.mark.parametrize("turn", [1, -1], ids=["", "turned"])
def test_what_differs(name, turn):
    first, second, expected = APART[name]
    first, second = (first, second)[::turn]
    found = [each for each in differences(read(first), read(second)) if each.apart > 0]
    assert [(each.attribute, each.apart, each.contradiction) for each in found] == expected


def shared(*texts):
    names = ("ada", "ben", "cleo")
    return Shared("1" * 64, "a.jpg", "dog", tuple(Text(*each) for each in zip(names, texts, strict=False)))
