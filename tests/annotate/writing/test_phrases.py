"""The phrases of one's own captions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.writing.phrases import Phrases, phrases


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a dog on green grass with a red ball", ["a dog", "on green grass", "with a red ball"]),
        ("small dog, big cat. Old horse", ["small dog", "big cat", "Old horse"]),
        ("dog", []),
        ("a dog sits next to the", ["a dog sits"]),
        ("one two three four five six seven eight", ["three four five six seven eight"]),
        ("in the snow", ["in the snow"]),
        ("a dog and a dog and a dog", ["a dog", "and a dog"]),
        ("", []),
    ],
)
def test_phrases(text, expected):
    assert phrases(text) == expected


def test_the_last_written_come_first_and_each_once():
    recent = Phrases(["a red dog on grass", "a blue cat on sand"])
    recent.learn("A Red dog in snow")
    assert recent.newest_first() == ["A Red dog", "in snow", "a blue cat", "on sand", "on grass"]


def test_only_so_many_are_kept():
    recent = Phrases(f"thing number{number} here" for number in range(1000))
    assert len(recent.newest_first()) == 500
    assert recent.newest_first()[0] == "thing number999 here"


@given(st.text("ab on,.\n", max_size=60))
def test_a_phrase_stands_in_its_text(text):
    for phrase in phrases(text):
        assert phrase in " ".join(text.split())
        assert 2 <= len(phrase.split()) <= 6
