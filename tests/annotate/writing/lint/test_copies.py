"""Texts that are the same as another, or nearly."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from annotate.writing.lint.copies import MOST_MEASURED, NEAR, Copies
from annotate.writing.wordings import Wording

TEXT = "a small brown dog sits on green grass next to a wooden fence"


def wording(text, image="1", author="ada", slot=0):
    return Wording(image, author, slot, text)


def test_the_same_in_another_coat():
    found = Copies([wording(TEXT)]).like(f" {TEXT.upper()}. ", "2", "ada", 0)
    assert (found.wording.image, found.score) == ("1", 100)


def test_nearly_the_same():
    found = Copies([wording(TEXT), wording("nothing like it at all, not a bit", "3")]).like(
        TEXT.replace("small", "large"), "2", "ada", 0
    )
    assert found.wording.image == "1"
    assert NEAR <= found.score < 100


@pytest.mark.parametrize(
    ("image", "author", "slot", "found"),
    [("1", "ada", 0, False), ("1", "ada", 1, True), ("1", "ben", 0, False), ("2", "ben", 0, True)],
    ids=["itself", "own other caption", "somebody else's of the same picture", "another picture"],
)
def test_what_is_no_copy(image, author, slot, found):
    copies = Copies([wording(TEXT)])
    assert (copies.like(TEXT, image, author, slot) is not None) == found
    assert (copies.like(TEXT + " again", image, author, slot) is not None) == found


def test_a_later_text_takes_the_place_of_the_earlier():
    copies = Copies([wording(TEXT)])
    copies.add(wording("a cat in a box"))
    assert copies.like(TEXT, "2", "ada", 0) is None
    assert copies.like("a cat in a box", "2", "ada", 0).score == 100
    assert len(copies) == 1


def test_behind_the_newest_that_does_not_count_an_older_one_is_found():
    copies = Copies([wording("a dog", "1"), wording("a dog", "2"), wording("a dog", "3")])
    copies.add(wording("a cat", "3"))
    assert copies.like("a dog", "2", "ada", 0).wording.image == "1"


def test_short_texts_are_only_compared_whole():
    copies = Copies([wording("a brown dog")])
    assert copies.like("a brown dogs", "2", "ada", 0) is None
    assert copies.like("", "2", "ada", 0) is None


WORDS = ["small", "brown", "dog", "cat", "sits", "grass", "the", "on", "a", "red", "with", "fence", "old", "house"]


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=3, max_size=12), min_size=1, max_size=20), st.data())
def test_nothing_is_measured_that_is_not_near_and_the_same_is_always_found(known, data):
    texts = [" ".join(each) for each in known]
    copies = Copies(wording(text, str(number)) for number, text in enumerate(texts))
    text = data.draw(st.sampled_from(texts))
    assert copies.like(text, "x", "ada", 0).score == 100
    changed = text + " " + data.draw(st.sampled_from(WORDS))
    found = copies.like(changed, "x", "ada", 0)
    assert found is None or found.score == fuzz.ratio(changed, found.wording.text) >= NEAR


def test_one_changed_word_is_found_among_many():
    chance = random.Random(1)
    vocabulary = [f"{a}{b}{c}" for a in "bcdfg" for b in "aeiou" for c in ("t", "ng", "mp", "r", "s", "sh")]
    texts = [" ".join(chance.choices(vocabulary, k=12)) for _ in range(4 * MOST_MEASURED)]
    copies = Copies(wording(text, str(number)) for number, text in enumerate(texts))
    for number in range(0, len(texts), 97):
        words = texts[number].split()
        words[number % 12] = "zz"
        found = copies.like(" ".join(words), "x", "ada", 0)
        if fuzz.ratio(" ".join(words), texts[number]) >= NEAR:
            assert found.wording.image == str(number)


def test_texts_that_are_all_alike_do_not_make_it_slow():
    copies = Copies(wording(f"{TEXT} number {number}", str(number)) for number in range(3 * MOST_MEASURED))
    assert len(copies._likely(f"{TEXT} number x")) == MOST_MEASURED
