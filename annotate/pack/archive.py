"""The file of a pack: a zip written with the same bytes for the same content, and read as something a stranger made.

Nothing is extracted by the names that stand in it: only known names are read, each into memory, no further than its
limit, and compared with its sha256. What the files mean is not known here.
"""

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from annotate.pack.form import FORMAT, Entry, Manifest, parse
from curator.errors import InputError
from curator.files import replacing

MANIFEST, CONTENTS, WORK, GUIDE = "manifest.json", "contents.json", "work.json", "guide.md"
PICTURE = re.compile(r"pictures/[0-9a-f]{64}")
MAX_JSON_BYTES = 256 << 20
MAX_GUIDE_BYTES = 1 << 20
MAX_PICTURE_BYTES = 256 << 20
MAX_FILES = 200_000
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can say; the real one would make the bytes differ."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, UnicodeDecodeError)
"""What zipfile raises for bytes that are no whole archive, for encrypted ones and for methods it does not know."""


@dataclass(frozen=True)
class Archive:
    """A pack that was read and compared with its manifest; pictures are read again when they are asked for."""

    path: Path
    manifest: Manifest
    files: Mapping[str, bytes]
    """Name → content, without pictures and manifest."""
    pictures: tuple[str, ...]
    """Hashes of the pictures' bytes, ordered."""

    def picture(self, name: str) -> bytes:
        """The bytes of a picture, compared with their hash. Raises InputError."""
        with _opened(self.path) as source:
            return _read(self.path, source, picture_name(name), name)


def picture_name(sha256: str) -> str:
    """The name of a picture in the archive."""
    return f"pictures/{sha256}"


def read_archive(path: Path) -> Archive:
    """A pack, every byte of it compared with its manifest.

    Raises InputError for a file that is no pack, is damaged or was changed, holds names or sizes that no pack has, or
    was made by a newer version.
    """
    with _opened(path) as source:
        names = _checked_names(path, source)
        raw = _read(path, source, MANIFEST, None)
        _check_format(path, raw)
        manifest = parse(Manifest, raw, f"{path}: {MANIFEST}")
        if names != {MANIFEST, *manifest.entries}:
            odd = sorted(names ^ {MANIFEST, *manifest.entries})[0]
            raise _damaged(path, f"{odd!r} stands in the archive or in its manifest, but not in both")
        files = {}
        for name, entry in manifest.entries.items():
            content = _read(path, source, name, entry.sha256)
            if not PICTURE.fullmatch(name):
                files[name] = content
    if not {CONTENTS, WORK, GUIDE} <= files.keys():
        raise _damaged(path, "a part of it is missing")
    return Archive(path, manifest, files, tuple(name.partition("/")[2] for name in names if PICTURE.fullmatch(name)))


class Sheaf:
    """A pack that is being written."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        self._target = target
        self.entries: dict[str, Entry] = {}
        """What the manifest has to say of the files so far."""

    def add(self, name: str, content: bytes) -> None:
        """Add a file; one that is there already is left as it is."""
        if name in self.entries:
            return
        info = zipfile.ZipInfo(name, EPOCH)
        info.create_system, info.external_attr = 3, 0o644 << 16
        info.compress_type = zipfile.ZIP_STORED if PICTURE.fullmatch(name) else zipfile.ZIP_DEFLATED
        self._target.writestr(info, content)
        self.entries[name] = Entry(sha256=_sha256(content), size=len(content))


@contextmanager
def new_archive(path: Path) -> Iterator[Sheaf]:
    """A pack to be filled, the manifest last; it takes its place whole, after it was read once more, or not at all."""
    with replacing(path) as part:
        with zipfile.ZipFile(part, "w") as target:
            yield Sheaf(target)
        read_archive(part)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file", hint="make a pack with annotate pack --as MEMBER") from error
    except (*BROKEN, OSError) as error:
        raise _damaged(path, f"it is no pack: {error}") from error


def _checked_names(path: Path, source: zipfile.ZipFile) -> set[str]:
    """The names of the archive, none of them twice, all of them such as a pack has, none larger than it may be."""
    listed = source.infolist()
    names = {info.filename for info in listed}
    if len(names) != len(listed):
        raise _damaged(path, "a name stands in it twice")
    if len(listed) > MAX_FILES:
        raise _damaged(path, f"{len(listed):,} files; at most {MAX_FILES:,} are accepted")
    for info in listed:
        limit = _limit(info.filename)
        if limit is None:
            raise _damaged(path, f"{info.filename!r} is no name that a pack has")
        if info.file_size > limit:
            raise _damaged(path, f"{info.filename!r} has {info.file_size:,} bytes; at most {limit:,} are accepted")
        if PICTURE.fullmatch(info.filename) and info.compress_type != zipfile.ZIP_STORED:
            raise _damaged(path, f"{info.filename!r} is compressed, which pictures of a pack are not")
    if sum(info.compress_size for info in listed) > path.stat().st_size:
        raise _damaged(path, "its files lie over each other")
    if MANIFEST not in names:
        raise _damaged(path, f"it is no pack: {MANIFEST} is missing")
    return names


def _limit(name: str) -> int | None:
    if PICTURE.fullmatch(name):
        return MAX_PICTURE_BYTES
    return {MANIFEST: MAX_JSON_BYTES, CONTENTS: MAX_JSON_BYTES, WORK: MAX_JSON_BYTES, GUIDE: MAX_GUIDE_BYTES}.get(name)


def _read(path: Path, source: zipfile.ZipFile, name: str, sha256: str | None) -> bytes:
    """A file of the archive, no more of it than is allowed, whatever its header says. `sha256` None: not compared."""
    limit = _limit(name) or 0
    try:
        with source.open(name) as file:
            content = file.read(limit + 1)
    except (*BROKEN, OSError, KeyError) as error:
        raise _damaged(path, f"{name!r} cannot be read: {error}") from error
    if len(content) > limit:
        raise _damaged(path, f"{name!r} has more than {limit:,} bytes")
    if sha256 is not None and _sha256(content) != sha256:
        raise _damaged(path, f"{name!r} does not hold what was written there")
    return content


def _check_format(path: Path, manifest: bytes) -> None:
    """Say that a newer version made it, before complaining of what only that version knows."""
    found = re.search(rb'"format":\s*(\d{1,9})\b', manifest)
    if found and int(found[1]) > FORMAT:
        raise InputError(
            f"{path} has format {int(found[1])}; this version reads {FORMAT}", hint="pip install -U glide-curator"
        )


def _damaged(path: Path, what: str) -> InputError:
    return InputError(
        f"{path}: {what}",
        hint="get the file again from where it came; work done in it also lies where it was opened:"
        " annotate pack --close FILE writes it anew",
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
