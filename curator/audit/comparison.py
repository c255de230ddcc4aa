"""Authors compared on the same ground, so that what the author does is not taken for what the pictures show.

Two people who caption different subjects differ for both reasons at once. Only pictures, or at least subjects, that
both of them captioned can tell the two apart.
"""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from curator.audit.texts import Text
from curator.audit.words import content
from curator.record import Finding
from curator.wording import counted, enumerated

LEVEL = 0.05
SAME_PICTURES = 6
"""Pictures captioned by both from which these alone are compared: 2 / 2^6 is the first p below 0.05."""
MOST_ARRANGEMENTS = 20_000
SHUFFLES = 9_999
SHOWN_WORDS = 8

Lengths = tuple[tuple[int, ...], tuple[int, ...]]
"""Caption lengths of two authors on one picture or subject, in words."""
Figures = NDArray[Any]
ROUNDING = 1e-9


@dataclass(frozen=True)
class Comparison:
    """Caption length of two authors on the pictures or subjects that both captioned."""

    first: str
    second: str
    ground: Literal["pictures", "subjects"]
    number: int
    """Of common pictures or subjects."""
    captions: tuple[int, int]
    """Captions of the first and of the second author on them."""
    difference: float
    """Words a caption that the second author writes more, within the common ground."""
    overall: float
    """The same difference over all captions, where it may come from the pictures."""
    p: float
    """Two-sided permutation p within pictures or subjects, corrected for the number of comparisons (Holm 1979)."""
    least_p: float
    """The smallest p that so few captions can reach at all, uncorrected."""


@dataclass(frozen=True)
class Shared:
    """A subject with several authors: words that one of them uses for it in most captions and nobody else at all."""

    subject: str
    captions: Mapping[str, int]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Comparisons:
    rows: tuple[Comparison, ...]
    apart: tuple[tuple[str, str], ...]
    """Pairs of authors without a common subject: they cannot be compared."""
    shared: tuple[Shared, ...]
    subjects: int
    verdict: str
    """In words, how far author and subject can be told apart."""


def compare(texts: Sequence[Text]) -> Comparisons:
    """Compare every pair of authors where they stand on common ground, and say where they do not."""
    names = sorted({text.author for text in texts})
    rows, apart = [], []
    for first, second in itertools.combinations(names, 2):
        row = _pair(texts, first, second)
        if row is None:
            apart.append((first, second))
        else:
            rows.append(row)
    subjects = {text.subject for text in texts if text.subject}
    shared = tuple(_shared(texts))
    verdict = _verdict(len(names), len(subjects), [each.subject for each in shared])
    return Comparisons(tuple(_holm(rows)), tuple(apart), shared, len(subjects), verdict)


def findings(comparisons: Comparisons) -> list[Finding]:
    """Authors whose captions differ in length on the same pictures or subjects, beyond chance."""
    return [
        Finding(
            check="author-length",
            severity="warning",
            message=f"{_longer(row)} ({counted(row.captions[0] + row.captions[1], 'caption')}, p = {row.p:.3f})",
            members=(row.first, row.second),
            figure=row.p,
            threshold=LEVEL,
            advice="Agree on how much a caption should say, with two examples, and look at both authors' next ten.",
        )
        for row in comparisons.rows
        if row.p < LEVEL
    ]


def within(strata: Sequence[Lengths]) -> float:
    """Mean difference second - first within strata, weighted by n1·n2 / (n1 + n2): the fixed-effects estimate."""
    gaps = [_weight(each) * float(np.mean(each[1]) - np.mean(each[0])) for each in strata]
    return sum(gaps) / sum(map(_weight, strata))


def permutation_p(strata: Sequence[Lengths]) -> tuple[float, float]:
    """Two-sided p of `within` under exchange of authors inside each stratum, and the smallest p that could come out.

    Exact where at most 20,000 arrangements exist; else from 9,999 seeded shuffles, with (1 + hits) / (1 + shuffles).
    """
    seen = abs(within(strata)) - ROUNDING
    if math.prod(math.comb(len(one) + len(two), len(one)) for one, two in strata) <= MOST_ARRANGEMENTS:
        sums: Figures = np.zeros(1)
        for each in strata:
            sums = np.add.outer(sums, _arranged(each)).ravel()
        gaps = np.abs(sums) / sum(map(_weight, strata))
        return float(np.mean(gaps >= seen)), float(np.mean(gaps >= gaps.max() - ROUNDING))
    random = np.random.default_rng(0)
    sums = np.sum([_shuffled(each, random) for each in strata], axis=0)
    hits = int(np.sum(np.abs(sums) / sum(map(_weight, strata)) >= seen))
    return (1 + hits) / (1 + SHUFFLES), 1 / (1 + SHUFFLES)


def _weight(lengths: Lengths) -> float:
    one, two = map(len, lengths)
    return one * two / (one + two)


