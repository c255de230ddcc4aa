"""Bytes of a caption file to text. Only the decoding is normalised: blanks, lines and case stay as written."""

import codecs

from curator.ingest.verdict import MAX_CAPTION_BYTES, Refused

# UTF-32 comes first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(content: bytes, limit_bytes: int = MAX_CAPTION_BYTES) -> str:
    """The text of a caption file: without byte order mark, CRLF as LF, everything else as written.

    UTF-8 unless a byte order mark says UTF-16 or UTF-32. A final newline and outer blanks stay. Raises Refused for
    more than `limit_bytes`, for bytes that are no text in that encoding, and for NUL.
    """
    if len(content) > limit_bytes:
        raise Refused(f"too large: {len(content):,} bytes of text; at most {limit_bytes:,} are accepted")
    mark, encoding = next(((m, e) for m, e in MARKS if content.startswith(m)), (b"", "utf-8"))
    try:
        text = content.removeprefix(mark).decode(encoding)
    except UnicodeDecodeError as error:
        wrong = error.object[error.start]
        raise Refused(
            f"not text: byte 0x{wrong:02x} at position {len(mark) + error.start} is not {encoding.upper()};"
            " save it as UTF-8"
        ) from error
    if "\0" in text:
        raise Refused(f"not text: a NUL character at position {text.index(chr(0))}")
    return text.replace("\r\n", "\n")
