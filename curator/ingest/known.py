"""What the store knew of a folder when an ingest began: read once, kept up to date as the pass goes on."""

from collections.abc import Mapping

from curator.ingest.lines import said
from curator.ingest.scan import UNREADABLE, Entry
from curator.ingest.verdict import kind
from curator.record import UNKNOWN_AUTHOR, Image, Revision, Source
from curator.store import Store

Place = tuple[str, str]
"""Root and path of a source."""


class Known:
    """Sources by place, images by id, lines by number."""

    def __init__(self, store: Store) -> None:
        with store.read():
            self.sources: dict[Place, Source] = {(each.root, each.path): each for each in store.pictures.sources()}
            self.images: dict[str, Image] = {image.id: image for image in store.pictures.all()}
            self.members = {member.name for member in store.team.members()}
            revisions = store.captions.revisions()
        lines: dict[int, list[Revision]] = {}
        for revision in revisions:
            lines.setdefault(revision.line, []).append(revision)
        self.lines: Mapping[int, tuple[str, str]] = {
            line: (texts[0].image, texts[0].author) for line, texts in lines.items()
        }
        """Line → image and author."""
        self.said: Mapping[int, set[str]] = {line: said(texts) for line, texts in lines.items()}

    def unchanged(self, root: str, entry: Entry) -> Source | None:
        """The source of a file that is as it was, or None where it has to be looked at."""
        source = self.sources.get((root, entry.path))
        if source is None or (source.size, source.mtime_ns) != (entry.size, entry.mtime_ns):
            return None
        if entry.problem is not None and entry.problem != source.reason:
            return None
        # A permission can be given back without size or time changing.
        tried_again = source.reason is not None and kind(source.reason) == UNREADABLE
        return None if tried_again else source

    def line_of(self, place: Place) -> int | None:
        """The line that this source was read into."""
        source = self.sources.get(place)
        return None if source is None else source.line

    def author_of(self, place: Place) -> str:
        """Who wrote what this source held when it was last read."""
        line = self.line_of(place)
        return UNKNOWN_AUTHOR if line is None else self.lines.get(line, ("", UNKNOWN_AUTHOR))[1]
