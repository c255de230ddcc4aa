"""A disk that is full, or that cannot be written, as real ones are: a small file system in memory.

tests/conftest.py registers this file as a plugin.
"""

import os
import subprocess

import pytest

SIZE = "3m"
BLOCK = b"\0" * 4096


class SmallDisk:
    """A mounted file system of three megabytes."""

    def __init__(self, path):
        self.path = path
        self._ballast = path / "ballast"

    def fill(self, left=0):
        """Leave not a byte free, or `left` bytes."""
        handle = os.open(self._ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for block in (BLOCK, b"\0"):
            try:
                while True:
                    os.write(handle, block)
            except OSError:
                continue
        os.truncate(handle, os.fstat(handle).st_size - left)
        os.close(handle)

    def free(self):
        """Give back what `fill` took."""
        self._ballast.unlink()

    def protect(self):
        """Let nothing be written; no file may be open for writing."""
        subprocess.run(["mount", "-o", "remount,ro", self.path], check=True)


@pytest.fixture
def small_disk(need, tmp_path):
    """A `SmallDisk`; it is gone after the test."""
    mount = need("tmpfs")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run([mount, "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=True)
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture(scope="session")
def unprivileged():
    """The beginning of a command line under which file modes bind root, too."""
    if os.geteuid() != 0:
        return []
    powers = ",".join(f"-{name}" for name in ("dac_override", "dac_read_search", "fowner", "chown", "sys_admin"))
    return ["setpriv", "--bounding-set", powers, "--inh-caps", powers]
