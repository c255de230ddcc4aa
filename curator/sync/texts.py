"""Which line a file's text is written in, and on top of what. Pure: an item in, writings out.

A text goes where the caption is that it follows, so that it takes that caption's place or stands beside it as a second
head; who wrote it is kept with it. Only an imported caption is followed in its new author's own line, as everywhere.
"""

from curator.captions import FOLDER, IMPORT, heads
from curator.record import UNKNOWN_AUTHOR, Revision
from curator.store.captions import Writing
from curator.sync.plan import Item

MERGED = "words of both sides merged"
"""Reason of a text that was put together from the file's and the store's."""


def taken(item: Item, author: str | None) -> tuple[Writing, tuple[Revision, ...]]:
    """The writing of a text that only the file has, and the heads that it follows, which say the same if several."""
    chosen = item.chosen
    own = author if author is not None else _author_before(item)
    if chosen is not None and chosen.origin != IMPORT:
        own = chosen.author
    elif chosen is not None and author is None:
        own = chosen.author
    parents = tuple(heads([each for each in item.record.revisions if (each.author, each.slot) == (own, item.slot)]))
    source = chosen.id if chosen is not None and chosen.author != own else None
    return _writing(item, own, author, source=source), parents


def beside(item: Item, author: str | None) -> Writing:
    """The writing of a text that competes with the store's: a second head of the same line."""
    line = item.chosen or item.base
    own = author or UNKNOWN_AUTHOR if line is None else line.author
    base = item.base
    in_line = base is not None and base.author == own
    return _writing(
        item,
        own,
        author,
        base=base.id if base is not None and in_line else None,
        source=base.id if base is not None and not in_line else None,
    )


def _writing(item: Item, own: str, author: str | None, base: int | None = None, source: int | None = None) -> Writing:
    assert item.file is not None
    return Writing(
        image=item.record.image.id,
        author=own,
        text=item.file,
        slot=item.slot,
        origin=FOLDER,
        base=base,
        source=source,
        writer=author if author is not None and author != own else None,
    )


def _author_before(item: Item) -> str:
    """Who wrote what the file held before; nobody known where it held nothing."""
    return UNKNOWN_AUTHOR if item.base is None else item.base.author
