"""Regular expressions from outside stay within bounds."""

import pytest

from curator.errors import InputError
from curator.filter import expression
from curator.filter.expression import compiled, safe_length, searching


def test_what_is_found():
    assert searching("brown (dog|cat)")(["a Brown dog", "brown", "x" * 5000 + "brown cat"]) == [0, 2]


def test_whole_words_and_case():
    assert compiled("dog|cat", whole_words=True).search("dogs") is None
    assert compiled("Dog", ignore_case=False).search("dog") is None


HARMFUL = {
    "nested": (r"(a+)+\d(?<=a)", "a" * 4000),
    "alternatives": (r"(a|a)+\d(?<=a)", "a" * 4000),
    "backreference": (r"(a*)*\1\d(?<=a)", "a" * 4000),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_a_pattern_that_runs_for_ever_is_stopped(name, monkeypatch):
    monkeypatch.setattr(expression, "ALLOWED_S", 0.05)
    pattern, text = HARMFUL[name]
    with pytest.raises(InputError, match="takes too long") as caught:
        searching(pattern)([text])
    assert "simpler" in caught.value.hint


def test_many_short_searches_are_stopped_too(monkeypatch):
    monkeypatch.setattr(expression, "ALLOWED_S", -1.0)
    with pytest.raises(InputError, match="takes too long"):
        searching("a")(["b"])


@pytest.mark.parametrize(
    "pattern", ["(", "a{2", "*", "(?P<x>a)(?P=y)", "a" * 501, "(" * 240 + ")" * 240, "[z-a]", r"\p{Nothing}"]
)  # fmt: skip
def test_no_pattern(pattern):
    try:
        compiled(pattern)
    except InputError:
        return
    assert pattern in ("a{2", "(" * 240 + ")" * 240)  # an accepted pattern must at least be one


@pytest.mark.parametrize("pattern", [r"(a)\1", "(?R)?", "(?:dog){e<=2}", r"(?P<a>x)(?&a)"])
def test_no_length_is_safe_for_some(pattern):
    assert safe_length(pattern) == 0


def test_the_more_choices_the_shorter_the_safe_texts():
    assert safe_length("dog") > 10**6
    assert safe_length("dog|cat") > 1000
    assert 100 < safe_length(".*dog.*") < 1000
    assert safe_length("(a+)+(b+)+(c+)+") < 20
