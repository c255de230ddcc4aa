"""The words of a text that are in doubt, and where they stand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.audit.doubts import Doubt, accepted, doubt, pieces


@given(st.text(alphabet="aAé’'-. \n2ﬁ犬s\N{COMBINING ACUTE ACCENT}!", max_size=20))
def test_pieces_stand_in_the_text_in_order_and_apart(text):
    found = list(pieces(text))
    for piece in found:
        assert 0 <= piece.start < piece.end <= len(text)
        assert not any(each.isspace() for each in text[piece.start : piece.end])
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_a_piece_is_where_it_was_written():
    text = "a snow-white cafés’ doog"
    assert [(piece.word, text[piece.start : piece.end]) for piece in pieces(text)] == [
        ("a", "a"),
        ("snow", "snow"),
        ("white", "white"),
        ("cafes", "cafés"),
        ("doog", "doog"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A dog. “The cat", ["a", "dog", "the", "cat"]),
        ("see: Dogs", ["see", "dogs"]),
        ("a Fido", ["a"]),
        ("a\n\n( Fido", ["a"]),
    ],
    ids=["quoted", "colon", "name", "name-after-bracket"],
)
def test_a_capital_at_the_start_of_a_sentence_is_no_name(text, words):
    assert [piece.word for piece in pieces(text)] == words


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("doog", Doubt("door", None)),
        ("slaeping", Doubt("sleeping", None)),
        ("dogtags", Doubt(None, "dog tags")),
        ("teh", Doubt("the", None)),
        ("xqzzyw", Doubt(None, None)),
        ("dog", None),
        ("colours", None),
        ("xq", None),
        ("frobs", None),
    ],
)
def test_doubt(word, expected):
    assert doubt(word, accepted(["a Frob", "dog-like"])) == expected


def test_a_long_text_takes_no_time():
    assert sum(1 for _ in pieces("Dog " * 20_000)) == 1
