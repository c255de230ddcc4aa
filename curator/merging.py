"""Texts compared and merged word by word. Pure; of pictures, stores and files it knows nothing.

A token is a run of letters and digits, a run of blanks, or a run of other characters; put together again, the tokens
of a text are the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

TOKEN = re.compile(r"\w+(?:['’-]\w+)*|\s+|[^\w\s]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of a comparison."""

    kind: Literal["same", "taken out", "put in"]
    text: str


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    put_in: tuple[str, ...]


def tokens(text: str) -> list[str]:
    """The tokens of a text."""
    return TOKEN.findall(text)


def difference(before: str, after: str) -> list[Piece]:
    """What changed from one text to another, in the order of the text; what was taken out stands before what came."""
    old, new = tokens(before), tokens(after)
    pieces: list[Piece] = []
    for tag, i, j, k, m in _matcher(old, new).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        pieces += [Piece("taken out", "".join(old[i:j]))] if j > i else []
        pieces += [Piece("put in", "".join(new[k:m]))] if m > k else []
    return pieces


def marked(before: str, after: str) -> str:
    """The difference in one line of plain characters: `a [-brown-]{+black+} dog`."""
    signs = {"same": "{}", "taken out": "[-{}-]", "put in": "{{+{}+}}"}
    return "".join(signs[piece.kind].format(piece.text) for piece in difference(before, after))


def merged(base: str, ours: str, theirs: str) -> str | None:
    """The text with the changes of both sides, where they changed different words of `base`; None where they did not.

    The three-way merge of Khanna, Kunal and Pierce ("A formal investigation of diff3", 2007), with words for lines, and
    stricter in one thing: changes that touch each other are no merge.
    """
    old = tokens(base)
    edits = sorted({*_edits(old, tokens(ours)), *_edits(old, tokens(theirs))}, key=lambda each: (each.start, each.end))
    for first, second in pairwise(edits):
        if second.start <= first.end:
            return None
    for edit in reversed(edits):
        old[edit.start : edit.end] = edit.put_in
    return "".join(old)


def _edits(old: Sequence[str], new: Sequence[str]) -> list[_Edit]:
    return [_Edit(i, j, tuple(new[k:m])) for tag, i, j, k, m in _matcher(old, new).get_opcodes() if tag != "equal"]


def _matcher(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher[str]:
    # Without autojunk, which would take frequent words of long texts for noise.
    return SequenceMatcher(None, old, new, autojunk=False)
