"""Files from the network: fetched whole, checked, resumed where a connection broke, and by one process at a time.

Beside the file NAME lie NAME.sha256 (its checksum, recorded at the first download and checked ever after) and, while
it is under way, NAME.part with NAME.part.json (what a later attempt needs to go on).
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from filelock import FileLock

from curator.errors import InputError, ServiceError
from curator.files import sha256_file, sync_folder, write_json, write_text

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are there so far and, where the server says so, how many there will be."""

TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP statuses after which the same request may work a moment later."""


@dataclass(frozen=True)
class Patience:
    """How long a download tries."""

    timeout_s: float = 30
    """Longest silence of the server, in seconds."""
    waits_s: tuple[float, ...] = (0.2, 0.5, 1, 2)
    """Pauses before each further attempt, in seconds; their number bounds the attempts."""


@dataclass(frozen=True)
class _Job:
    """One file to fetch, and what must be true of it."""

    url: httpx.URL
    to: Path
    sha256: str | None
    length: int | None
    progress: Progress | None
    timeout_s: float

    @property
    def part(self) -> Path:
        return self.to.with_name(f"{self.to.name}.part")

    @property
    def notes(self) -> Path:
        return self.to.with_name(f"{self.to.name}.part.json")

    @property
    def shown(self) -> str:
        """The address without a user name or password in it."""
        return str(self.url.copy_with(userinfo=b""))

    def failure(self, why: str, hint: str = "check the address and the network, then run it again") -> ServiceError:
        return ServiceError(f"{self.shown}: {why}", hint=hint)


class _Broken(Exception):
    """This attempt failed in a way that another one may not; the message says how."""


def download(
    url: str,
    to: Path,
    *,
    sha256: str | None = None,
    length: int | None = None,
    progress: Progress | None = None,
    patience: Patience | None = None,
) -> Path:
    """Fetch `url` into the file `to` and return `to`; nothing is fetched if it is there and as recorded.

    `sha256` (hexadecimal) and `length` (bytes) are what the file must have. Without `sha256` the one recorded beside
    the file holds, and the first download records it. A break in the middle is resumed, in this call and by the next.

    Raises ServiceError if the server cannot be reached, answers with an error or a web page, or sends something else
    than is expected (nothing of that is kept); InputError if `url` is no web address or the file at `to` differs.
    """
    patience = patience or Patience()
    address = _checked_url(url)
    sidecar = _sidecar(to)
    to.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(to.with_name(f".{to.name}.lock")):
        expected = sha256.lower() if sha256 else recorded_sha256(to)
        job = _Job(address, to, expected, length, progress, patience.timeout_s)
        if to.exists():
            found = _check_present(job, sidecar)
        else:
            found = _fetch(job, patience)
            _record(sidecar, found, to)
            _settle(job)
        if recorded_sha256(to) != found:
            _record(sidecar, found, to)
    return to


def _checked_url(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InputError(f"{url!r} is not a web address: {error}", hint="give one that starts with https://") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise InputError(f"{url!r} is not a web address", hint="give one that starts with https://")
    return address


def _check_present(job: _Job, sidecar: Path) -> str:
    """The sha256 of the file that is there already; InputError if it is not the one expected."""
    found = sha256_file(job.to)
    size = job.to.stat().st_size
    if job.sha256 not in (None, found):
        raise InputError(
            f"{job.to}: its sha256 is {found}, expected {job.sha256}",
            hint=f"the file was damaged or replaced: delete it and {sidecar.name} to fetch it again",
        )
    if job.length not in (None, size):
        raise InputError(f"{job.to}: {size} bytes, expected {job.length}", hint="delete it to fetch it again")
    return found


def _fetch(job: _Job, patience: Patience) -> str:
    """Fill job.part until it is complete and as expected; return its sha256."""
    why = ""
    for wait_s in (0, *patience.waits_s):
        time.sleep(wait_s)
        resumed = _size(job.part) > 0
        try:
            _attempt(job)
        except _Broken as broken:
            why = str(broken)
            continue
        found = sha256_file(job.part)
        if job.sha256 in (None, found):
            return found
        _discard(job)
        why = f"the file that came has sha256 {found}, expected {job.sha256}"
        if not resumed:
            raise job.failure(why, hint="the file on the server has changed: do not use it unless you know why")
    attempts = f"attempts: {len(patience.waits_s) + 1}"
    kept = _size(job.part)
    if kept:
        raise job.failure(f"{why} ({attempts})", hint=f"{kept} bytes are kept: run it again to go on from there")
    raise job.failure(f"{why} ({attempts})")


def _attempt(job: _Job) -> None:
    """One request; afterwards job.part is complete in length. Raises _Broken, or ServiceError where it is hopeless."""
    start, headers = _resume_point(job)
    with _response(job, headers) as response:
        if response.status_code == 416:
            if response.headers.get("content-range", "").endswith(f"/{start}"):
                return  # the part was complete already
            _discard(job)
            raise _Broken("the server has nothing after the part fetched so far")
        if response.status_code == 200:
            start = 0
        elif response.status_code != 206 or _range_start(response) != start:
            raise _bad_status(job, response)
        total = _total(job, response, start)
        _note(job, response)
        with job.part.open("r+b" if start else "wb") as file:
            file.seek(start)
            file.truncate()
            done = _receive(job, response, file.write, start, total)
            file.flush()
            os.fsync(file.fileno())
    if total is not None and done != total:
        raise _Broken(f"the connection broke off after {done} of {total} bytes")


def _receive(
    job: _Job, response: httpx.Response, write: Callable[[bytes], object], done: int, total: int | None
) -> int:
    """Write the body; return the bytes there are now. More than `total` is refused before it fills the disk."""
    for chunk in response.iter_raw():
        done += len(chunk)
        if total is not None and done > total:
            _discard(job)
            raise job.failure(f"the server sends more than the {total} bytes expected")
        write(chunk)
        if job.progress:
            job.progress(done, total)
    return done


@contextmanager
def _response(job: _Job, headers: dict[str, str]) -> Iterator[httpx.Response]:
    """The answer to a GET; what goes wrong on the way becomes _Broken."""
    headers = {"Accept-Encoding": "identity", "User-Agent": "glide-curator"} | headers
    try:
        with httpx.stream("GET", job.url, headers=headers, follow_redirects=True, timeout=job.timeout_s) as response:
            yield response
    except httpx.ConnectError as error:
        raise _Broken(f"{job.url.host} cannot be reached: {error}") from error
    except httpx.TimeoutException as error:
        raise _Broken(f"no answer from {job.url.host} within {job.timeout_s:g} s") from error
    except httpx.TransportError as error:
        raise _Broken(f"the connection broke off: {error}") from error
    except httpx.TooManyRedirects as error:
        raise job.failure("the server redirects in a circle") from error


def _bad_status(job: _Job, response: httpx.Response) -> Exception:
    status = f"{response.status_code} {response.reason_phrase}".strip()
    if response.status_code in TRANSIENT:
        return _Broken(f"the server answers {status}")
    return job.failure(f"the server answers {status}")


def _total(job: _Job, response: httpx.Response, start: int) -> int | None:
    """How long the whole file will be, as announced; ServiceError if that or its type cannot be the file."""
    kind = response.headers.get("content-type", "")
    if kind.startswith("text/html") and job.to.suffix.lower() not in (".html", ".htm"):
        raise job.failure("the server sends a web page instead of a file")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise job.failure("the server sends the file in an encoding that was not asked for")
    announced = response.headers.get("content-length", "")
    total = start + int(announced) if announced.isdecimal() else None
    if job.length is not None and total not in (None, job.length):
        _discard(job)
        raise job.failure(f"the file on the server has {total} bytes, expected {job.length}")
    return total if job.length is None else job.length


def _range_start(response: httpx.Response) -> int | None:
    """The first byte's place in a partial answer: 5 for "bytes 5-9/10"."""
    first = response.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
    return int(first) if first.isdecimal() else None


