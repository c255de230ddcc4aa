"""What the set's texts teach the lint: which words two people have written, and which texts there are already."""

from collections import defaultdict
from collections.abc import Iterable

from annotate.writing.lint.copies import Copies
from annotate.writing.wordings import Wording
from curator.audit.words import without_accents, words


class Corpus:
    """Grows with every caption; see `annotate.writing.wordings` for what may go in."""

    def __init__(self, texts: Iterable[Wording] = ()) -> None:
        known = list(texts)
        self.copies = Copies(known)
        self.shared: set[str] = set()
        """Words, in lower case and without accents, that two authors have written."""
        self._users: dict[str, str] = {}
        self._note(known)

    def learn(self, wording: Wording) -> None:
        """Take a caption in that was just submitted."""
        self.copies.add(wording)
        self._note([wording])

    def _note(self, texts: Iterable[Wording]) -> None:
        by_author: dict[str, set[str]] = defaultdict(set)
        for text in texts:
            by_author[text.author].update(words(text.text))
        for author, spoken in by_author.items():
            for word in {part for each in spoken for part in without_accents(each).split("-")}:
                if self._users.setdefault(word, author) != author:
                    self.shared.add(word)
