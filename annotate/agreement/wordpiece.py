"""BERT's tokens: words in lower case without accents, cut into the longest known pieces (Devlin et al. 2019)."""

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

START, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
LONGEST_WORD = 100
"""Letters of a word beyond which it is unknown as a whole."""
MOST_TOKENS = 256
"""Of one text, both ends included; the rest is cut off, as the model was trained."""
ASCII_SIGNS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2FA1F), (0xF900, 0xFAFF))


def read_vocabulary(path: Path) -> dict[str, int]:
    """Piece → number, from a file with a piece a line."""
    return {piece: number for number, piece in enumerate(path.read_text(encoding="utf-8").split("\n")) if piece}


def encode(text: str, vocabulary: Mapping[str, int]) -> list[int]:
    """The numbers of a text's pieces between those of its start and end."""
    pieces = [vocabulary[piece] for word in _words(text) for piece in _pieces(word, vocabulary)]
    return [vocabulary[START], *pieces[: MOST_TOKENS - 2], vocabulary[END]]


def _words(text: str) -> Iterator[str]:
    word = ""
    for letter in unicodedata.normalize("NFD", text.lower()):
        category = unicodedata.category(letter)
        if category == "Mn" or letter in "\0\N{REPLACEMENT CHARACTER}":
            continue
        alone = (
            letter in ASCII_SIGNS or category.startswith("P") or any(low <= ord(letter) <= high for low, high in CJK)
        )
        if letter.isspace() or category.startswith("C"):
            alone, letter = True, ""
        if alone:
            yield from filter(None, (word, letter))
            word = ""
        else:
            word += letter
    yield from filter(None, (word,))


def _pieces(word: str, vocabulary: Mapping[str, int]) -> list[str]:
    if len(word) > LONGEST_WORD:
        return [UNKNOWN]
    pieces: list[str] = []
    start = 0
    while start < len(word):
        mark = "##" if start else ""
        end = next((end for end in range(len(word), start, -1) if mark + word[start:end] in vocabulary), None)
        if end is None:
            return [UNKNOWN]
        pieces.append(mark + word[start:end])
        start = end
    return pieces
