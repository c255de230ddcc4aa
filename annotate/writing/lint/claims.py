"""Hints where a text names a colour that its picture hardly shows, with what it does show.

A hint speaks only where nearly no pixel may be called so: what is named may be as small as a collar. It cannot know
which thing a colour belongs to, and says nothing where the colour is elsewhere in the picture.
"""

import re

from annotate.pictures.colours import WORDS, Palette, dominant, share
from annotate.writing.lint.remark import Remark

LEAST = 0.005
"""Share of the pixels from which on a colour is taken to be there. At 2 % a green pillow that is there was doubted."""
SHOWN = 3
"""Colours named as evidence."""
NAMED = 0.1
"""Share from which on a colour beyond the first is named."""

CLAIM = re.compile(rf"\b(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})\b", re.IGNORECASE)
NO_CLAIM = re.compile(
    r"\b(?:ice[ -]cream|whipped cream|sour cream|orange juice|golden (?:retriever|hour|gate)|red panda|"
    r"red (?:wine|carpet|cross)|white (?:wine|house|board)|green (?:tea|house|card)|black[ -]and[ -]white|"
    r"(?:greyhound|grayscale|greyscale)|silver (?:fox|ware)|blue jay|brown rice|chocolate (?:cake|bar|chip)\w*|"
    r"not (?:\w+ ){0,2}?(?:red|white|black|brown|green|blue|yellow|grey|gray|orange|pink|purple|golden)|"
    r"without (?:\w+ ){0,2}?(?:red|white|black|brown|green|blue|yellow|grey|gray|orange|pink|purple|golden))\b",
    re.IGNORECASE,
)
"""Words that hold a colour and claim none."""


def colours(text: str, shown: Palette | None) -> list[Remark]:
    """A hint for each word of a colour that the picture does not show; none where its colours are not known."""
    if shown is None:
        return []
    silent = [match.span() for match in NO_CLAIM.finditer(text)]
    found = []
    for match in CLAIM.finditer(text):
        if any(start <= match.start() and match.end() <= end for start, end in silent):
            continue
        if share(shown, WORDS[match[0].lower()]) < LEAST:
            message = f"says {match[0].lower()}; the picture is mostly {evidence(shown)}"
            found.append(Remark("colour", "hint", message, match.span()))
    return found


def evidence(shown: Palette) -> str:
    """The picture's main colours in words: "brown 41 %, green 30 %"."""
    first, *others = dominant(shown)
    named = [first, *(each for each in others if each[1] >= NAMED)][:SHOWN]
    return ", ".join(f"{name} {part * 100:.0f} %" for name, part in named)
