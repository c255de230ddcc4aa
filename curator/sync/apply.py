"""Carrying out a plan: texts into the store, files onto the disk, and the agreement of both only after either.

A page is done whole or not at all. A file is written before the agreement is committed: whatever stops the work in
between, the next run finds both sides the same and agrees.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from curator.captions import FOLDER
from curator.errors import InputError
from curator.files import inside, replacing
from curator.forks import fork
from curator.ingest.scan import read
from curator.ingest.verdict import MAX_CAPTION_BYTES, Refused
from curator.merging import merged
from curator.record import Revision
from curator.store import Store
from curator.store.captions import Writing
from curator.store.synced import Agreed
from curator.sync.habits import same_words, written
from curator.sync.plan import Item, Known, Page
from curator.sync.texts import MERGED, beside, taken
from curator.sync.threeway import Verdict

BATCH = 50
"""Pages in one transaction."""
MEANWHILE = "it was changed while the folder was synced; run it again"


@dataclass
class Doing:
    """How a plan is carried out, and what has to be said of it afterwards."""

    store: Store
    root: Path
    folder: str
    """The name of the folder among the agreements."""
    known: Known
    author_of: Callable[[str], str | None]
    """Path of a file → who wrote what stands in it, or None."""
    merge_words: bool = False
    refused: dict[str, str] = field(default_factory=dict)
    merged_words: set[str] = field(default_factory=set)
    """Keys of captions of which both sides' words were put together."""

    def run(self, pages: Sequence[Page]) -> Iterator[str]:
        """Carry out the pages that need it, a batch a transaction; yields the path of each."""
        for start in range(0, len(pages), BATCH):
            part = pages[start : start + BATCH]
            with self.store.write():
                fresh = self._untouched(part)
                for page in fresh:
                    self._whole(page)
            yield from (page.place.path for page in part)

    def _untouched(self, pages: Sequence[Page]) -> list[Page]:
        """The pages of which store and agreements are as they were when the plan was made; the others are put off."""
        images = sorted({page.place.image for page in pages})
        now = self.store.captions.revisions_of(images)
        agreed = self.store.synced.all(self.folder)
        fresh = []
        for page in pages:
            before = self.known.records[page.place.image].revisions
            same = tuple(now.get(page.place.image, ())) == before
            if same and all(agreed.get(item.key) == self.known.agreed.get(item.key) for item in page.items):
                fresh.append(page)
            else:
                self.refused[page.place.path] = MEANWHILE
        return fresh

    def _whole(self, page: Page) -> None:
        """A page, or nothing of it where its file cannot be written; the others go on."""
        try:
            with self.store.write():
                self._page(page)
        except (InputError, OSError) as error:
            self.refused[page.place.path] = f"it cannot be written: {error}"

    def _page(self, page: Page) -> None:
        if page.place.entry is not None and _content(page) != page.content:
            self.refused[page.place.path] = MEANWHILE
            return
        after = [self._item(page, item) for item in page.items]
        body = "\n".join(text or "" for _, text in after)
        was = "\n".join(item.file or "" for item in page.items)
        size = None
        if body != was:
            size = self._write(page, written(body, page.habits))
        for item, (revision, _) in zip(page.items, after, strict=True):
            if revision is not None and self.known.agreed.get(item.key) != Agreed(revision.line, revision.id):
                self.store.synced.agree(self.folder, item.key, Agreed(revision.line, revision.id))
        self._tell_ingest(page, size)

    def _item(self, page: Page, item: Item) -> tuple[Revision | None, str | None]:
        """Bring one caption into the store; what both agree on then (None: no change), and what the file is to say."""
        if item.verdict is Verdict.GIVE:
            return item.chosen, (item.store or "").rstrip("\n")
        if item.verdict is Verdict.AGREED:
            return item.chosen, item.file
        if item.verdict is Verdict.TAKE:
            writing, parents = taken(item, self.author_of(page.place.path))
            return self._submit(writing, parents), item.file
        if item.verdict is Verdict.CONFLICT and item.file is not None:
            return self._keep(page, item)
        return None, item.file

    def _keep(self, page: Page, item: Item) -> tuple[Revision | None, str | None]:
        """Keep the file's text beside the store's; with `merge_words`, put both together where that is clear."""
        assert item.file is not None
        author = self.author_of(page.place.path)
        both = offer(item) if self.merge_words else None
        kept = next((each for each in reversed((item.base, *item.competing)) if _says(each, item.file)), None)
        if kept is None:
            kept = self.store.captions.submit(beside(item, author))
        if both is None:
            return kept, item.file
        self.merged_words.add(item.key)
        first, second = [each.id for each in item.competing] or [item.chosen.id if item.chosen else kept.id, kept.id]
        settled = Writing(
            image=kept.image,
            author=kept.author,
            text=both,
            slot=kept.slot,
            origin=FOLDER,
            base=first,
            merges=second,
            writer=author if author != kept.author else None,
            reason=MERGED,
        )
        return self.store.captions.submit(settled), both

    def _submit(self, writing: Writing, parents: Sequence[Revision]) -> Revision:
        """Write a text on top of all heads of its line, of which there are several only where they say the same."""
        first, *others = (each.id for each in parents) if parents else (None,)
        second = others.pop(0) if others else None
        revision = self.store.captions.submit(replace(writing, base=first, merges=second))
        for other in others:
            revision = self.store.captions.submit(replace(writing, base=revision.id, merges=other))
        return revision

    def _write(self, page: Page, content: bytes) -> os.stat_result:
        """Write the file, where a link leads to if it is one, with the rights it had."""
        entry = page.place.entry
        path = inside(self.root, page.place.path) if entry is None else entry.real
        rights = None if entry is None else path.stat().st_mode & 0o777
        with replacing(path) as part:
            part.write_bytes(content)
        if rights is not None:
            path.chmod(rights)
        return path.stat()

    def _tell_ingest(self, page: Page, status: os.stat_result | None) -> None:
        """Let the next ingest pass over a file whose words the store has by now."""
        source, entry = self.known.sources.get(page.place.path), page.place.entry
        if source is None or entry is None or source.reason is not None:
            return
        size, mtime_ns = (status.st_size, status.st_mtime_ns) if status else (entry.size, entry.mtime_ns)
        if (source.size, source.mtime_ns) != (size, mtime_ns):
            self.store.pictures.save_source(replace(source, size=size, mtime_ns=mtime_ns))


