"""A bounded folder of small files that can be made anew at any time: what is damaged or missing is simply not there.

It lies outside the workspace, in the cache folder of whoever runs the program, and is readable by them only, as the
pictures may be private. Several processes may share it.
"""

import hashlib
import os
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

LIMIT_BYTES = 256 * 1024 * 1024
"""About 2,500 thumbnails."""

KEEP = 0.9
"""After tidying, this much of the limit is used, so that not every new file makes the folder be looked through."""

LOOK_EVERY = 32
"""Other processes put files here too: after so many files of its own, a process looks what there is."""

LEFT_BEHIND_S = 3600.0
"""A part file of this age belongs to a process that was killed."""

CHECK_BYTES = hashlib.sha256().digest_size


def thumbnails() -> "Shelf":
    """The shelf that the captioning tools share."""
    return Shelf(user_cache_path("glide-curator", appauthor=False) / "thumbnails")


class Shelf:
    """Files by key, written whole or not at all, the ones used longest ago removed first. Safe in several threads."""

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._used = 0
        self._until_look = 0

    def get(self, key: str) -> bytes | None:
        """What was put under `key`, or None where it is not there, not readable or not as it was put."""
        path = self._path(key)
        try:
            kept = path.read_bytes()
            content = kept[CHECK_BYTES:]
            if hashlib.sha256(content).digest() == kept[:CHECK_BYTES]:
                os.utime(path)  # used just now
                return content
            path.unlink(missing_ok=True)
        except OSError:
            return None
        return None

    def put(self, key: str, content: bytes) -> bool:
        """Keep `content`; False where the folder takes nothing (read-only, full) or the content is past the limit."""
        size = CHECK_BYTES + len(content)
        if size > self.limit_bytes:
            return False
        part = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, part = tempfile.mkstemp(suffix=".part", dir=self.folder)
            with open(handle, "wb") as file:
                file.write(hashlib.sha256(content).digest() + content)
            os.replace(part, self._path(key))  # no flush to disk: half a file is found out when it is read
        except OSError:
            if part is not None:
                with suppress(OSError):
                    os.unlink(part)
            return False
        self._count(size)
        return True

    def writable(self) -> bool:
        """Whether a file can be put here now."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=self.folder):
                return True
        except OSError:
            return False

    def tidy(self) -> None:
        """Remove what was used longest ago until the folder is well within its limit."""
        found = self._found()
        used = sum(size for _, size, _ in found)
        if used > self.limit_bytes:
            for _, size, path in sorted(found):
                if used <= KEEP * self.limit_bytes:
                    break
                with suppress(OSError):  # another process was faster
                    os.unlink(path)
                used -= size
        self._used, self._until_look = used, LOOK_EVERY

    def _count(self, size: int) -> None:
        with self._lock:
            self._used += size
            self._until_look -= 1
            if self._until_look < 0 or self._used > self.limit_bytes:
                self.tidy()

    def _found(self) -> list[tuple[float, int, str]]:
        """(last use, bytes, path) of every file; what a killed process left behind is removed."""
        found = []
        now = time.time()
        with suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    if entry.name.endswith(".part") and now - status.st_mtime > LEFT_BEHIND_S:
                        os.unlink(entry.path)
                    else:
                        found.append((status.st_mtime, status.st_size, entry.path))
        return found

    def _path(self, key: str) -> Path:
        return self.folder / hashlib.sha256(key.encode()).hexdigest()
