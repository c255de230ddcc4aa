"""Figures per author: how much, how long, how varied. Says nothing about why authors differ."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from curator.audit.texts import Text
from curator.audit.words import content

RESAMPLES = 2000
CONFIDENCE = 0.95
DRAWS = 100
LEAST_WORDS = 40
"""Authors with fewer words are not compared by distinct-n."""
MOST_WORDS = 10_000
"""Words at which distinct-n is compared where every author has more."""
SHOWN_WORDS = 8


@dataclass(frozen=True)
class Author:
    """What one person wrote. Lengths are in words."""

    name: str
    captions: int
    pictures: int
    words: int
    mean: float
    """Words a caption."""
    sd: float | None
    """Standard deviation of the length (n - 1), or None for a single caption."""
    interval: tuple[float, float] | None
    """95 % percentile bootstrap interval of the mean over captions, or None for a single caption."""
    distinct: tuple[float, float]
    """distinct-1 and distinct-2 over all of the author's words; they fall with the number of words."""
    distinct_equal: tuple[float, float] | None
    """distinct-1 and distinct-2 at the number of words that all authors have, or None for too few words."""
    own_share: float | None
    """Share of the author's distinct words that nobody else uses, function words left out; None for a single author."""
    own_words: tuple[str, ...]
    """The most used of those words."""


@dataclass(frozen=True)
class Authors:
    rows: tuple[Author, ...]
    equal_words: int | None
    """Number of words at which distinct_equal was taken, or None where nobody has enough."""


def figures(texts: Sequence[Text]) -> Authors:
    """The figures of every author, ordered by name."""
    by_author: dict[str, list[Text]] = defaultdict(list)
    for text in texts:
        by_author[text.author].append(text)
    totals = {name: sum(len(text.words) for text in own) for name, own in by_author.items()}
    enough = [total for total in totals.values() if total >= LEAST_WORDS]
    equal = min(*enough, MOST_WORDS) if enough else None
    users = _users(by_author)
    rows = (_author(name, by_author[name], equal, users) for name in sorted(by_author))
    return Authors(tuple(rows), equal)


def distinct(texts: Sequence[Sequence[str]], n: int) -> float:
    """distinct-n (Li et al. 2016): distinct n-grams by all n-grams of each caption; 0 where there is none."""
    grams = [tuple(text[at : at + n]) for text in texts for at in range(len(text) - n + 1)]
    return len(set(grams)) / len(grams) if grams else 0.0


def distinct_at(texts: Sequence[Sequence[str]], n: int, number: int, seed: int) -> float:
    """distinct-n of `number` words: the mean over draws of whole captions in random order, the last one cut."""
    random = np.random.default_rng(seed)
    return float(np.mean([distinct(_first_words(texts, random, number), n) for _ in range(DRAWS)]))


def bootstrap_mean(values: Sequence[int], seed: int) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the mean of whole numbers."""
    counts = Counter(values)
    levels = np.array(sorted(counts))
    shares = np.array([counts[level] for level in sorted(counts)]) / len(values)
    # Drawing n values with replacement is one multinomial draw over the distinct values: the same, at any n.
    means = np.random.default_rng(seed).multinomial(len(values), shares, size=RESAMPLES) @ levels / len(values)
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def _author(name: str, texts: Sequence[Text], equal: int | None, users: Mapping[str, set[str]]) -> Author:
    lengths = [len(text.words) for text in texts]
    spoken = [text.words for text in texts]
    seed = zlib.crc32(name.encode())
    alone = not any(names - {name} for names in users.values())
    several, enough = len(lengths) > 1, equal is not None and sum(lengths) >= LEAST_WORDS
    vocabulary, forms = _content(texts), _first_forms(texts)
    own = {word: count for word, count in vocabulary.items() if users[word] == {name}}
    return Author(
        name=name,
        captions=len(texts),
        pictures=len({text.image for text in texts}),
        words=sum(lengths),
        mean=float(np.mean(lengths)),
        sd=float(np.std(lengths, ddof=1)) if several else None,
        interval=bootstrap_mean(lengths, seed) if several else None,
        distinct=(distinct(spoken, 1), distinct(spoken, 2)),
        distinct_equal=(distinct_at(spoken, 1, equal, seed), distinct_at(spoken, 2, equal, seed))
        if enough and equal is not None
        else None,
        own_share=len(own) / len(vocabulary) if vocabulary and not alone else None,
        own_words=()
        if alone
        else tuple(forms[word] for word in sorted(own, key=lambda word: (-own[word], word))[:SHOWN_WORDS]),
    )


def _first_words(texts: Sequence[Sequence[str]], random: np.random.Generator, number: int) -> list[Sequence[str]]:
    taken: list[Sequence[str]] = []
    for index in random.permutation(len(texts)):
        if number <= 0:
            break
        taken.append(texts[index][:number])
        number -= len(taken[-1])
    return taken


def _users(by_author: Mapping[str, Sequence[Text]]) -> Mapping[str, set[str]]:
    users: dict[str, set[str]] = defaultdict(set)
    for name, texts in by_author.items():
        for word in _content(texts):
            users[word].add(name)
    return users


def _content(texts: Sequence[Text]) -> Counter[str]:
    """How many captions use each word that says something, in the singular."""
    return Counter(stem for text in texts for stem in content(text.words))


def _first_forms(texts: Sequence[Text]) -> dict[str, str]:
    """Singular → the form it was first written in."""
    return content(word for text in texts for word in text.words)
