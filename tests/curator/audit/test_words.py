"""How captions are cut into words."""

import pytest

from curator.audit.words import content, singular, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" A dog, sitting. ", ("a", "dog", "sitting")),
        ("a fox-like tail", ("a", "fox-like", "tail")),
        ("the dog’s ID", ("the", "dog's", "id")),
        ("– 3 dogs & 2nd cat –", ("3", "dogs", "2nd", "cat")),
        ("Ünïcode café 犬", ("ünïcode", "café", "犬")),
    ],
    ids=["empty", "punctuation", "hyphen", "apostrophe", "numbers", "scripts"],
)
def test_words(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("dogs", "dog"),
        ("dog's", "dog"),
        ("dogs'", "dog"),
        ("puppies", "puppy"),
        ("benches", "bench"),
        ("boxes", "box"),
        ("grass", "grass"),
        ("cactus", "cactus"),
        ("iris", "iris"),
        ("bus", "bus"),
        ("is", "is"),
    ],
)
def test_singular(word, expected):
    assert singular(word) == expected


def test_content_leaves_function_words_out_and_keeps_the_written_form():
    assert content(("the", "dogs", "on", "a", "lens", "dog")) == {"dog": "dogs", "len": "lens"}