def needs_work(page: Page, merge_words: bool = False) -> bool:
    """Whether anything is to be written because of a page."""
    return any(
        item.verdict in (Verdict.TAKE, Verdict.GIVE, Verdict.AGREED)
        or (item.verdict is Verdict.CONFLICT and _is_to_do(item, merge_words))
        for item in page.items
    )


def offer(item: Item) -> str | None:
    """The words of both sides put together, where they changed different ones; None where that is not clear.

    Where the file's text stands beside the store's already, both are taken as they stand there.
    """
    ends = [each.text for each in item.competing]
    base = item.base
    if item.competing:
        is_one_line = len({each.line for each in item.competing}) == 1
        if len(ends) != 2 or not is_one_line or not any(_says(each, item.file) for each in item.competing):
            return None
        base = fork(item.competing, item.record.revisions)
    elif item.chosen is not None and item.file is not None:
        ends = [item.chosen.text, item.file]
    if base is None or len(ends) != 2 or any(each.state == "withdrawn" for each in item.competing):
        return None
    return merged(base.text.rstrip("\n"), ends[0].rstrip("\n"), ends[1].rstrip("\n"))


def _is_to_do(item: Item, merge_words: bool) -> bool:
    """Whether a competing text is not in the store yet, or is to be merged now."""
    if item.file is None:
        return False
    is_kept = any(_says(each, item.file) for each in (item.base, *item.competing))
    return not is_kept or (merge_words and offer(item) is not None)


def _says(revision: Revision | None, text: str | None) -> bool:
    return revision is not None and same_words(revision.text, text)


def _content(page: Page) -> bytes | None:
    """What the file holds now."""
    assert page.place.entry is not None
    try:
        return read(page.place.entry, MAX_CAPTION_BYTES)
    except Refused:
        return None
