"""What lies in a folder, without opening a file; and the one function that opens one.

Links are resolved and must stay inside the folder; pipes, sockets and devices are recognised and never opened.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from curator.errors import InputError
from curator.ingest.sniff import FORMATS, OTHER_PICTURES
from curator.ingest.verdict import Refused

Kind = Literal["image", "caption", "other"]
CAPTION_SUFFIX = ".txt"
LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db", "$recycle.bin"})
"""What operating systems leave in folders, in lower case; hidden files are passed over too."""
UNREADABLE = "unreadable"
"""Kind of reason for what the system would not let us read. It is tried again every time."""
NOT_FILES = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Entry:
    """A file as the folder shows it."""

    path: str
    """Below the folder, with forward slashes. Bytes that are no UTF-8 stand as `\\xNN`."""
    kind: Kind
    real: Path
    """What to open: the target, where the file is a link."""
    size: int = 0
    mtime_ns: int = 0
    problem: str | None = None
    """Why it must not be opened."""

    @property
    def suffix(self) -> str:
        return os.path.splitext(self.path)[1].lower()


def scan(folder: Path, passed_over: Callable[[Path], bool] = lambda _path: False) -> list[Entry]:
    """Every file below `folder`, ordered by path; hidden files, litter and what `passed_over` names are left out.

    Raises InputError where `folder` is not a folder that can be read.
    """
    root = _root(folder)
    found: list[Entry] = []
    waiting = [root]
    while waiting:
        here = waiting.pop()
        for item in _listed(here, root, found):
            path = Path(item.path)
            if item.name.startswith(".") or item.name.lower() in LITTER or passed_over(path):
                continue
            if item.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                found.extend(_entry(path, root))
    return sorted(found, key=lambda entry: entry.path)


def read(entry: Entry, limit_bytes: int) -> bytes:
    """The bytes of a file. Raises Refused where it is too large, not a file, or cannot be read.

    It is opened without following links and without waiting, and looked at again once open, because it may have
    been exchanged since the scan.
    """
    if entry.problem is not None:
        raise Refused(entry.problem)
    too_large = f"too large: more than {limit_bytes:,} bytes"
    if entry.size > limit_bytes:
        raise Refused(too_large)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(entry.real, flags)
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Refused("not a file: it was exchanged while it was read")
            content = file.read(limit_bytes + 1)
    except OSError as error:
        raise Refused(f"{UNREADABLE}: {error.strerror or error}") from error
    if len(content) > limit_bytes:
        raise Refused(too_large)
    return content


def _root(folder: Path) -> Path:
    try:
        root = folder.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise InputError(f"{folder}: no such folder", hint="name the folder that holds the pictures") from error
    if not root.is_dir():
        raise InputError(f"{folder} is not a folder", hint="name the folder that holds the pictures")
    try:
        os.scandir(root).close()
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}") from error
    return root


def _listed(here: Path, root: Path, found: list[Entry]) -> Iterator[os.DirEntry[str]]:
    """What a folder holds. One that cannot be read becomes an entry of its own."""
    try:
        with os.scandir(here) as items:
            yield from list(items)
    except OSError as error:
        found.append(Entry(_below(here, root), "image", here, problem=f"{UNREADABLE}: {error.strerror or error}"))


def _entry(path: Path, root: Path) -> Iterator[Entry]:
    """The entry of what is not a folder; none for a link to a folder inside, whose files are read in their place."""
    name, kind = _below(path, root), _kind(path)
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            yield from _link(path, root, name, kind, status)
            return
    except OSError as error:
        yield Entry(name, kind, path, problem=f"{UNREADABLE}: {error.strerror or error}")
        return
    yield _file(name, kind, path, status)


def _link(path: Path, root: Path, name: str, kind: Kind, status: os.stat_result) -> Iterator[Entry]:
    def refused(reason: str, listed_as: Kind = kind) -> Entry:
        return Entry(name, listed_as, path, mtime_ns=status.st_mtime_ns, problem=f"link: {reason}")

    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # Python before 3.13 raises RuntimeError for a loop
        loop = not isinstance(error, OSError) or error.errno == errno.ELOOP
        yield refused("it leads round in a loop" if loop else "it leads nowhere")
        return
    if not target.is_relative_to(root):
        yield refused("it leads out of the folder", "image" if target.is_dir() else kind)
    elif not target.is_dir():
        yield _file(name, kind, target, target.stat())


def _file(name: str, kind: Kind, real: Path, status: os.stat_result) -> Entry:
    problem = next((f"not a file: {word}" for test, word in NOT_FILES if test(status.st_mode)), None)
    return Entry(name, kind, real, 0 if problem else status.st_size, status.st_mtime_ns, problem)


def _kind(path: Path) -> Kind:
    suffix = path.suffix.lower()
    if suffix == CAPTION_SUFFIX:
        return "caption"
    return "image" if suffix in FORMATS or suffix in OTHER_PICTURES else "other"


def _below(path: Path, root: Path) -> str:
    """The path below `root` in characters that every store takes: a name on disk may be any bytes."""
    return os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "backslashreplace")
