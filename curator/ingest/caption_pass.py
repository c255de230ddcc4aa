"""The second half of an ingest: caption files and rows of the table become revisions of lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from curator.captions import IMPORT
from curator.ingest import captions
from curator.ingest.known import Known, Place
from curator.ingest.layout import Picture
from curator.ingest.lines import Placed, Wanted, place
from curator.ingest.request import Request
from curator.ingest.scan import Entry, read
from curator.ingest.summary import Summary
from curator.ingest.verdict import MAX_CAPTION_BYTES, Refused
from curator.record import UNKNOWN_AUTHOR, Member, Source
from curator.store import Store
from curator.store.captions import Writing


@dataclass
class Found:
    """A caption file or row on its way into a line."""

    place: Place
    author: str
    entry: Entry | None = None
    """None for a row of the table."""
    text: str | None = None
    """None until the file was read."""
    reason: str | None = None
    """Why the file is refused."""


@dataclass
class Todo:
    """What has to be placed for one picture."""

    image: str
    found: list[Found] = field(default_factory=list)

    @property
    def files(self) -> list[Found]:
        return [each for each in self.found if each.entry is not None]


@dataclass
class CaptionPass:
    """One pass over the captions of a folder."""

    store: Store
    request: Request
    root: str
    table: str | None
    """Name of the table, the root of its captions."""
    known: Known
    summary: Summary
    gone: frozenset[Place] = frozenset()
    """Sources of earlier passes that are not there any more; a renamed file takes up their lines."""
    held: set[int | None] = field(default_factory=set)
    """Lines that a source still stands for which is not placed anew in this pass."""
    lines: set[object] = field(default_factory=set)
    """Lines that the folder's captions stand in."""
    authors: set[str] = field(default_factory=set)
    captioned: set[str] = field(default_factory=set)
    """Images with a caption."""

    @cached_property
    def gone_lines(self) -> dict[str, list[int]]:
        """Image → lines of sources that are gone."""
        lines: dict[str, list[int]] = {}
        for where in sorted(self.gone):
            line = self.known.line_of(where)
            if line is not None and line in self.known.lines:
                lines.setdefault(self.known.lines[line][0], []).append(line)
        return lines

    def to_place(self, pictures: Iterable[Picture], ids: Mapping[str, str]) -> list[Todo]:
        """The captions that are new or changed, or whose picture or author is another one now, by image."""
        todo: dict[str, Todo] = {}
        moving = set(self.gone)
        for picture in pictures:
            image = ids.get(picture.entry.path)
            if image is None:
                waiting = "its picture is quarantined"
                self.summary.captions_without_picture += [f"{each.path} ({waiting})" for each in picture.captions]
                continue
            for found in self._of(picture):
                if not self._is_settled(found, image):
                    todo.setdefault(image, Todo(image)).found.append(found)
                    moving.add(found.place)
        self.held = {source.line for where, source in self.known.sources.items() if where not in moving}
        return list(todo.values())

    def run(self, todo: Sequence[Todo]) -> Iterator[str]:
        """Read the files and place the captions, a batch of pictures a transaction; yields each path once read."""
        for start in range(0, len(todo), self.request.batch):
            part = todo[start : start + self.request.batch]
            for found in (each for one in part for each in one.files):
                self._read(found)
                yield found.place[1]
            with self.store.write():
                for one in part:
                    self._place(one)

    def refuse(self, entries: Iterable[Entry]) -> None:
        """Put caption files that must not be opened in quarantine."""
        with self.store.write():
            for entry in entries:
                self._save(Source(self.root, entry.path, "caption", entry.size, entry.mtime_ns, reason=entry.problem))

    def finish(self) -> None:
        """Count what the folder's captions are."""
        self.summary.captions = len(self.lines)
        self.summary.authors = tuple(sorted(self.authors - {UNKNOWN_AUTHOR}))

    def _of(self, picture: Picture) -> Iterator[Found]:
        """The captions of a picture. An author nobody names is the one of the last time, else the request's."""
        for entry in picture.captions:
            where = (self.root, entry.path)
            yield Found(where, picture.author or self.known.author_of(where) or self.request.author, entry)
        for row in picture.rows:
            where = (self.table or "", row.key)
            yield Found(where, row.author or self.known.author_of(where) or self.request.author, text=row.text)

    def _is_settled(self, found: Found, image: str) -> bool:
        """Whether a caption stands where it did, unread; it is counted then."""
        if found.entry is not None:
            source = self.known.unchanged(self.root, found.entry)
            if source is not None and source.reason is not None:
                return True
        else:
            source = self.known.sources.get(found.place)
        if source is None or source.line is None or self.known.lines.get(source.line) != (image, found.author):
            return False
        if found.text is not None and found.text not in self.known.said[source.line]:
            return False
        self._count(source.line, found.author, image)
        return True

    def _read(self, found: Found) -> None:
        assert found.entry is not None
        try:
            content = read(found.entry, MAX_CAPTION_BYTES)
            self.summary.read += 1
            found.text = captions.decode(content)
        except Refused as refusal:
            found.reason = refusal.reason

    def _place(self, todo: Todo) -> None:
        for found in todo.found:
            if found.reason is not None:
                line = self.known.line_of(found.place)
                self.held.add(line)
                self._save(self._source(found, None, line))
        texts: dict[tuple[str, str], list[Found]] = {}
        for found in todo.found:
            if found.text is not None:
                texts.setdefault((found.author, found.text), []).append(found)
        wanted = [self._wanted(todo.image, author, text, found) for (author, text), found in texts.items()]
        revisions = self.store.captions.revisions(todo.image)
        for placed, group in zip(place(wanted, revisions, self.held), texts.values(), strict=True):
            self._write(todo.image, placed, group)

    def _wanted(self, image: str, author: str, text: str, found: Sequence[Found]) -> Wanted:
        before = [self.known.line_of(each.place) for each in found]
        before += self.gone_lines.get(image, [])
        mine = tuple(line for line in before if line is not None and self.known.lines.get(line) == (image, author))
        return Wanted(author, text, mine)

    def _write(self, image: str, placed: Placed, found: Sequence[Found]) -> None:
        author, line = placed.wanted.author, placed.line
        self.summary.new_captions += placed.new and placed.base is None
        self.summary.changed_captions += placed.new and placed.base is not None
        self._meet(author)
        if placed.new and not self.request.dry_run:
            line = self._submit(image, placed)
        for each in found:
            self._save(self._source(each, image, line))
        self._count(line if line is not None else (image, author, placed.slot), author, image)

    def _submit(self, image: str, placed: Placed) -> int:
        """Write the revision, and return its line."""
        wanted = placed.wanted
        key = placed.key(image)
        writing = Writing(image, wanted.author, wanted.text, placed.slot, origin=IMPORT, base=placed.base, key=key)
        return self.store.captions.submit(writing).line

    def _meet(self, author: str) -> None:
        """An author nobody knows becomes a contributor."""
        if author == UNKNOWN_AUTHOR or author in self.known.members:
            return
        self.known.members.add(author)
        self.summary.new_members.append(author)
        if not self.request.dry_run:
            self.store.team.add(Member(author, role="contributor"))

    def _source(self, found: Found, image: str | None, line: int | None) -> Source:
        root, path = found.place
        if found.entry is None:
            return Source(root, path, "caption", len((found.text or "").encode()), 0, image, line)
        return Source(root, path, "caption", found.entry.size, found.entry.mtime_ns, image, line, found.reason)

    def _save(self, source: Source) -> None:
        where = (source.root, source.path)
        if self.known.sources.get(where) != source and not self.request.dry_run:
            self.store.pictures.save_source(source)
        self.known.sources[where] = source

    def _count(self, line: object, author: str, image: str) -> None:
        self.lines.add(line)
        self.authors.add(author)
        self.captioned.add(image)
