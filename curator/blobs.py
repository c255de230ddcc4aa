"""The pictures' bytes, kept under the sha256 of what they hold; the seam behind which another place can stand."""

import hashlib
import io
import re
from pathlib import Path
from typing import BinaryIO

from curator.errors import StoreError
from curator.files import sha256_file, write_bytes

ID = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """A folder of files named for the sha256 of their bytes, in 256 sub-folders named for its first two digits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep `content` and return its sha256. What is there already is checked, and written again if damaged."""
        blob = hashlib.sha256(content).hexdigest()
        path = self.path(blob)
        if not path.is_file() or sha256_file(path) != blob:
            write_bytes(path, content)
        return blob

    def path(self, blob: str) -> Path:
        """Where a blob lies, or would lie. Raises ValueError for what is no sha256 in lower-case hexadecimal."""
        if not ID.fullmatch(blob):
            raise ValueError(f"{blob!r} is not a sha256")
        return self.folder / blob[:2] / blob

    def has(self, blob: str) -> bool:
        """Whether a blob is there; its bytes are not looked at."""
        return self.path(blob).is_file()

    def read(self, blob: str) -> bytes:
        """The bytes of a blob, checked. Raises StoreError where it is missing or damaged."""
        path = self.path(blob)
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise StoreError(f"picture {blob[:12]} is missing: no file {path}", hint=_RESTORE) from error
        if hashlib.sha256(content).hexdigest() != blob:
            raise StoreError(f"picture {blob[:12]} is damaged: {path} does not hold what was put there", hint=_RESTORE)
        return content

    def open(self, blob: str) -> BinaryIO:
        """The bytes of a blob as a file, checked before the first is read."""
        return io.BytesIO(self.read(blob))


_RESTORE = "restore the file from a backup; or delete it, touch the picture's own file, and run `curator ingest` again"
