"""Counts made of pieces are the counts of whole texts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curator.audit.words import words
from curator.lengths import clip_lengths, glide_lengths, word_lengths
from curator.tokens import clip_token_count, glide_token_count

KINDS = {
    "words": (word_lengths, lambda text: len(words(text))),
    "glide": (glide_lengths, glide_token_count),
    "clip": (clip_lengths, clip_token_count),
}
ODD = [
    "",
    " ",
    "a  b",
    " a",
    "a ",
    "a\nb",
    "a\u00a0b",
    "a\x1cb",
    "x&amp;y",
    "<|endoftext|> a",
    "don't it's",
    "ﬁne",
    "犬 x",
]
texts = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(["a", "dog,", "it's", "12th", "–", "", "&lt;", "\t", "ß", "İ", "👍🏽"])).map(" ".join),
)


@pytest.fixture(params=KINDS)
def kind(request, need):
    if request.param == "clip":
        need("eval")
    make, whole = KINDS[request.param]
    return make(), whole


@pytest.mark.parametrize("text", ODD)
def test_odd_texts(kind, text):
    lengths, whole = kind
    assert lengths.count(text) == whole(text) <= lengths.bound(text)


@pytest.mark.parametrize("name", ["words", "glide"])
@given(st.data())
def test_any_text(name, data):
    make, whole = KINDS[name]
    lengths = make()
    for text in data.draw(st.lists(texts, max_size=4)):
        assert lengths.count(text) == whole(text) <= lengths.bound(text)


@given(st.lists(st.text(st.characters(max_codepoint=127), max_size=30), max_size=4))
@example(["a & b", "\x1b[31mred", "a\rb"])
def test_any_ascii_text_for_clip(need, listed):
    need("eval")
    lengths = clip_lengths()
    for text in listed:
        assert lengths.count(text) == clip_token_count(text) <= lengths.bound(text)


def test_a_piece_is_counted_once():
    asked = []
    lengths = glide_lengths()
    count = lengths._later._count
    lengths._later._count = lambda piece: (asked.append(piece), count(piece))[1]
    for _ in range(3):
        lengths.count("a brown dog and a brown cat")
    assert sorted(asked) == ["a", "and", "brown", "cat", "dog"]
