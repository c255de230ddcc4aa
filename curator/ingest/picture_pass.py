"""The first half of an ingest: picture files become images, blobs and sources."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from curator.blobs import Blobs
from curator.ingest.known import Known
from curator.ingest.layout import Picture
from curator.ingest.pictures import examine
from curator.ingest.request import Request
from curator.ingest.scan import Entry, read
from curator.ingest.sniff import OTHER_PICTURES, check_type
from curator.ingest.summary import Summary
from curator.ingest.verdict import MAX_PICTURE_BYTES, Refused
from curator.record import Image, Source
from curator.store import Store

REPLACED = "its file holds another picture now"
"""Why ingest excludes a picture. It comes back when a file holds it again."""


@dataclass(frozen=True)
class Looked:
    """A picture file that was read, or could not be: an image or a reason."""

    entry: Entry
    image: Image | None = None
    reason: str | None = None


@dataclass(frozen=True)
class PicturePass:
    """One pass over the picture files of a folder."""

    store: Store
    blobs: Blobs
    request: Request
    root: str
    known: Known
    summary: Summary

    def to_read(self, pictures: Iterable[Picture]) -> list[Picture]:
        """The pictures whose files are new or changed."""
        return [picture for picture in pictures if self.known.unchanged(self.root, picture.entry) is None]

    def run(self, pictures: Sequence[Picture]) -> Iterator[str]:
        """Read the files and store what they hold, a batch a transaction; yields each path once it was read."""
        for start in range(0, len(pictures), self.request.batch):
            looked = []
            for picture in pictures[start : start + self.request.batch]:
                looked.append(self._look(picture))
                yield picture.entry.path
            with self.store.write():
                for each in looked:
                    self._keep(each)

    def finish(self, pictures: Sequence[Picture]) -> dict[str, str]:
        """Bring descriptions and status up to date and return path → image id of every picture that is one."""
        ids = {
            picture.entry.path: source.image
            for picture in pictures
            if (source := self.known.sources[self.root, picture.entry.path]).image is not None
        }
        files: dict[str, list[Picture]] = {}
        for picture in pictures:
            if picture.entry.path in ids:
                files.setdefault(ids[picture.entry.path], []).append(picture)
        fresh = set(self.summary.new_images)
        with self.store.write():
            for image, same in files.items():
                self._describe(self.known.images[image], same, fresh)
            self._exclude_replaced()
        self.summary.pictures = len(files)
        self.summary.same_bytes = [[each.entry.path for each in same] for same in files.values() if len(same) > 1]
        return ids

    def _look(self, picture: Picture) -> Looked:
        entry = picture.entry
        try:
            return Looked(entry, self._image(picture))
        except Refused as refusal:
            return Looked(entry, reason=refusal.reason)

    def _image(self, picture: Picture) -> Image:
        """The image in a file, its blob stored. Raises Refused."""
        entry = picture.entry
        if entry.problem is None and entry.suffix in OTHER_PICTURES:
            raise Refused(f"not accepted: {entry.suffix} pictures; save it as JPEG or PNG")
        content = read(entry, MAX_PICTURE_BYTES)
        self.summary.read += 1
        name = hashlib.sha256(content).hexdigest()
        image = self.known.images.get(name)
        if image is not None and (self.request.dry_run or self.blobs.has(image.blob)):
            check_type(content, entry.suffix)
            return image
        kept = examine(content, entry.suffix)
        blob = hashlib.sha256(kept.content).hexdigest()
        if not self.request.dry_run:
            self.blobs.put(kept.content)
        return Image(name, blob, kept.width, kept.height, kept.format, changes=kept.changes)

    def _keep(self, looked: Looked) -> None:
        entry, place = looked.entry, (self.root, looked.entry.path)
        before = self.known.sources.get(place)
        # A file that went bad keeps the picture that was read from it: that one lies safe in blobs.
        image = looked.image.id if looked.image else (before.image if before else None)
        source = Source(self.root, entry.path, "image", entry.size, entry.mtime_ns, image, reason=looked.reason)
        if looked.image is not None and looked.image.id not in self.known.images:
            self.known.images[looked.image.id] = looked.image
            self.summary.new_images.append(looked.image.id)
            self.summary.note_changes(looked.image.changes)
            if not self.request.dry_run:
                self.store.pictures.add(looked.image)
        if source != before and not self.request.dry_run:
            self.store.pictures.save_source(source)
        if before is not None and before.image not in (None, image):
            self.summary.replaced.append(entry.path)
        self.known.sources[place] = source

    def _describe(self, image: Image, files: Sequence[Picture], fresh: Collection[str]) -> None:
        """Subject, licence and origin: what the table says, else what was known, else what is said in general."""
        values = {
            "subject": _first(each.subject for each in files)
            or image.subject
            or _first(each.folder_subject for each in files),
            "licence": _first(each.licence for each in files) or image.licence or self.request.licence,
            "origin": _first(each.origin for each in files) or image.origin,
        }
        if values == {key: getattr(image, key) for key in values}:
            return
        if image.id not in fresh:
            self.summary.described += 1
        if not self.request.dry_run:
            self.store.pictures.describe(image.id, **values)

    def _exclude_replaced(self) -> None:
        """A picture that no file holds any more leaves the set; with its captions, it stays in the store."""
        held = {source.image for source in self.known.sources.values() if source.kind == "image"}
        for image in self.known.images.values():
            if image.status == "ok" and image.id not in held:
                changed = replace(image, status="excluded", reason=REPLACED)
            elif image.status == "excluded" and image.reason == REPLACED and image.id in held:
                changed = replace(image, status="ok", reason=None)
            else:
                continue
            if not self.request.dry_run:
                self.store.pictures.describe(image.id, status=changed.status, reason=changed.reason)


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value is not None), None)
