"""Which words of a text set it apart from others of the same picture. Knows nothing of how they are shown."""

from collections.abc import Sequence

from annotate.agreement.similarity import content_words
from curator.audit.words import WORD


def marked(text: str, others: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in pieces that together are the text: (piece, whether it sets the text apart).

    A word does where fewer than half of the others say it, synonyms of the lexicon counted as the same.
    """
    said = [content_words(other) for other in others]
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in WORD.finditer(text):
        if match.start() > end:
            pieces.append((text[end : match.start()], False))
        meant = content_words(match[0])
        users = sum(bool(meant & words) for words in said)
        pieces.append((match[0], bool(meant) and bool(said) and 2 * users < len(said)))
        end = match.end()
    return [*pieces, (text[end:], False)] if end < len(text) else pieces
