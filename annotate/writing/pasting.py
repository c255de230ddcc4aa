"""What is left of a text that is pasted into a caption, and what was done to it. Knows nothing of widgets."""

import re
import unicodedata
from dataclasses import dataclass

from curator.audit.shape import is_hidden
from curator.wording import counted

ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
"""What terminals act on (ECMA-48): control sequences, operating system commands, and two-character escapes."""
BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
FLAGS = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
"""Flags of countries within countries are spelt in characters that are hidden anywhere else (Unicode TS 51)."""


@dataclass(frozen=True)
class Pasted:
    """A text fit for a caption."""

    text: str
    notes: tuple[str, ...]
    """What was done, in words; nothing for a text that was fit already."""


def clean(text: str) -> Pasted:
    """Line breaks of all kinds become plain ones, tabs blanks; control sequences and hidden characters go; NFC."""
    notes: list[str] = []
    text, escapes = ESCAPES.subn("", text)
    if escapes:
        notes.append(f"{counted(escapes, 'control sequence')} taken out")
    text, breaks = BREAKS.subn("\n", text)
    if breaks:
        notes.append(f"{counted(breaks, 'line break')} made plain")
    if tabs := text.count("\t"):
        text = text.replace("\t", " ")
        notes.append(f"{counted(tabs, 'tab')} made {'a blank' if tabs == 1 else 'blanks'}")
    kept = _without_hidden(text)
    if len(kept) < len(text):
        notes.append(f"{counted(len(text) - len(kept), 'hidden character')} taken out")
    normal = unicodedata.normalize("NFC", kept)
    if normal != kept:
        notes.append("accents joined with their letters")
    return Pasted(normal, tuple(notes))


def _without_hidden(text: str) -> str:
    flags = [match.span() for match in FLAGS.finditer(text)]
    in_flags = {at for start, end in flags for at in range(start, end)}
    return "".join(each for at, each in enumerate(text) if at in in_flags or not is_hidden(each))
