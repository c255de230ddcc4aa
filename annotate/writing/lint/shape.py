"""Remarks on the form of a text, whatever it says: length, blanks, hidden characters, the form of Unicode."""

import unicodedata
from itertools import groupby

from annotate.writing.lint.remark import Remark
from curator.audit.shape import INNER_BLANKS, blank_name, is_hidden
from curator.audit.words import words
from curator.wording import counted


def length(text: str, min_words: int, max_words: int) -> list[Remark]:
    """Nothing written, fewer words than `min_words`, or more than `max_words` (0: no limit)."""
    if not text.strip():
        return [Remark("empty", "error", "nothing is written yet")]
    number = len(words(text))
    if number < min_words:
        return [Remark("short", "hint", f"{counted(number, 'word')}: say what it looks like, what it does and where")]
    if max_words and number > max_words:
        return [Remark("many-words", "warning", f"{counted(number, 'word')}, {max_words} are allowed")]
    return []


def blanks(text: str) -> list[Remark]:
    """Blanks at the ends, and odd ones inside."""
    if not (inner := text.strip()):
        return []
    start = text.index(inner[0]) if text[0].isspace() else 0
    end = start + len(inner)
    outer = (("begins", (0, start)), ("ends", (end, len(text))))
    found = [Remark("outer-blanks", "hint", f"{verb} in blanks", span, "") for verb, span in outer if span[0] < span[1]]
    found += [
        Remark(
            "inner-blanks", "hint", f"{blank_name(match[0])} inside", (start + match.start(), start + match.end()), " "
        )
        for match in INNER_BLANKS.finditer(inner)
    ]
    return found


def hidden(text: str) -> list[Remark]:
    """Control, escape, direction and private characters, and the mark of a failed decoding; a remark for each run."""
    found = []
    for is_bad, run in groupby(enumerate(text), key=lambda each: is_hidden(each[1])):
        if is_bad:
            places = [at for at, _ in run]
            first = text[places[0]]
            name = f"U+{ord(first):04X} {unicodedata.name(first, 'control')}"
            message = f"{counted(len(places), 'hidden character')}: {name}"
            found.append(Remark("hidden-characters", "warning", message, (places[0], places[-1] + 1), ""))
    return found


def form(text: str) -> list[Remark]:
    """Letters and accents in another form than the one in which captions are stored."""
    normal = unicodedata.normalize("NFC", text)
    if text == normal:
        return []
    return [Remark("not-nfc", "hint", "accents are stored in one piece with their letters", None, normal)]
