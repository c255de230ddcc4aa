"""The captioner in a pseudo-terminal, timed from the outside: from a key that is sent to what the terminal is told."""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

LIMIT_S = 60.0
SIZE = (24, 80)
ANSI = re.compile(rb"\x1b\[[0-9;?:]*[A-Za-z]")
PLACE = re.compile(rb"picture (\d+) of (\d+)")
ENVIRONMENT = {
    "TERM": "xterm-256color", "COLORTERM": "truecolor", "CURATOR_PICTURES": "half", "LANG": "C.UTF-8",
}  # fmt: skip
PAGE_DOWN, F9, ENTER, CTRL_Q = b"\x1b[6~", b"\x1b[20~", b"\r", b"\x11"


class Captioner:
    """`annotate tui`, from its start to its end."""

    def __init__(self, workspace: Path, member: str, home: Path) -> None:
        """`home` stands for the member's home folder: where the place and the thumbnails are kept."""
        start = time.perf_counter()
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.chdir(workspace)
            os.environ.update(ENVIRONMENT, HOME=str(home))
            os.execv(sys.executable, [sys.executable, "-P", "-m", "annotate", "tui", "--as", member])
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        self._told = b""
        self._until(lambda: PLACE.search(self._told) and "▀".encode() in self._told)
        self.ready_s = time.perf_counter() - start
        self._place = int(PLACE.findall(self._told)[-1][0])

    def __enter__(self) -> "Captioner":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.write(self._terminal, CTRL_Q)
        try:
            while os.read(self._terminal, 1 << 16):
                pass
        except OSError:
            pass  # the other side is closed
        os.close(self._terminal)
        os.waitpid(self._process, 0)

    def until_helped(self) -> None:
        """Wait until tokens are counted: then everything has been read."""
        self._until(lambda: re.search(rb"CLIP[^/]*\d+/77", self._told))

    def step_s(self) -> float:
        """The time from PgDn to the next picture."""
        time.sleep(0.15)  # somebody looks at a picture, and the next ones are prepared
        self._place += 1
        here = f"picture {self._place} of".encode()
        return self._timed(PAGE_DOWN, lambda: here in self._told)

    def filter_s(self, text: str) -> float:
        """The time from Enter in the filter's field to the filtered list."""
        self._timed(F9, lambda: b"Show only" in self._told)
        os.write(self._terminal, text.encode())
        self._until(lambda: b"matching: " in self._told)
        return self._timed(ENTER, lambda: b"(filtered)" in self._told)

    def most_mib(self) -> float:
        """The most memory the process had, in MiB."""
        status = Path(f"/proc/{self._process}/status").read_text(encoding="ascii")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def _timed(self, keys: bytes, seen: Callable[[], object]) -> float:
        self._told = b""
        start = time.perf_counter()
        os.write(self._terminal, keys)
        self._until(seen)
        return time.perf_counter() - start

    def _until(self, seen: Callable[[], object]) -> None:
        end = time.perf_counter() + LIMIT_S
        while not seen():
            if time.perf_counter() > end:
                raise SystemExit(f"it did not happen within {LIMIT_S:.0f} s; told last: {self._told[-500:]!r}")
            if select.select([self._terminal], [], [], 0.02)[0]:
                self._told += ANSI.sub(b"", os.read(self._terminal, 1 << 20))
