"""How files are written beside their words: read and written again, they are the same bytes."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.ingest.verdict import Refused
from curator.sync.habits import Habits, read_habits, same_words, usual, words_of, written

MARKS = [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE]
BODIES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"), max_size=40).map(
    lambda text: text.rstrip("\n")
)
HABITS = st.builds(Habits, st.sampled_from(MARKS), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\n", "\n\n"]))


@given(BODIES, HABITS)
def test_what_is_written_is_read_again(body, habits):
    content = written(body, habits)
    found, kept = read_habits(content)
    assert found == body
    assert written(found, kept) == content


@pytest.mark.parametrize(
    ("content", "body", "habits"),
    [
        (b"a dog", "a dog", Habits(final="")),
        (b"a dog\n", "a dog", Habits()),
        (b"a dog\r\n", "a dog", Habits(newline="\r\n")),
        (b"one\r\ntwo\n", "one\ntwo", Habits()),
        (b"\xef\xbb\xbf a dog \n\n", " a dog ", Habits(codecs.BOM_UTF8, final="\n\n")),
        (b"", "", Habits(final="")),
    ],
)
def test_examples(content, body, habits):
    assert read_habits(content) == (body, habits)


@pytest.mark.parametrize("content", [b"\xff", b"a\0b", b"\xff\xfea", b"x" * (1 << 20) + b"y"])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(Refused):
        read_habits(content)


def test_new_files_follow_the_many():
    windows, plain = Habits(newline="\r\n"), Habits(final="")
    assert usual([windows, plain, windows]) == windows
    assert usual([]) == Habits()
    assert usual([windows, plain]) == usual([plain, windows])


def test_the_same_words():
    assert same_words("a dog\n", "a dog")
    assert same_words("caf\u00e9", "cafe\u0301")
    assert same_words(" \n", None)
    assert not same_words("a dog", "a dog ")
    assert words_of("\n") is None
