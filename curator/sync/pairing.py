"""Which caption file belongs to which picture of the store, by the rules that ingest pairs files with.

Pictures may lie in the folder, beside the captions or in images/, or not at all: a repository of texts alone is paired
with the names under which the pictures were ingested.
"""

import hashlib
import posixpath
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from curator.errors import InputError
from curator.ingest.layout import CAPTIONS, IMAGES, Picture, arrange
from curator.ingest.scan import CAPTION_SUFFIX, Entry, read
from curator.ingest.verdict import MAX_PICTURE_BYTES, Refused
from curator.record import Source


@dataclass(frozen=True)
class Place:
    """A caption file that is there, or the place for one."""

    path: str
    """Below the folder, with forward slashes."""
    image: str
    entry: Entry | None
    """None where there is no file yet."""


@dataclass
class Pairing:
    """A folder, understood."""

    places: list[Place] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Caption file → why it is passed over."""
    not_ingested: list[str] = field(default_factory=list)
    """Pictures that the store does not know."""
    without_picture: list[str] = field(default_factory=list)
    """Caption files that belong to no picture, or could belong to several."""


def pair(root: Path, entries: Sequence[Entry], sources: Collection[Source], images: Mapping[str, bool]) -> Pairing:
    """Pair the files of the folder `root` with the pictures of the store: id → whether the picture is in the set.

    Raises InputError where neither a picture nor a caption of the set is among them.
    """
    found = Pairing()
    for entry in entries:
        if entry.kind == "caption" and entry.problem is not None:
            found.refused[entry.path] = entry.problem
    texts = [entry for entry in entries if entry.kind == "caption" and entry.problem is None]
    pictures = [entry for entry in entries if entry.kind == "image" and entry.problem is None]
    taken = {entry.path for entry in entries}
    ids = _ids(root, pictures, sources)
    is_parallel = not texts or any(CAPTIONS in text.path.split("/")[:-1] for text in texts)
    here = arrange([*pictures, *texts])
    for picture in here.pictures:
        image = ids.get(picture.entry.path, "")
        if image not in images:
            found.not_ingested.append(picture.entry.path)
        elif images[image]:
            _place(found, picture, image, taken, is_parallel)
    left = set(here.captions_without_picture)
    names = _names(sources, images, taken)
    virtual = [Entry(path, "image", root / path) for path in names]
    away = arrange([*virtual, *(text for text in texts if text.path in left)])
    for picture in away.pictures:
        if picture.captions or (not pictures and any(each.captions for each in away.pictures)):
            _place(found, picture, names[picture.entry.path], taken, is_parallel)
    ambiguous = [each for each in left if each not in {text.path for text in texts}]
    found.without_picture = sorted([*ambiguous, *away.captions_without_picture])
    if not found.places and not found.not_ingested:
        raise InputError(f"{root} holds neither pictures nor captions of this set", hint="curator ingest FOLDER first")
    found.places.sort(key=lambda place: place.path)
    return found


def _place(found: Pairing, picture: Picture, image: str, taken: Collection[str], is_parallel: bool) -> None:
    captions = picture.captions
    if len(captions) > 1:
        both = ", ".join(entry.path for entry in captions)
        for entry in captions:
            found.refused[entry.path] = f"two files: {both} are captions of one picture; keep one of them"
    elif captions:
        found.places.append(Place(captions[0].path, image, captions[0]))
    elif (path := _new_path(picture.entry.path, taken, is_parallel)) is not None:
        found.places.append(Place(path, image, None))


def _new_path(picture: str, taken: Collection[str], is_parallel: bool) -> str | None:
    """Where a picture's caption file is to be made: in captions/ where that is the folder's way, else beside it.

    None where the place is taken by a file that was passed over.
    """
    stem = posixpath.splitext(picture)[0]
    parts = stem.split("/")
    beside = [
        "/".join((*parts[:index], CAPTIONS, *parts[index + 1 :]))
        for index, part in enumerate(parts[:-1])
        if part == IMAGES and is_parallel
    ]
    others = [each for each in taken if each != picture and posixpath.splitext(each)[0] == stem]
    name = (beside[-1] if beside else picture if others else stem) + CAPTION_SUFFIX
    return None if name in taken else name


def _ids(root: Path, pictures: Sequence[Entry], sources: Collection[Source]) -> dict[str, str]:
    """Path of each picture file → the id of its picture. A file as ingest left it is not read again."""
    known = {each.path: each for each in sources if each.root == str(root) and each.kind == "image"}
    ids = {}
    for entry in pictures:
        source = known.get(entry.path)
        if source and source.image and (source.size, source.mtime_ns) == (entry.size, entry.mtime_ns):
            ids[entry.path] = source.image
            continue
        try:
            ids[entry.path] = hashlib.sha256(read(entry, MAX_PICTURE_BYTES)).hexdigest()
        except Refused:
            continue
    return ids


def _names(sources: Collection[Source], images: Mapping[str, bool], taken: Collection[str]) -> Mapping[str, str]:
    """Path under which a picture was ingested → its id, for paths that mean one picture and are not in the folder."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    for source in sources:
        if source.kind == "image" and source.image and images.get(source.image) and source.path not in taken:
            meant[source.path].add(source.image)
    return {path: next(iter(ids)) for path, ids in sorted(meant.items()) if len(ids) == 1}
