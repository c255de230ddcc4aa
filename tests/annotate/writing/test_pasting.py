"""What is pasted is made fit for a caption, and what was done is said."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.writing.pasting import FLAGS, clean
from curator.audit.shape import is_hidden

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    ("text", "expected", "notes"),
    [
        ("a dog", "a dog", ()),
        ("a\ndog", "a\ndog", ()),
        ("a\r\ndog\rsits\u2028here", "a\ndog\nsits\nhere", ("3 line breaks made plain",)),
        ("a\tdog", "a dog", ("1 tab made a blank",)),
        ("\x1b[1;31ma dog\x1b[0m", "a dog", ("2 control sequences taken out",)),
        ("\x1b]8;;http://x\x07a dog\x1b]8;;\x1b\\", "a dog", ("2 control sequences taken out",)),
        ("a\x00 d\u202eog\ud800", "a dog", ("3 hidden characters taken out",)),
        ("cafe\u0301", "café", ("accents joined with their letters",)),
        ("👨‍👩‍👧 🇫🇷 👍🏽 " + ENGLAND, "👨‍👩‍👧 🇫🇷 👍🏽 " + ENGLAND, ()),
    ],
    ids=["plain", "lines", "breaks", "tab", "colours", "link", "hidden", "accents", "emoji"],
)
def test_clean(text, expected, notes):
    assert (clean(text).text, clean(text).notes) == (expected, notes)


@given(st.text(st.characters(), max_size=30) | st.text("a\x1b[]8;m\r\n\x07\u0301", max_size=30))
def test_whatever_is_pasted_is_fit_and_clean_text_stays(text):
    pasted = clean(text)
    pasted.text.encode()
    assert unicodedata.is_normalized("NFC", pasted.text)
    assert not any(is_hidden(each) for each in FLAGS.sub("", pasted.text))
    assert "\r" not in pasted.text
    assert len(pasted.text.splitlines()) <= pasted.text.count("\n") + 1
    assert clean(pasted.text).text == pasted.text
