"""What one text becomes, and what is refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.replace import substitution as module
from annotate.replace.substitution import Request, substitution
from curator.errors import InputError

BECOMES = {
    "plain": (("a.b", "x"), "a.b aab", "x aab"),
    "case does not matter": (("Dog", "cat"), "a dog, a DOG", "a cat, a cat"),
    "case matters": (("Dog", "cat", {"case": True}), "a dog, a Dog", "a dog, a cat"),
    "whole words": (("cat", "dog", {"words": True}), "a cat, a category, a bobcat", "a dog, a category, a bobcat"),
    "backslashes are plain": (("a", r"\1"), "a", r"\1"),
    "regular expression": (("(brown|red) dog", r"\1dish dog", {"regex": True}), "a red dog", "a reddish dog"),
    "named group": ((r"(?P<n>\d+) dogs", r"dogs: \g<n>", {"regex": True}), "2 dogs", "dogs: 2"),
    "words of a regular expression": (
        ("dogs?", "x", {"regex": True, "words": True}),
        "dog dogs dogsled",
        "x x dogsled",
    ),
    "at the beginning": (("^", "A photo: ", {"regex": True}), "a dog", "A photo: a dog"),
    "taken out": ((", really", ""), "a dog, really", "a dog"),
    "composed and decomposed": (("caf\u00e9", "bar"), "a cafe\u0301", "a bar"),
    "composed anew": (("x", "\u0301"), "ex", "\u00e9"),
    "not found": (("cat", "dog"), "a bird", None),
    "found and the same": (("a", "a"), "a dog", None),
    "line breaks": (("a\nb", "c"), "a\nb", "c"),
    "emoji": (("👩‍🚀", "astronaut"), "an 👩‍🚀", "an astronaut"),
}


def request(arguments):
    pattern, replacement, *more = arguments
    return Request(pattern, replacement, **(more[0] if more else {}))


@pytest.mark.parametrize("name", BECOMES)
def test_what_a_text_becomes(name):
    arguments, text, after = BECOMES[name]
    found = substitution(request(arguments))(text)
    assert (found and found.after) == after


@given(
    st.text("abé\u0301x ", min_size=1, max_size=3),
    st.text("ab\u0301 ", max_size=3),
    st.text("abé\u0301 x", max_size=12),
    st.booleans(),
)
def test_spans_say_where_the_texts_differ(pattern, replacement, text, words):
    found = substitution(Request(pattern, replacement, words=words))(text)
    if found is None:
        return
    assert found.before == unicodedata.normalize("NFC", text)
    assert unicodedata.is_normalized("NFC", found.after)
    assert len(found.removed) == len(found.added)
    assert all(end <= len(found.after) for _, end in found.added)
    if unicodedata.is_normalized("NFC", replacement) and not replacement.startswith("\u0301"):
        kept_before = without(found.before, found.removed)
        assert kept_before == without(found.after, found.added) or "\u0301" in kept_before + pattern


def without(text, spans):
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text


REFUSED = {
    "empty": (("", "x"), "nothing to look for"),
    "no expression": (("(", "x", {"regex": True}), "no regular expression"),
    "too long": (("a" * 501, "x"), "501 characters"),
    "no such group": (("a", r"\2", {"regex": True}), "no replacement"),
    "bad replacement": (("a", r"\g<", {"regex": True}), "no replacement"),
    "half a character": (("a", "\ud800"), "half a character"),
    "nothing that can be stored": (("a", "\0"), "U\\+0000"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name):
    arguments, said = REFUSED[name]
    with pytest.raises(InputError, match=said):
        substitution(request(arguments))("a dog")


def test_an_expression_that_runs_for_ever_is_stopped(monkeypatch):
    monkeypatch.setattr(module, "ALLOWED_S", 0.05)
    substitute = substitution(Request(r"(a+)+\d(?<=a)", "x", regex=True))
    with pytest.raises(InputError, match="takes too long"):
        substitute("a" * 4000)
