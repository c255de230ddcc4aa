"""What a member wrote lately, in phrases to take up again. Knows one person's captions, and nothing of widgets."""

import re
from collections import OrderedDict
from collections.abc import Iterable

from curator.audit.words import WORD

FEWEST, MOST = 2, 6
"""Words of a phrase."""
KEPT = 500
BREAKS = frozenset(
    "about above across after against along among and around as at before behind below beneath beside between beyond "
    "but by down during for from her his in inside into its near next of off on onto or out over past that the their "
    "through to toward towards under up upon where which while who whose with within without".split()
)
"""Words that begin a new phrase. Nothing ends in one of them."""
STOP = re.compile(r"[.,;:!?()\n\"“”…–—]")


class Phrases:
    """The phrases of one's own captions, the last written first, each once whatever its case."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """`texts` are the member's own captions, the newest last."""
        self._kept: OrderedDict[str, str] = OrderedDict()
        for text in texts:
            self.learn(text)

    def learn(self, text: str) -> None:
        """Take in a caption that was just written."""
        for phrase in reversed(phrases(text)):
            key = phrase.casefold()
            self._kept.pop(key, None)
            self._kept[key] = phrase
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def newest_first(self) -> list[str]:
        """All phrases, the last written first, those of one caption in its order."""
        return list(reversed(self._kept.values()))


def phrases(text: str) -> list[str]:
    """The phrases of a caption in their order: runs of 2 to 6 words, from one break to the next.

    A run breaks at punctuation, and before words that join phrases ("a dog | on green grass | with a red ball").
    """
    found: list[str] = []
    for part in STOP.split(text):
        run: list[str] = []
        for word in WORD.findall(part):
            if word.lower() in BREAKS and any(each.lower() not in BREAKS for each in run):
                found += _cut(run)
                run = []
            run.append(word)
        found += _cut(run)
    return list(dict.fromkeys(found))


def _cut(run: list[str]) -> list[str]:
    """A run as one phrase, its last words where it is too long; nothing where it is too short or ends in a break."""
    while run and run[-1].lower() in BREAKS:
        run = run[:-1]
    return [" ".join(run[-MOST:])] if len(run) >= FEWEST else []
