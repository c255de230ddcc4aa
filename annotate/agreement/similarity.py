"""How alike two captions are: by letters, by words, and by weighted words; and the seam for sentence embeddings."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from annotate.agreement.lexicon import lexicon
from annotate.agreement.tokens import tokens
from curator.audit.words import FUNCTION_WORDS

Array = NDArray[np.float64]

Grams = frozenset[tuple[str, int]]

ORDERS = range(1, 7)
"""Lengths of the letter n-grams of chrF."""


REMEMBERED = 8192
"""Captions whose words and n-grams are kept."""


class Similarity(Protocol):
    """A measure of likeness, 1 for the same and about 0 for nothing in common."""

    @property
    def name(self) -> str:
        """As tables show it."""

    @property
    def about(self) -> str:
        """What it is, in a line, with its source."""

    def matrix(self, first: Sequence[str], second: Sequence[str]) -> Array:
        """(len(first), len(second)): each text of `first` against each of `second`."""


class Embed(Protocol):
    """What turns texts into vectors whose cosine is their likeness."""

    @property
    def name(self) -> str:
        """Of the method or the model."""

    @property
    def about(self) -> str:
        """What it is, in a line."""

    def encode(self, texts: Sequence[str]) -> Array:
        """(len(texts), width); rows of length 1, or of zeros for a text without any word."""


class Letters:
    """chrF (Popović 2015) with equal weight of precision and recall, so that it does not matter which text is first."""

    name = "letters"
    about = "chrF: letter n-grams, n = 1 to 6, F1 (Popović 2015)"

    def matrix(self, first: Sequence[str], second: Sequence[str]) -> Array:
        """See Similarity."""
        rows, columns = [_grams(text) for text in first], [_grams(text) for text in second]
        precision, recall, orders = np.zeros((3, len(first), len(second)))
        for order in range(len(ORDERS)):
            shared, left, right = _shared([each[order] for each in rows], [each[order] for each in columns])
            both = (left[:, None] > 0) & (right > 0)  # an order that one text is too short for says nothing
            precision += np.where(both, shared / np.maximum(left[:, None], 1), 0)
            recall += np.where(both, shared / np.maximum(right, 1), 0)
            orders += both
        total = precision + recall
        # The means over orders; their number cancels but once.
        return np.asarray(2 * precision * recall / np.where(total > 0, total * np.maximum(orders, 1), 1), np.float64)


class Words:
    """Words in common, of those that say something; the lexicon's synonyms are one word."""

    name = "words"
    about = "content words in common, synonyms of the lexicon as one (Dice 1945)"

    def matrix(self, first: Sequence[str], second: Sequence[str]) -> Array:
        """See Similarity."""
        rows, columns = [content_words(text) for text in first], [content_words(text) for text in second]
        return np.array([[_dice(row, column) for column in columns] for row in rows]).reshape(len(first), len(second))


class TfIdf:
    """Content words weighted by how few pictures they are used for: an Embed that needs no model."""

    name = "tf-idf"
    about = "cosine of content words weighted by rarity, synonyms of the lexicon as one (Salton and Buckley 1988)"

    def __init__(self, pictures: Iterable[Sequence[str]]) -> None:
        """`pictures`: the texts of each picture, from which the rarity of words is told."""
        each = [{word for text in texts for word in content_words(text)} for texts in pictures]
        used = Counter(word for spoken in each for word in spoken)
        self._place = {word: place for place, word in enumerate(sorted(used))}
        self._weight = {word: float(np.log((1 + len(each)) / (1 + number)) + 1) for word, number in used.items()}

    def encode(self, texts: Sequence[str]) -> Array:
        """See Embed. Words of no picture are left out."""
        vectors = np.zeros((len(texts), len(self._place)))
        for row, text in zip(vectors, texts, strict=True):
            for word in content_words(text):
                if word in self._place:
                    row[self._place[word]] = self._weight[word]
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float64)


class Cosine:
    """The likeness that an embedding gives."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self.name, self.about = embed.name, embed.about

    def matrix(self, first: Sequence[str], second: Sequence[str]) -> Array:
        """See Similarity."""
        return self._embed.encode(first) @ self._embed.encode(second).T


@lru_cache(REMEMBERED)
def content_words(text: str) -> frozenset[str]:
    """The words of a caption that say something, in the singular, with one name for what the lexicon says is one."""
    known, spoken = lexicon(), tokens(text)
    found: set[str] = set()
    at = 0
    terms = {term.start: term for term in known.find(spoken)}
    while at < len(spoken):
        term = terms.get(at)
        if term is not None:
            found.update(value for attribute, value in term.values if attribute != "count")
            at = term.end
            continue
        token = spoken[at]
        at += 1
        if token.word not in FUNCTION_WORDS:
            found.add(known.beings.get(token.stem) or known.things.get(token.stem) or token.stem)
    return frozenset(found)


def words_in_common(first: str, second: str) -> float:
    """2 |A ∩ B| / (|A| + |B|) of the content words of two captions (Dice 1945); 0 where neither has any."""
    return _dice(content_words(first), content_words(second))


def _dice(first: frozenset[str], second: frozenset[str]) -> float:
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


@lru_cache(REMEMBERED)
def _grams(text: str) -> tuple[Grams, ...]:
    """The letter n-grams of a text without its blanks, per order; the second "ab" is ("ab", 2), so that sets count."""
    letters = "".join(text.lower().split())
    orders = []
    for size in ORDERS:
        seen: Counter[str] = Counter()
        grams = []
        for at in range(len(letters) - size + 1):
            gram = letters[at : at + size]
            seen[gram] += 1
            grams.append((gram, seen[gram]))
        orders.append(frozenset(grams))
    return tuple(orders)


def _shared(first: Sequence[Grams], second: Sequence[Grams]) -> tuple[Array, Array, Array]:
    """How many n-grams each pair shares (len(first), len(second)), and how many each text has."""
    place = {gram: number for number, gram in enumerate(set().union(*first, *second))}
    marks = np.zeros((len(first) + len(second), len(place)), dtype=np.float32)
    for row, grams in zip(marks, (*first, *second), strict=True):
        row[[place[gram] for gram in grams]] = 1
    left, right = marks[: len(first)], marks[len(first) :]
    return (left @ right.T).astype(np.float64), left.sum(axis=1, dtype=np.float64), right.sum(axis=1, dtype=np.float64)
