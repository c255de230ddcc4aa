"""A PostgreSQL server of one's own that keeps what it has said yes to: to be killed, and started again."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

START_LIMIT_S = 60


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs: Debian keeps them out of PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Server:
    """One server in a new folder on the disk, reached by Unix socket only; fsync is on, as it is by default."""

    def __init__(self, where: Path) -> None:
        self.programs = where
        self.folder = Path(tempfile.mkdtemp(prefix="curator-pg-"))
        # initdb and postgres refuse to run as root.
        account = ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        self.prefix = ["setpriv", *account] if os.geteuid() == 0 else []
        if self.prefix:
            shutil.chown(self.folder, "postgres", "postgres")
        self.log = (self.folder / "log").open("wb")
        options = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        if self._call(where / "initdb", "-D", self.folder / "data", *options).wait() != 0:
            raise SystemExit((self.folder / "log").read_text())
        self.start()

    @property
    def address(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        import psycopg

        data = self.folder / "data"
        self.process = self._call(self.programs / "postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses=")
        ends = time.monotonic() + START_LIMIT_S
        while True:
            try:
                psycopg.connect(f"host={self.folder} user=postgres dbname=postgres").close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > ends:
                    raise SystemExit((self.folder / "log").read_text()) from None
                time.sleep(0.02)

    def kill(self) -> None:
        """`kill -9` of the server and of every process it has started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()  # only then its lock file may be taken over

    def stop(self) -> None:
        """End it, and remove its folder."""
        self.kill()
        self.log.close()
        shutil.rmtree(self.folder)

    def _call(self, *line: object) -> subprocess.Popen[bytes]:
        command = [*self.prefix, *map(str, line)]
        return subprocess.Popen(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True
        )
