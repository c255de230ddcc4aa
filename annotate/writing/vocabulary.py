"""The words of the team, and which of them a caption may go on with. What may be learnt, `wordings` decides.

A word counts by how often it was written, more where it was written lately, and more again where it has followed the
word before. A word that was written once counts only if the dictionary knows it: slips should not spread.
"""

import bisect
import heapq
import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from curator.audit.words import WORD, words

RECENT = 50
"""Captions that count as late."""
LATE, AFTER = 1.5, 4.0
"""How much a doubling of a word's late uses, or of its uses after the word before, counts against one of all uses."""
PAIRED = 20_000
"""Of more captions, the newest tell which word follows which."""
MOST_WORDS = 50_000
MOST_PAIRS = 200_000
"""What is kept; the rarest go first."""
LEAST_LETTERS = 2
"""Letters typed before words are offered."""
LEAST_PAIRS = 2
"""Uses after the word before from which on a word is offered before its first letter."""
SHORTEST = 3
"""Letters of the shortest word that is worth an offer."""
NEAR = 200
"""Characters before the cursor that are looked at."""
LOOKED_AT = 200
"""Words weighed closely, those used most."""


class Vocabulary:
    """Grows with every caption. Not safe in several threads: built in one, then used in another."""

    def __init__(
        self,
        texts: Iterable[str] = (),
        own: Iterable[str] = (),
        forbidden: Iterable[str] = (),
        is_word: Callable[[str], bool] = lambda word: False,
    ) -> None:
        """`texts` are captions, the newest last; `own` are further words of the team (settings, subjects, choices).

        `is_word` says whether the dictionary knows a word in lower case; words of `forbidden` are never offered.
        """
        self._is_word = is_word
        self._own = frozenset(word for text in own for word in words(text))
        self._forbidden = frozenset(word for text in forbidden for word in words(text))
        self._uses: Counter[str] = Counter()
        self._after: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._pairs = 0
        self._late: deque[Sequence[str]] = deque(maxlen=RECENT)
        self._late_uses: Counter[str] = Counter()
        self._fill(list(texts))
        self._uses.update(self._own)
        self._sorted = sorted(self._uses)

    def __len__(self) -> int:
        return len(self._uses)

    def learn(self, text: str) -> None:
        """Take in a caption that was just written."""
        spoken = _words(text)
        for word in spoken:
            if word not in self._uses:
                bisect.insort(self._sorted, word)
            self._uses[word] += 1
        for pair in pairwise(spoken):
            self._count(pair, 1)
        self._note_late(spoken)
        if len(self._uses) > MOST_WORDS * 1.1 or self._pairs > MOST_PAIRS * 1.1:
            self._forget()
            self._sorted = sorted(self._uses)

    def complete(self, text: str, cursor: int, limit: int = 8) -> list[str]:
        """Words to go on with at the cursor, the likeliest first, each beginning with the letters typed of it.

        Nothing within a word, and before a word's first letters only what has followed the word before.
        """
        if cursor < len(text) and (text[cursor].isalnum() or text[cursor] in "_'’-"):
            return []
        typed, before = _at(text[:cursor])
        if before is None and not typed:
            return []
        after = self._after.get(before or "", {})
        found = self._likely(typed.lower().replace("’", "'"), after)
        return [typed + word[len(typed) :] for word in found[:limit]]

    def rest(self, text: str, cursor: int) -> str:
        """What is missing of the likeliest word at the cursor; "" where nothing is offered."""
        offered = self.complete(text, cursor, limit=1)
        return offered[0][len(_at(text[:cursor])[0]) :] if offered else ""

    def _likely(self, typed: str, after: dict[str, int]) -> list[str]:
        if not typed:
            offered = [word for word, number in after.items() if number >= LEAST_PAIRS]
        elif len(typed) < LEAST_LETTERS:
            offered = [word for word in after if word.startswith(typed)]
        else:
            start = bisect.bisect_left(self._sorted, typed)
            end = bisect.bisect_left(self._sorted, typed + "\U0010ffff")
            offered = self._sorted[start:end]
        offered = [word for word in offered if len(word) >= max(SHORTEST, len(typed) + 1)]
        if len(offered) > LOOKED_AT:
            offered = heapq.nlargest(LOOKED_AT, offered, key=lambda word: self._uses[word] + after.get(word, 0) * 10**6)
        offered.sort(key=lambda word: (-self._weight(word, after), word))
        return [word for word in offered if self._is_offered(word)]

    def _weight(self, word: str, after: dict[str, int]) -> float:
        late, following = self._late_uses.get(word, 0), after.get(word, 0)
        return math.log2(1 + self._uses[word]) + LATE * math.log2(1 + late) + AFTER * math.log2(1 + following)

    def _is_offered(self, word: str) -> bool:
        if word in self._forbidden:
            return False
        return self._uses[word] > 1 or word in self._own or self._is_word(word)

    def _fill(self, texts: Sequence[str]) -> None:
        pairs: Counter[tuple[str, str]] = Counter()
        first_for_pairs = len(texts) - PAIRED
        for number, text in enumerate(texts):
            spoken = _words(text)
            self._uses.update(spoken)
            if number >= first_for_pairs:
                pairs.update(pairwise(spoken))
                self._late.append(spoken)
        for spoken in self._late:
            self._late_uses.update(spoken)
        for pair, uses in pairs.items():
            self._count(pair, uses)
        self._forget()

    def _count(self, pair: tuple[str, str], number: int) -> None:
        first, second = pair
        following = self._after[first]
        self._pairs += second not in following
        following[second] = following.get(second, 0) + number

    def _note_late(self, spoken: Sequence[str]) -> None:
        if len(self._late) == RECENT:
            self._late_uses.subtract(self._late[0])
            self._late_uses = +self._late_uses
        self._late.append(spoken)
        self._late_uses.update(spoken)

    def _forget(self) -> None:
        if len(self._uses) > MOST_WORDS:
            kept = heapq.nlargest(MOST_WORDS, self._uses.items(), key=lambda each: (each[0] in self._own, each[1]))
            self._uses = Counter(dict(kept))
        if self._pairs > MOST_PAIRS:
            every = Counter(
                {(first, second): number for first, row in self._after.items() for second, number in row.items()}
            )
            self._after.clear()
            self._pairs = 0
            for pair, number in _without_rare(every, MOST_PAIRS).items():
                self._count(pair, number)


def _without_rare(pairs: Counter[tuple[str, str]], most: int) -> Counter[tuple[str, str]]:
    """At most so many pairs: those used least are left out, all of one number together."""
    least = 1
    while len(pairs) > most:
        least += 1
        pairs = Counter({pair: number for pair, number in pairs.items() if number >= least})
    return pairs


def _words(text: str) -> Sequence[str]:
    """As `words`; twice as fast for texts without accents, of which there may be 100,000."""
    return WORD.findall(text.lower()) if text.isascii() else words(text)


def _at(text: str) -> tuple[str, str | None]:
    """The letters typed of a word at the end of a text, and the word before it in the same phrase, or None."""
    text = text[-NEAR:]
    spoken = list(WORD.finditer(text))
    typed = spoken.pop() if spoken and spoken[-1].end() == len(text) else None
    if not spoken:
        return typed[0] if typed else "", None
    between = text[spoken[-1].end() : typed.start() if typed else len(text)]
    return typed[0] if typed else "", words(spoken[-1][0])[0] if between.isspace() else None