def _arranged(lengths: Lengths) -> Figures:
    """The weighted difference of a stratum in every way of giving its captions to the two authors."""
    one, two = lengths
    pool, ways = np.array(one + two), itertools.combinations(range(len(one) + len(two)), len(one))
    firsts = pool[np.array(list(ways))].mean(axis=1)
    return _gaps(firsts, pool, lengths)


def _shuffled(lengths: Lengths, random: np.random.Generator) -> Figures:
    """The weighted difference of a stratum in each of many shuffles of its captions."""
    one, two = lengths
    pool = np.array(one + two)
    firsts = random.permuted(np.tile(pool, (SHUFFLES, 1)), axis=1)[:, : len(one)].mean(axis=1)
    return _gaps(firsts, pool, lengths)


def _gaps(firsts: Figures, pool: Figures, lengths: Lengths) -> Figures:
    seconds = (pool.sum() - firsts * len(lengths[0])) / len(lengths[1])
    gaps: Figures = _weight(lengths) * (seconds - firsts)
    return gaps


def _pair(texts: Sequence[Text], first: str, second: str) -> Comparison | None:
    own = [text for text in texts if text.author in (first, second)]
    pictures = _strata([(text.image, text) for text in own], first)
    subjects = _strata([(text.subject, text) for text in own if text.subject], first)
    ground: Literal["pictures", "subjects"] = "subjects"
    if len(pictures) >= SAME_PICTURES or (pictures and not subjects):
        ground = "pictures"
    strata = pictures if ground == "pictures" else subjects
    if not strata:
        return None
    p, least = permutation_p(strata)
    everything = _strata([("", text) for text in own], first)
    sizes = (sum(len(one) for one, _ in strata), sum(len(two) for _, two in strata))
    return Comparison(first, second, ground, len(strata), sizes, within(strata), within(everything), p, least)


def _strata(keyed: Sequence[tuple[str | None, Text]], first: str) -> list[Lengths]:
    found: dict[str | None, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for key, text in sorted(keyed, key=lambda pair: (str(pair[0]), pair[1].image)):
        found[key][text.author != first].append(len(text.words))
    return [(tuple(one), tuple(two)) for one, two in found.values() if one and two]


def _holm(rows: Sequence[Comparison]) -> list[Comparison]:
    """The rows with p corrected for their number, in their own order (Holm 1979)."""
    corrected: dict[int, float] = {}
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(rows)), key=lambda each: rows[each].p)):
        highest = max(highest, min(1.0, rows[index].p * (len(rows) - rank)))
        corrected[index] = highest
    return [replace(row, p=corrected[index]) for index, row in enumerate(rows)]


def _shared(texts: Sequence[Text]) -> Iterator[Shared]:
    by_subject: dict[str, dict[str, list[Text]]] = defaultdict(lambda: defaultdict(list))
    for text in texts:
        if text.subject:
            by_subject[text.subject][text.author].append(text)
    for subject, authors in sorted(by_subject.items()):
        if len(authors) > 1:
            captions = {name: len(authors[name]) for name in sorted(authors)}
            yield Shared(subject, captions, {name: _only(name, authors) for name in captions})


def _only(name: str, authors: Mapping[str, Sequence[Text]]) -> tuple[str, ...]:
    """Words in at least half of one author's captions of a subject and in none of anybody else's."""
    own = authors[name]
    elsewhere = {stem for other in authors if other != name for text in authors[other] for stem in content(text.words)}
    counts = Counter(stem for text in own for stem in content(text.words) if stem not in elsewhere)
    forms = content(word for text in own for word in text.words)
    often = [stem for stem, count in counts.items() if 2 * count >= len(own)]
    return tuple(forms[stem] for stem in sorted(often, key=lambda stem: (-counts[stem], stem))[:SHOWN_WORDS])


def _verdict(authors: int, subjects: int, shared: Sequence[str]) -> str:
    if authors < 2:
        return "There is one author: what the author does and what the pictures show cannot be told apart."
    if not subjects:
        return "The pictures have no subjects, so authors can only be compared on pictures that two of them captioned."
    if not shared:
        return "No subject was captioned by two authors: author and subject cannot be told apart at all."
    all_subjects = counted(subjects, "subject")
    if len(shared) == subjects:
        return f"Two authors or more captioned each of the {all_subjects}: author and subject can be told apart."
    if 2 * len(shared) >= subjects:
        return (
            f"Author and subject can be told apart through {len(shared)} of {all_subjects} "
            f"({enumerated(shared)}), which two authors or more captioned; for the rest they cannot."
        )
    return (
        f"Author and subject cannot be told apart for most of the set: only {len(shared)} of {all_subjects} "
        f"({enumerated(shared)}) {'has' if len(shared) == 1 else 'have'} two authors or more. "
        "What differs between authors over all captions may come from their pictures."
    )


def _longer(row: Comparison) -> str:
    more, less = (row.second, row.first) if row.difference > 0 else (row.first, row.second)
    return f"{more} writes {abs(row.difference):.1f} words a caption more than {less} on the same {row.ground}"
