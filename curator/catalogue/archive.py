"""Picture sets that come as one zip file with a folder per subject."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from platformdirs import user_cache_path

from curator import console
from curator.catalogue.item import Item
from curator.catalogue.known import Archive, KnownDataset
from curator.errors import InputError
from curator.fetch import download

PICTURES = (".jpg", ".jpeg", ".png", ".webp")
LARGEST_BYTES = 64 << 20
"""A picture that claims to be larger than this is not unpacked."""


def items(known: KnownDataset, archive: Archive, origin: str | None) -> Iterator[Item]:
    """The pictures in the archive, by subject and name, one at a time.

    `origin` is an address or a local file to take the archive from; the description's address if None.
    Raises ServiceError where it cannot be fetched, InputError where it is not what is expected.
    """
    path = _local(known, archive, origin)
    try:
        with zipfile.ZipFile(path) as content:
            members = _members(content, archive)
            if len(members) != known.counts.pictures:
                raise InputError(
                    f"{path}: {len(members)} pictures of {known.name}, expected {known.counts.pictures}",
                    hint=f"delete it; it should be the archive of {archive.url}",
                )
            for subject, member in console.progress(members, f"unpacking {known.name}"):
                name = PurePosixPath(member.filename).name
                place = f"{known.source} {archive.folder}/{subject}/{name}, by {archive.subjects[subject]}"
                yield Item(f"{subject}-{name}", content.read(member), subject, place)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:  # the latter two: unknown or encrypted
        raise InputError(f"{path}: not a readable zip file: {error}", hint="delete it and fetch it again") from error


def _local(known: KnownDataset, archive: Archive, origin: str | None) -> Path:
    """The archive as a file on this machine, fetched into this user's cache if need be."""
    if origin and not re.match("https?://", origin):
        if not Path(origin).is_file():
            raise InputError(f"{origin}: no such file", hint="name a zip file or an address that starts with https://")
        return Path(origin)
    to = user_cache_path("glide-curator", appauthor=False) / "downloads" / f"{known.name}.zip"
    with console.bar(f"fetching {known.name} (bytes)", archive.length) as tracker:
        done = 0

        def moved(now: int, total: int | None) -> None:
            nonlocal done
            tracker.advance(now - done)
            tracker.note(f"of {total}" if total else "")
            done = now

        return download(origin or archive.url, to, sha256=archive.sha256, length=archive.length, progress=moved)


def _members(content: zipfile.ZipFile, archive: Archive) -> list[tuple[str, zipfile.ZipInfo]]:
    """(subject, member) of all pictures, in an order that does not depend on the archive's."""
    found = []
    for member in content.infolist():
        parts = PurePosixPath(member.filename).parts
        inside = parts[1:-2] == PurePosixPath(archive.folder).parts and parts[-2] in archive.subjects
        if inside and PurePosixPath(member.filename).suffix.lower() in PICTURES and not member.is_dir():
            if member.file_size > LARGEST_BYTES:
                raise InputError(
                    f"{content.filename}: {member.filename} claims {member.file_size} bytes",
                    hint="this is not the archive that was published",
                )
            found.append((parts[-2], member))
    return sorted(found, key=lambda each: (each[0], each[1].filename))
