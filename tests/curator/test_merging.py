"""Comparing and merging texts by words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.merging import difference, marked, merged, tokens

WORDS = st.lists(
    st.sampled_from(["a", "dog", "on", "the", "bed", "red", ",", ".", "\n", "é", "👩‍👩‍👧"]), max_size=12
).map(" ".join)
ANY = st.text(max_size=40)

MERGES = {
    "nobody changed anything": ("a dog", "a dog", "a dog", "a dog"),
    "one side": ("a dog", "a brown dog", "a dog", "a brown dog"),
    "different words": ("a dog on a bed", "a brown dog on a bed", "a dog on a red bed", "a brown dog on a red bed"),
    "neighbours": ("a big dog runs", "a small dog runs", "a big cat runs", "a small cat runs"),
    "the same change": ("a dog", "a cat", "a cat", "a cat"),
    "the same change and another": ("a dog on a bed", "a cat on a bed", "a cat on a sofa", "a cat on a sofa"),
    "one takes out, one puts in": ("a big dog on it", "a dog on it", "a big dog on top of it", "a dog on top of it"),
    "the same word": ("a dog", "a cat", "a cow", None),
    "both at one place": ("a dog", "a dog asleep", "a dog awake", None),
    "one takes out what the other changed": ("a big dog", "a dog", "a large dog", None),
    "one begins anew": ("a dog", "something else altogether", "a brown dog", None),
    "from nothing": ("", "a dog", "a cat", None),
    "lines": ("one\ntwo\nthree", "One\ntwo\nthree", "one\ntwo\nThree", "One\ntwo\nThree"),
}  # fmt: skip


@pytest.mark.parametrize("name", MERGES)
def test_a_merge_of_words(name):
    base, ours, theirs, expected = MERGES[name]
    assert merged(base, ours, theirs) == expected
    assert merged(base, theirs, ours) == expected


@given(ANY)
def test_the_tokens_of_a_text_are_the_text(text):
    assert "".join(tokens(text)) == text


@given(WORDS, WORDS, WORDS)
def test_no_word_that_a_side_put_in_is_missing_and_none_is_invented(base, ours, theirs):
    both = merged(base, ours, theirs)
    if both is None:
        return
    put_in = [
        token
        for side in (ours, theirs)
        for piece in difference(base, side)
        if piece.kind == "put in"
        for token in tokens(piece.text)
    ]
    assert set(put_in) <= set(tokens(both))
    assert set(tokens(both)) <= {*tokens(base), *put_in}


@given(WORDS, WORDS)
def test_a_side_that_changed_nothing_does_not_count(base, ours):
    assert merged(base, ours, base) == merged(base, base, ours) == merged(base, ours, ours) == ours


@given(ANY, ANY)
def test_a_difference_holds_both_texts(before, after):
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "put in") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "taken out") == after


def test_a_difference_on_one_line():
    assert marked("a brown dog on a bed", "a black dog on a bed!") == "a [-brown-]{+black+} dog on a bed{+!+}"
    assert marked("a dog", "a dog") == "a dog"
