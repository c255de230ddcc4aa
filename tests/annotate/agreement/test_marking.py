import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.agreement.marking import marked


def apart(text, *others):
    return [piece for piece, alone in marked(text, others) if alone]


@pytest.mark.parametrize(
    ("text", "others", "words"),
    [
        ("a white dog", ["a brown dog"], ["white"]),
        ("a white dog on a couch", ["a puppy on the sofa"], ["white"]),
        ("a dog", ["a dog"], []),
        ("a dog", [], []),
        ("a red dog", ["a red cat", "a cat"], ["dog"]),
        ("a red dog", ["a cat", "a cat", "a red cat"], ["red", "dog"]),
        ("", ["a dog"], []),
    ],
)
def test_words_that_most_others_do_not_say(text, others, words):
    assert apart(text, *others) == words


@given(st.text(), st.lists(st.text(), max_size=3))
def test_the_pieces_are_the_text(text, others):
    assert "".join(piece for piece, _ in marked(text, others)) == text
