"""What is odd in the characters of a text."""

import pytest

from curator.audit.shape import INNER_BLANKS, blank_name, is_hidden, same_form


@pytest.mark.parametrize("each", ["\x1b", "\0", "\N{RIGHT-TO-LEFT OVERRIDE}", "\ue000", "\N{REPLACEMENT CHARACTER}"])
def test_hidden(each):
    assert is_hidden(each)


@pytest.mark.parametrize("each", ["a", " ", "\n", "\t", "\N{ZERO WIDTH JOINER}", "犬", "\N{COMBINING ACUTE ACCENT}"])
def test_not_hidden(each):
    assert not is_hidden(each)


@pytest.mark.parametrize(
    ("text", "name"),
    [("a\nb", "a line break"), ("a \r\nb", "a line break"), ("a\tb", "a tab"), ("a  b", "several blanks in a row")],
)
def test_blanks_have_names(text, name):
    assert blank_name(INNER_BLANKS.search(text)[0]) == name


def test_the_same_text_in_another_coat():
    assert same_form(" A  red\nDog. ") == same_form("a red dog") == "a red dog"
    assert same_form(" . ") == ""
