"""What helps with writing and is read in the background: the set in columns, remarks, words and phrases of the team.

The captioner is ready before any of it is; each part is None until it is there.
"""

import gc
from typing import TYPE_CHECKING

from annotate.captioner.session import Session
from curator.errors import InputError
from curator.record import Revision
from curator.store import Store
from curator.workspace import Workspace

if TYPE_CHECKING:  # all of it is loaded in the background
    import numpy as np
    from numpy.typing import NDArray

    from annotate.pictures.colours import Palette
    from annotate.pictures.decoding import Pixels
    from annotate.writing.lint.corpus import Corpus
    from annotate.writing.lint.lint import Lint
    from annotate.writing.lint.remark import Remark
    from annotate.writing.phrases import Phrases
    from annotate.writing.vocabulary import Vocabulary
    from annotate.writing.wordings import Wording
    from curator.columns import Columns


class Aids:
    """Belongs to one member: nothing in it knows what others wrote of a picture that the member captions blind."""

    def __init__(self, workspace: Workspace, store: Store, member: str) -> None:
        self._config, self._store, self._member = workspace.config, store, member
        self.columns: Columns | None = None
        self.vocabulary: Vocabulary | None = None
        self._corpus: Corpus | None = None
        self._lint: Lint | None = None
        self._phrases: Phrases | None = None
        self._palette: tuple[str, Palette] | None = None
        self._found: dict[str, NDArray[np.bool_]] = {}

    def load(self) -> None:
        """Read everything; takes seconds for a large set, so it is for a thread of its own."""
        from annotate.writing.lint.corpus import Corpus
        from annotate.writing.lint.lint import Lint
        from annotate.writing.phrases import Phrases
        from annotate.writing.vocabulary import Vocabulary
        from curator.audit.dictionary import is_known
        from curator.columns import load

        columns = load(self._store, self._member, self._config.attributes)
        self.columns = columns
        known = _wordings(columns)
        self._phrases = Phrases(each.text for each in known if each.author == self._member)
        subjects = sorted(filter(None, columns.subject.values))
        corpus = Corpus(known)
        lint = Lint(self._config, corpus, [*subjects, *filter(None, columns.owner.values)], self._name_of)
        lint.warm()
        self._corpus, self._lint = corpus, lint
        gc.freeze()  # 100,000 pictures need not be looked through for garbage while somebody types
        own = [
            *self._config.audit.words,
            *subjects,
            *(each for some in self._config.attributes.values() for each in some),
        ]
        self.vocabulary = Vocabulary((each.text for each in known), own, self._config.captioning.forbidden, is_known)

    @property
    def phrases(self) -> list[str]:
        """The member's recent phrases, the newest first."""
        return self._phrases.newest_first() if self._phrases is not None else []

    def completion(self, text: str, cursor: int) -> str:
        """The rest of the word that the text most likely goes on with at `cursor`; empty where none is likely."""
        return "" if self.vocabulary is None else self.vocabulary.rest(text, cursor)

    def remarks(self, session: Session, cursor: int | None, pixels: "Pixels | None") -> "list[Remark]":
        """What is to be said of the text in the editor; the word at `cursor` is still being typed."""
        from annotate.pictures.colours import palette
        from annotate.writing.lint.lint import Facts

        if self._lint is None:
            return []
        image = session.item.image
        if pixels is not None and (self._palette is None or self._palette[0] != image.blob):
            self._palette = (image.blob, palette(pixels))
        known = self._palette[1] if self._palette is not None and self._palette[0] == image.blob else None
        facts = Facts(image.id, session.member, session.slot, image.subject, known)
        return self._lint.check(session.text, facts, cursor)

    def learn(self, revision: Revision) -> None:
        """Take in a caption that was just submitted."""
        from annotate.writing.wordings import Wording

        wording = Wording(revision.image, revision.author, revision.slot, revision.text)
        if self._corpus is not None and self._phrases is not None and self.vocabulary is not None:
            self._corpus.learn(wording)
            self._phrases.learn(revision.text)
            self.vocabulary.learn(revision.text)

    def matching(self, text: str) -> "NDArray[np.bool_]":
        """The rows of the table that a filter lets through, kept until a picture changes.

        Raises InputError for a wrong filter, and while the table is not there.
        """
        from curator.filter import parse

        if self.columns is None:
            raise InputError("the set is still being read for filters", hint="try again in a moment")
        if text not in self._found:
            self._found = {text: parse(text, self._config.attributes).mask(self.columns)}
        return self._found[text]

    def reread(self, store: Store, image: str) -> "Columns | None":
        """One picture as it is now, for `put`; may be called in another thread."""
        from curator.columns import reread

        return None if self.columns is None else reread(self.columns, store, image)

    def put(self, one: "Columns | None") -> None:
        """Take over what became of a picture."""
        if self.columns is not None and one is not None and self.columns.row(one.ids[0]) is not None:
            self.columns.put(one)
            self._found.clear()

    def _name_of(self, image: str) -> str:
        row = self.columns.row(image) if self.columns is not None else None
        return image[:12] if row is None or self.columns is None else self.columns.names[row]


def _wordings(columns: "Columns") -> "list[Wording]":
    """The captions that the member may know, the one written last at the end."""
    from annotate.writing.wordings import Wording

    captions = columns.captions
    return [
        Wording(columns.ids[picture], captions.author[entry] or "", int(captions.slot[entry]), captions.text[entry])
        for entry, picture in sorted(enumerate(captions.row.tolist()), key=lambda pair: int(captions.revision[pair[0]]))
    ]
