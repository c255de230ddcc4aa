"""Holding a folder for one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from curator.errors import InputError

LOCK = ".lock"
"""The file in the folder that says so."""


@contextmanager
def held(folder: Path, called: str) -> Iterator[None]:
    """Hold `folder` for this process alone. Raises InputError about what is `called` so where another one holds it."""
    try:
        with FileLock(folder / LOCK, timeout=0):
            yield
    except Timeout as error:
        raise InputError(f"{called} is in use by another process", hint="wait for it, or stop it") from error
