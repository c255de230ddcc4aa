import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.ingest.captions import decode
from curator.ingest.verdict import MAX_CAPTION_BYTES, Refused, kind


def outcome(content):
    try:
        return decode(content), None
    except Refused as refusal:
        return None, refusal.reason


AS_WRITTEN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"))


@given(AS_WRITTEN)
def test_text_is_kept_as_written(text):
    assert decode(text.encode()) == text


@given(AS_WRITTEN, st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]))
def test_a_byte_order_mark_says_the_encoding_and_goes(text, encoding):
    assert decode(text.encode(encoding)) == text


@given(AS_WRITTEN)
def test_big_endian_marks_are_known(text):
    assert decode(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == text
    assert decode(codecs.BOM_UTF32_BE + text.encode("utf-32-be")) == text


@given(AS_WRITTEN)
def test_windows_line_ends_become_unix_ones(text):
    assert decode(text.replace("\n", "\r\n").encode()) == text


@given(st.binary(max_size=200))
def test_any_bytes_give_text_without_nul_or_a_reason(content):
    text, reason = outcome(content)
    if reason is None:
        assert "\0" not in text
        assert "\r\n" not in text
        text.encode()
    else:
        assert kind(reason) == "not text"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"a dog ", "a dog "),
        (b"  A Dog\n\n", "  A Dog\n\n"),
        (b"a dog\r\n", "a dog\n"),
        (b"old\rmac", "old\rmac"),
        (b"", ""),
        ("é e\u0301".encode(), "é e\u0301"),
        (b"\x1b[2J\x1b]0;owned\x07", "\x1b[2J\x1b]0;owned\x07"),
        (b"<b>&amp;</b>", "<b>&amp;</b>"),
        ("a\ufeffb".encode(), "a\ufeffb"),
    ],
    ids=["blank", "lines", "crlf", "cr", "empty", "unnormalised", "escapes", "markup", "inner-mark"],
)
def test_nothing_else_is_normalised(content, text):
    assert decode(content) == text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("chien enragé".encode("latin-1"), "byte 0xe9 at position 11 is not UTF-8"),
        (codecs.BOM_UTF8 + b"ab\xff", "byte 0xff at position 5"),
        (codecs.BOM_UTF16_LE + b"a\0b", "not UTF-16"),
        (codecs.BOM_UTF16_LE + b"\0\xd8", "not UTF-16"),
        (b"\xed\xa0\x80", "not UTF-8"),
        (b"a\0b", "NUL character at position 1"),
        (b"a" * (MAX_CAPTION_BYTES + 1), "too large"),
    ],
    ids=["latin-1", "after-mark", "odd-utf-16", "half-pair", "surrogate", "nul", "huge"],
)
def test_what_is_no_text_is_refused_with_the_place(content, says):
    with pytest.raises(Refused, match=says):
        decode(content)
