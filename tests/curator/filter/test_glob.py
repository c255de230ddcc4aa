"""Wildcards: whole words inside a text, and whole texts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.filter.glob import as_whole, folded, in_words
from curator.filter.tree import Glob


def glob(text):
    return Glob(tuple(text.split("*")))


WORDS = {
    "dog": (["dog", "a dog.", "DOG", "dog's", "red-dog", "(dog)"], ["dogs", "hotdog", "dog_1", "", "do g"]),
    "dog*": (["dogs", "a dog", "doghouse x"], ["hotdog"]),
    "*dog": (["hotdog", "a dog"], ["dogs"]),
    "*og*": (["dogs", "fog"], ["dg"]),
    "d*g": (["dog", "a dig b", "d-g"], ["dogs", "adog", "d g"]),
    "brown dog": (["a brown dog", "brown\ndog", "brown  dog"], ["brown, dog", "brown dogs", "dog brown"]),
    "brown * dog": (["brown big dog"], ["brown dog", "brown big old dog"]),
    "a*a*a": (["aaa", "abaca"], ["aa", "a a a"]),
    "*": (["x"], ["", "  "]),
    "straße": (["STRASSE", "Straße"], ["strase"]),
    "caf\u00e9": (["cafe\u0301", "CAFÉ"], ["cafe"]),
    "犬": (["犬", "a 犬 b"], ["小犬"]),
    "*犬*": (["小犬が"], ["猫"]),
    "!": (["wow!", "!"], ["wow"]),
}


@pytest.mark.parametrize("wanted", WORDS)
def test_words_in_a_text(wanted):
    yes, no = WORDS[wanted]
    texts = [folded(text) for text in (*yes, *no)]
    assert in_words(glob(wanted))(texts) == list(range(len(yes)))


letters = st.text("aAb- .", max_size=12)


@given(st.text("ab", min_size=1, max_size=3), letters, st.booleans(), st.booleans())
def test_words_as_a_regular_expression_finds_them(word, text, left, right):
    parts = ("",) * left + (word,) + ("",) * right
    pattern = rf"{'' if left else '(?<!w)'}{word}{'' if right else '(?!w)'}".replace("w", r"\w")
    found = re.search(pattern, text.lower()) is not None
    assert in_words(Glob(parts))([folded(text)]) == ([0] if found else [])


@given(st.lists(st.text("ab", max_size=2), min_size=1, max_size=4), st.text("ab", max_size=8))
def test_whole_texts_as_a_regular_expression_finds_them(parts, text):
    pattern = ".*".join(map(re.escape, parts))
    assert as_whole(Glob(tuple(parts)))(text) == bool(re.fullmatch(pattern, text))


def test_folding():
    assert folded("A  Dog\n\tON\u00a0it") == "a dog on it"
    assert folded("Cafe\u0301") == folded("CAFÉ")
