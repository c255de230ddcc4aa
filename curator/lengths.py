"""How long many texts are: words, GLIDE's tokens, CLIP's tokens. Exact, and fast by remembering pieces between blanks.

No piece that the tokenizers or the word pattern cut out of a text reaches over a single blank, so that the count of a
text is the sum of the counts of what stands between its blanks. A text of which that is not certain (other blanks,
characters that CLIP's cleaning may change) is counted whole.
"""

from collections.abc import Callable

import regex

from curator.audit.words import words
from curator.tokens import ClipTokenizer, glide_token_count

REMEMBERED = 200_000
"""Different pieces that a counter keeps, about 20 MB at most."""
BLANK = regex.compile(r"\s")


class Pieces(dict[str, int]):
    """piece → its count, made at the first question. Raises Unsure for a piece that cannot be counted alone."""

    def __init__(self, count: Callable[[str], int], certain: Callable[[str], bool]) -> None:
        super().__init__()
        self._count, self._certain = count, certain

    def __missing__(self, piece: str) -> int:
        if not self._certain(piece):
            raise Unsure
        number = self._count(piece)
        if len(self) < REMEMBERED:
            self[piece] = number
        return number


class Unsure(Exception):
    """A piece is no piece by itself."""


class Lengths:
    """Counts of one kind. `bound` is a limit that is cheap to know and never below the count."""

    def __init__(
        self, count: Callable[[str], int], bound: Callable[[str], int], first: Pieces, later: Pieces, added: int = 0
    ) -> None:
        self.bound = bound
        self._whole, self._first, self._later, self._added = count, first, later, added

    def count(self, text: str) -> int:
        """The count of a text."""
        first, *later = text.split(" ")
        try:
            return self._first[first] + sum(map(self._later.__getitem__, later)) + self._added
        except Unsure:
            return self._whole(text)


def word_lengths() -> Lengths:
    """Words, as the audit counts them."""
    pieces = Pieces(lambda piece: len(words(piece)), lambda piece: True)
    return Lengths(lambda text: len(words(text)), lambda text: (len(text) + 1) // 2, pieces, pieces)


def glide_lengths() -> Lengths:
    """GLIDE's tokens. Each stands for at least one byte of the text in lower case."""

    def certain(piece: str) -> bool:
        return piece != "" and BLANK.search(piece) is None and len(piece.split()) == 1

    first = Pieces(glide_token_count, certain)
    later = Pieces(lambda piece: glide_token_count(f" {piece}"), certain)
    return Lengths(glide_token_count, _lower_bytes, first, later)


def clip_lengths() -> Lengths:
    """CLIP's tokens, start and end with them. Raises MissingExtra where its vocabulary is not installed."""
    tokenizer = ClipTokenizer()

    def certain(piece: str) -> bool:
        return piece.isascii() and piece.isprintable() and "&" not in piece

    def bound(text: str) -> int:
        return len(text) + 2 if certain(text) else UNKNOWN

    pieces = Pieces(lambda piece: len(tokenizer.encode(piece)), certain)
    return Lengths(lambda text: len(tokenizer.encode(text)) + 2, bound, pieces, pieces, added=2)


UNKNOWN = 2**31 - 1
"""A bound that says nothing."""


def _lower_bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.lower().encode(errors="replace"))
