"""Which words a caption is offered to go on with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.writing import vocabulary
from annotate.writing.vocabulary import Vocabulary
from annotate.writing.wordings import wordings
from curator.record import Revision

TEXTS = ["a small brown dog on green grass", "a small brown cat on green sand", "a brown horse on grass"]


def offered(words, text, cursor=None):
    return words.complete(text, len(text) if cursor is None else cursor)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a brown dog on gr", ["green", "grass"]),
        ("gra", ["grass"]),
        ("GRA", ["GRAss"]),
        ("Sm", ["Small"]),
        ("a small ", ["brown"]),
        ("a small", []),
        ("a small, ", []),
        ("a small b", ["brown"]),
        ("b", []),
        ("", []),
        (" ", []),
        ("xyz", []),
        ("sm-br", []),
    ],
)
def test_what_is_offered(text, expected):
    assert offered(Vocabulary(TEXTS), text) == expected


def test_nothing_is_offered_within_a_word():
    assert offered(Vocabulary(TEXTS), "grass", 2) == []
    assert offered(Vocabulary(TEXTS), "gr dog", 2) == ["grass", "green"]


def test_the_word_before_and_late_uses_count():
    words = Vocabulary(["grass"] * 9 + ["a green dog", "a green dog", "on green"])
    assert offered(words, "gr")[0] == "grass"
    assert offered(words, "a gr")[0] == "green"
    for _ in range(20):
        words.learn("grey fur")
    assert offered(words, "gr")[0] == "grey"


def test_a_word_written_once_must_be_in_the_dictionary_or_the_settings():
    assert offered(Vocabulary(["a slaeping dog"]), "sl") == []
    assert offered(Vocabulary(["a sleeping dog"], is_word={"sleeping"}.__contains__), "sl") == ["sleeping"]
    assert offered(Vocabulary([], own=["corgi puppy"]), "co") == ["corgi"]


def test_forbidden_words_are_not_offered():
    assert offered(Vocabulary(["an image"] * 3, own=["images"], forbidden=["image"]), "im") == ["images"]


def test_learnt_words_are_offered():
    words = Vocabulary()
    words.learn("a dalmatian on sand")
    assert offered(words, "da") == []
    words.learn("a dalmatian on sand")
    assert offered(words, "da") == ["dalmatian"]
    assert offered(words, "a dalmatian on ") == ["sand"]


def test_words_of_a_blind_picture_are_not_offered():
    def revision(number, image, author, text):
        return Revision(number, number, image, author, 0, text, "tui", None, None, "2026-01-01", None, "submitted")

    blind, other = "b" * 64, "o" * 64
    written = [
        revision(1, blind, "ben", "a dalmatian, a dalmatian"),
        revision(2, other, "ben", "a poodle, a poodle"),
        revision(3, blind, "ada", "a beagle, a beagle"),
        revision(4, other, "tinycap", "a mastiff, a mastiff"),
    ]
    machine = Revision(5, 5, other, "m", 0, "a terrier, a terrier", "draft:m", None, None, "2026", None, "submitted")
    words = Vocabulary(each.text for each in wordings([*written[:3], machine], "ada", {blind}))
    assert [offered(words, letters) for letters in ("dal", "poo", "bea", "ter")] == [[], ["poodle"], ["beagle"], []]


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(vocabulary, "MOST_WORDS", 50)
    monkeypatch.setattr(vocabulary, "MOST_PAIRS", 50)
    texts = [f"common word{number} thing{number}" for number in range(200)]
    words = Vocabulary(texts, own=["kept"])
    for text in texts:
        words.learn(text)
    assert len(words) <= 55
    assert words._pairs == sum(map(len, words._after.values())) <= 55
    assert words._sorted == sorted(words._uses)
    assert offered(words, "com") == ["common"]
    assert offered(words, "ke") == ["kept"]


@given(
    st.lists(st.text("abcé ,-’'\n", max_size=20), max_size=8), st.text("abcéA ,-’'\n", max_size=12), st.integers(0, 12)
)
def test_an_offer_begins_with_what_is_typed(texts, text, cursor):
    cursor = min(cursor, len(text))
    learning = Vocabulary()
    for each in texts:
        learning.learn(each)
    built = Vocabulary(texts)
    for words in (built, learning):
        for word in words.complete(text, cursor):
            typed = text[:cursor].split()[-1] if text[:cursor] and not text[:cursor][-1].isspace() else ""
            assert any(word.startswith(typed[at:]) for at in range(len(typed) + 1))
            assert len(word) >= 3
    assert built.complete(text, cursor) == learning.complete(text, cursor)
