"""Opens a picture in the viewer of the system, from a read-only copy that is removed when the program ends."""

import atexit
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from curator.errors import ConfigError, ServiceError

SETTING = "CURATOR_VIEWER"

EARLY_S = 0.3
"""A viewer that cannot work mostly ends at once; the keyboard waits this long to be able to say so."""

EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "BMP": ".bmp", "TIFF": ".tif"}
LONGEST_NAME = 80


def show(content: bytes, format: str, name: str) -> Path:  # noqa: A002 as Pillow and the store name it
    """Open a picture file, of Pillow's `format`, in the viewer; returns the copy that the viewer was given.

    Raises ServiceError where there is no viewer or it does not start, ConfigError where CURATOR_VIEWER is no command.
    """
    line = command(os.environ)
    copy = _folder() / safe_name(name, format, hashlib.sha256(content).hexdigest()[:8])
    if not copy.exists():
        copy.write_bytes(content)
        copy.chmod(0o400)
    _start([*line, str(copy)])
    return copy


def command(environment: Mapping[str, str]) -> list[str]:
    """The program that shows a picture, with its options. Raises as `show` does."""
    wish = environment.get(SETTING, "")
    if wish.strip():
        return _wished(wish)
    if sys.platform == "darwin" and (found := shutil.which("open")):
        return [found]
    display = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    if display and (found := shutil.which("xdg-open")):
        return [found]
    if environment.get("SSH_CONNECTION"):
        raise ServiceError(
            "this is a session over SSH without a screen to show a picture on",
            hint="copy it to your machine: `curator show PICTURE` names its file, scp or sftp fetches it",
        )
    raise ServiceError(
        "no program to show pictures with was found" if display else "there is no screen to show a picture on",
        hint=f"install xdg-utils and a viewer, or set {SETTING} to a command that takes a file",
    )


def safe_name(name: str, format: str, mark: str) -> str:  # noqa: A002 as Pillow and the store name it
    """A file name that no viewer can take for an option, a folder or an address, with the extension of the format.

    `mark` tells apart pictures whose names are the same.
    """
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", Path(name).stem).strip("-")[:LONGEST_NAME] or "picture"
    return f"{stem}-{mark}" + EXTENSIONS.get(format, f".{re.sub('[^a-z0-9]', '', format.lower()) or 'img'}")


def _wished(wish: str) -> list[str]:
    try:
        line = shlex.split(wish)
    except ValueError as error:
        raise ConfigError(f"{SETTING} is no command: {error}", hint="quote it as for a shell") from error
    found = shutil.which(line[0]) if line else None
    if found is None:
        raise ConfigError(f"{SETTING} is {wish!r}: there is no such program", hint="name a program that is in PATH")
    return [found, *line[1:]]


def _start(line: list[str]) -> None:
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(line, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError as error:
        raise ServiceError(f"{line[0]} does not start: {error.strerror}", hint=f"set {SETTING} to another") from error
    try:
        code = process.wait(EARLY_S)
    except subprocess.TimeoutExpired:
        threading.Thread(target=process.wait, daemon=True).start()  # it shows the picture; its end is of no interest
        return
    if code != 0:
        raise ServiceError(
            f"{line[0]} ended with {code} and showed nothing", hint=f"set {SETTING} to a command that takes a file"
        )


@cache
def _folder() -> Path:
    """Readable by its owner only; removed when the program ends."""
    folder = Path(tempfile.mkdtemp(prefix="curator-view-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