def _resume_point(job: _Job) -> tuple[int, dict[str, str]]:
    """From which byte to go on, and the headers that ask for it.

    Two halves may be joined only if the file is known to be the same: by the server's validator, or by its sha256.
    """
    start = _size(job.part)
    try:
        notes = json.loads(job.notes.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0, {}
    validator = notes.get("validator")
    if not start or notes.get("url") != job.shown or not (validator or job.sha256):
        return 0, {}
    return start, {"Range": f"bytes={start}-"} | ({"If-Range": validator} if validator else {})


def _note(job: _Job, response: httpx.Response) -> None:
    """Keep what identifies this version of the file: a strong ETag, else the date of its last change."""
    etag = response.headers.get("etag", "")
    validator = etag if etag.startswith('"') else response.headers.get("last-modified")
    write_json(job.notes, {"url": job.shown, "validator": validator})


def recorded_sha256(file: Path) -> str | None:
    """The sha256 (64 hexadecimal digits in lower case) that `download` recorded beside `file`, None if it did not.

    Raises InputError if the record is unreadable.
    """
    sidecar = _sidecar(file)
    if not sidecar.exists():
        return None
    digest = sidecar.read_text(encoding="utf-8", errors="replace").partition(" ")[0].strip().lower()
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise InputError(f"{sidecar}: not a recorded sha256", hint="delete it to record the checksum anew")
    return digest


def _sidecar(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _record(sidecar: Path, digest: str, to: Path) -> None:
    """Write the sidecar in the form that `sha256sum --check` reads."""
    write_text(sidecar, f"{digest}  {to.name}\n")


def _settle(job: _Job) -> None:
    job.part.replace(job.to)
    sync_folder(job.to.parent)
    job.notes.unlink(missing_ok=True)


def _discard(job: _Job) -> None:
    job.part.unlink(missing_ok=True)
    job.notes.unlink(missing_ok=True)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
