"""What each author wrote, picture by picture: the ground of all figures about authors."""

from collections.abc import Iterable
from dataclasses import dataclass

from curator.audit.words import words
from curator.captions import ADJUDICATED, is_machine
from curator.record import UNKNOWN_AUTHOR, Record, Revision

NAMELESS = "(no name)"
"""How an author without a name is shown."""


@dataclass(frozen=True)
class Text:
    """The newest text of one line."""

    author: str
    image: str
    subject: str | None
    words: tuple[str, ...]


def written(records: Iterable[Record]) -> list[Text]:
    """The newest submitted text of every line, whether or not it is the caption that would be exported.

    Left out is what its author did not word: adjudicated texts, machine drafts, and texts that confirm what somebody
    else, or a model, had written for the same picture.
    """
    found = []
    for record in sorted(records, key=lambda record: (record.name, record.image.id)):
        newest = {revision.line: revision for revision in sorted(record.revisions, key=lambda each: each.id)}
        for revision in newest.values():
            if revision.state != "submitted" or revision.origin == ADJUDICATED or not revision.text.strip():
                continue
            if is_machine(revision.origin):
                continue
            if not _confirms(revision, record.revisions):
                author = revision.author if revision.author != UNKNOWN_AUTHOR else NAMELESS
                found.append(Text(author, record.image.id, record.image.subject, words(revision.text)))
    return found


def _confirms(revision: Revision, everything: Iterable[Revision]) -> bool:
    return any(
        other.id < revision.id and other.author != revision.author and other.text.strip() == revision.text.strip()
        for other in everything
    )
