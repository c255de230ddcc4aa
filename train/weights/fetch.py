"""Released weights from the network: what arrives is kept only if it opens as the model that was asked for."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock

from curator import console
from curator.errors import InputError, ServiceError
from curator.fetch import Patience, Progress, download
from train.glide.released import Released, find
from train.weights.inventory import problem_of

ORIGIN = "https://openaipublic.blob.core.windows.net/diffusion/dec-2021"
"""The folder that OpenAI published the files in."""
MEGABYTE = 1_000_000


def fetch(wanted: Released, folder: Path, origin: str = ORIGIN, patience: Patience | None = None) -> Path:
    """The file of `wanted` in `folder`, fetched from the web folder `origin` unless it is there already.

    Its keys and shapes are checked against the model's in any case, and its sha256 against the one recorded at the
    first download where it is the file as published; a converted one has none recorded. What arrives and is something
    else is removed again. Of several processes one fetches, the others wait.
    Raises ServiceError for what the server is to blame for, InputError where a file was wrong before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f".{wanted.file}.fetch.lock"):
        before = find(wanted, folder)
        path = before or folder / wanted.file
        url = f"{origin.rstrip('/')}/{wanted.file}"
        if path.name == wanted.file:
            with _shown(wanted.file) as progress:
                download(url, path, progress=progress, patience=patience)
        if problem := problem_of(wanted, path):
            if before:
                raise InputError(f"{path}: {problem}", hint=f"move it away and run `train weights fetch {wanted.name}`")
            path.unlink()
            path.with_name(f"{path.name}.sha256").unlink(missing_ok=True)
            raise ServiceError(f"{url}: {problem}", hint="nothing was kept; check the address of the mirror")
    return path


@contextmanager
def _shown(label: str) -> Iterator[Progress]:
    """A bar in megabytes that appears with the first bytes, when the server has said how many will come."""
    with ExitStack() as stack:
        tracker: console.Tracker | None = None
        before = 0

        def moved(now: int, total: int | None) -> None:
            nonlocal tracker, before
            if tracker is None:
                megabytes = None if total is None else total / MEGABYTE
                tracker = stack.enter_context(console.bar(f"{label} (MB)", megabytes, now / MEGABYTE))
            else:
                tracker.advance((now - before) / MEGABYTE)
            before = now

        yield moved
