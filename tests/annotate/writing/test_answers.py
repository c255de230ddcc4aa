"""What may be said of a picture beside its caption, and what changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.writing.answers import Answers, answers_to_write, checked, current, questions, split_tags
from curator.errors import InputError
from curator.record import Answer

ATTRIBUTES = {"pose": ("sitting", "lying"), "tags": ()}
ASKED = {question.key: question for question in questions(ATTRIBUTES)}


def test_what_is_asked():
    assert [(each.key, each.kind) for each in questions(ATTRIBUTES)] == [
        ("pose", "choice"),
        ("tags", "tags"),
        ("rating", "rating"),
        ("flag", "flag"),
        ("note", "note"),
    ]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("pose", "lying", "lying"),
        ("pose", None, None),
        ("pose", "", None),
        ("tags", ["two  dogs", "snow", "snow"], ("two dogs", "snow")),
        ("tags", (), None),
        ("rating", 5, 5),
        ("rating", None, None),
        ("flag", " not a\ndog ", "not a dog"),
        ("flag", "", None),
        ("note", "ask ben", "ask ben"),
    ],
)
def test_what_is_allowed(key, value, expected):
    assert checked(ASKED[key], value) == expected


@pytest.mark.parametrize(
    ("key", "value", "said", "hint"),
    [
        ("pose", "running", "pose: 'running' is no choice", "choices: sitting, lying"),
        ("pose", 3, "no choice", "sitting"),
        ("rating", 6, "rating: 6", "from 1 to 5"),
        ("rating", 0, "rating: 0", "from 1 to 5"),
        ("rating", True, "True", "whole number"),
        ("rating", "5", "'5'", "whole number"),
        ("tags", "snow", "no tags", "list"),
        ("tags", ["snow", 3], "no tags", "list"),
        ("tags", ["a,b"], "comma", "between"),
        ("tags", ["x" * 41], "41 characters", "at most 40"),
        ("tags", [str(number) for number in range(21)], "21 tags", "at most 20"),
        ("tags", [" "], "no text", "words"),
        ("flag", "bad\x1b[31m", "U+001B", "take it out"),
        ("note", "x" * 501, "501 characters", "at most 500"),
        ("note", 3, "no text", "words"),
    ],
)
def test_what_is_not_allowed(key, value, said, hint):
    with pytest.raises(InputError) as caught:
        checked(ASKED[key], value)
    assert key in caught.value.message
    assert said in caught.value.message
    assert hint in caught.value.hint


def test_tags_are_typed_between_commas():
    assert split_tags(" two  dogs, snow,,snow ,") == ("two dogs", "snow")
    assert split_tags(" , ") == ()


def said(*rows):
    return [Answer(number, "1" * 64, member, key, value, "2026") for number, (member, key, value) in enumerate(rows)]


def test_the_newest_of_the_member_counts():
    found = current(
        said(
            ("ada", "pose", "lying"), ("ben", "pose", "sitting"), ("ada", "tags", ["a", "b"]), ("ada", "rating", 2),
            ("ada", "rating", 4), ("ada", "flag", "blurred"), ("ada", "flag", None), ("ada", "gold.pose", "sitting"),
            ("ada", "unknown", 1),
        ),
        "ada",
        ATTRIBUTES,
    )  # fmt: skip
    assert found == Answers({"pose": "lying", "tags": ("a", "b"), "rating": 4})


def test_a_choice_of_earlier_settings_stays():
    assert current(said(("ada", "pose", "running")), "ada", ATTRIBUTES).get("pose") == "running"


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "pose": st.sampled_from(["sitting", "lying"]),
        "tags": st.lists(st.sampled_from(["a", "b"]), min_size=1, unique=True).map(tuple),
        "rating": st.integers(1, 5),
        "flag": st.just("blurred"),
        "note": st.sampled_from(["x", "y"]),
    },
)


@given(VALUES, VALUES)
def test_what_is_written_leads_from_one_to_the_other(before, after):
    written = answers_to_write(Answers(before), Answers(after))
    told = [("ada", key, list(value) if isinstance(value, tuple) else value) for key, value in before.items()]
    told += [("ada", key, value) for key, value in written]
    assert current(said(*told), "ada", ATTRIBUTES) == Answers(after)
    assert len(written) == sum(before.get(key) != after.get(key) for key in ASKED)
