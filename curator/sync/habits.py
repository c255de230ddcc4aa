"""How a caption file is written beside its words: mark, encoding, line ends, final line end. Bytes in, bytes out."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from curator.ingest.captions import MARKS, decode


@dataclass(frozen=True)
class Habits:
    """What a rewritten file keeps."""

    mark: bytes = b""
    """The byte order mark, which also says the encoding."""
    newline: str = "\n"
    final: str = "\n"
    """The line ends behind the last word, as LF."""


def read_habits(content: bytes) -> tuple[str, Habits]:
    """The words of a caption file, and its habits. Raises Refused where it is no text."""
    text = decode(content)
    mark = next((mark for mark, _ in MARKS if content.startswith(mark)), b"")
    raw = content.removeprefix(mark).decode(_encoding(mark))
    crlf = raw.count("\r\n")
    body = text.rstrip("\n")
    return body, Habits(mark, "\r\n" if crlf * 2 > raw.count("\n") else "\n", text[len(body) :])


def written(body: str, habits: Habits) -> bytes:
    """A text as a file of these habits holds it."""
    text = body + habits.final
    return habits.mark + text.replace("\n", habits.newline).encode(_encoding(habits.mark))


def usual(habits: Iterable[Habits]) -> Habits:
    """The habits of most files, for a new one; plain UTF-8 with a final LF where there are none."""
    counts = Counter(habits)
    return min(counts, key=lambda each: (-counts[each], repr(each))) if counts else Habits()


def same_words(first: str | None, second: str | None) -> bool:
    """Whether two texts differ in nothing but final line ends and the way that accents are encoded."""
    return words_of(first) == words_of(second)


def words_of(text: str | None) -> str | None:
    """A text as it is compared; None where it has no words."""
    if text is None or not text.strip():
        return None
    return unicodedata.normalize("NFC", text.rstrip("\n"))


def _encoding(mark: bytes) -> str:
    return next((encoding for each, encoding in MARKS if each == mark), "utf-8")
