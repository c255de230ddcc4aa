"""Every test of the store runs on both engines: SQLite in a file, and a PostgreSQL server that these tests start."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from curator.record import Image, Member
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

TEMPLATE = "template_of_tests"
START_LIMIT_S = 60
MEMORY, ROOM_BYTES = Path("/dev/shm"), 1 << 30
REMOTE = """
import os, sys
from pathlib import Path
from curator.record import Draft, Finding, Member
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace
workspace = Workspace.find(Path(sys.argv[1]))
{first}
print("ready", flush=True)
sys.stdin.readline()
{then}
"""
OPENING = "store = open_store(workspace, create=True)"


class PostgresServer:
    """A server in a folder of its own, reachable by Unix socket only."""

    def __init__(self, programs, folder):
        self.socket = folder
        self.count = 0
        # initdb and postgres refuse to run as root.
        account = ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        self.prefix = ["setpriv", *account] if os.geteuid() == 0 else []
        if self.prefix:
            shutil.chown(folder, "postgres", "postgres")
        data, self.log = folder / "data", (folder / "log").open("wb")
        self._call(programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync").wait()
        # Flushing to disk matters for power loss only, which no test here brings about.
        options = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60"]
        self.process = self._call(programs / "postgres", "-D", data, "-k", folder, *options)

    def _call(self, *line):
        command = [*self.prefix, *map(str, line)]
        return subprocess.Popen(command, cwd="/", stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def wait_until_up(self):
        import psycopg

        ends = time.monotonic() + START_LIMIT_S
        while True:
            try:
                return self.execute("SELECT 1")
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > ends:
                    pytest.fail(f"PostgreSQL did not start:\n{(self.socket / 'log').read_text()}", pytrace=False)
                time.sleep(0.05)

    def execute(self, statement):
        import psycopg

        with psycopg.connect(f"host={self.socket} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)

    def address(self, database):
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket}"

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)  # waits for no connection and keeps nothing
        self.process.wait()
        self.log.close()


@pytest.fixture(scope="session")
def postgres_server(need):
    """A running PostgreSQL server, stopped and removed at the end."""
    programs = need("postgres")
    # Not below pytest's own folder: the account postgres could not enter it, and a socket's path must be short.
    # In memory where there is room, because making and removing databases is mostly work for the disk.
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    folder = Path(tempfile.mkdtemp(prefix="curator-pg-", dir=MEMORY if roomy else None))
    server = PostgresServer(programs, folder)
    try:
        server.wait_until_up()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_database(postgres_server, tmp_path_factory):
    """Make a database and give its name: with the tables of an empty store in it, or bare."""
    postgres_server.execute(f"CREATE DATABASE {TEMPLATE}")
    open_store(written(tmp_path_factory.mktemp("template"), postgres_server.address(TEMPLATE)), create=True).close()

    def make(bare=False):
        postgres_server.count += 1
        name = f"test_{postgres_server.count}"
        postgres_server.execute(f"CREATE DATABASE {name} TEMPLATE {'template1' if bare else TEMPLATE}")
        return name

    return make


@pytest.fixture
def database_address(new_database, postgres_server):
    """`database_address(bare=False)`: the address of a new PostgreSQL database, removed after the test."""
    made = []

    def make(bare=False):
        made.append(new_database(bare))
        return postgres_server.address(made[-1])

    yield make
    for name in made:
        postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def written(folder, address):
    """A workspace in `folder` whose store is at `address`."""
    (folder / "curator.toml").write_text(f'name = "dogs"\n[store]\nurl = "{address}"\n', encoding="utf-8")
    return Workspace.find(folder)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request):
    """The name of the engine that a test runs on."""
    return request.param


@pytest.fixture
def workspace(engine, tmp_path, request):
    """A workspace with an empty store on the engine of the test."""
    address = "sqlite:///curator.db" if engine == "sqlite" else request.getfixturevalue("database_address")()
    folder = tmp_path / "workspace"
    folder.mkdir()
    found = written(folder, address)
    open_store(found, create=True).close()
    return found


@pytest.fixture
def bare_workspace(engine, tmp_path, request):
    """A workspace whose database has no tables yet."""
    address = "sqlite:///curator.db" if engine == "sqlite" else request.getfixturevalue("database_address")(bare=True)
    folder = tmp_path / "bare"
    folder.mkdir()
    return written(folder, address)


@pytest.fixture
def other(workspace):
    """The same store, opened a second time as another process would."""
    opened = open_store(workspace)
    yield opened
    opened.close()


@pytest.fixture
def seeded(store):
    """The store with three members and three pictures, named `1…`, `2…`, `3…`."""
    for name in ("ann", "ben", "cleo"):
        store.team.add(Member(name))
    for digit in "123":
        store.pictures.add(image(digit * 64))
    return store


def image(name, **values):
    return Image(id=name, blob=name, width=4, height=3, format="PNG", **values)


@pytest.fixture(scope="session", name="image")
def _image():
    """`image(id, subject=…)`: a small image of that id."""
    return image


@pytest.fixture(scope="session")
def writing():
    """`writing("text", base=3)`: a text of ann for picture 1."""

    def make(text, picture="1" * 64, author="ann", **values):
        return Writing(picture, author, text, **values)

    return make


@pytest.fixture
def together(workspace):
    """Run code in several processes, each with the store open, all let go at once; gives what each one printed.

    The code finds the open store in `store` and its own arguments in `sys.argv[2:]`.
    """
    return lambda code, *each: run_together(workspace, OPENING, code, each)


@pytest.fixture(scope="session")
def together_in():
    """As `together`, with the workspace as first argument, and the store opened after all were let go."""
    return lambda workspace, code, *each: run_together(workspace, "", f"{OPENING}\n{code}", each)


def run_together(workspace, first, then, each):
    line = [sys.executable, "-P", "-c", REMOTE.format(first=first, then=then), workspace.path]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([*line, *map(str, arguments)], **pipes) for arguments in each]
    ready = [process.stdout.readline() for process in processes]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=120) for process in processes]
    assert ready == ["ready\n"] * len(each), told
    assert [process.returncode for process in processes] == [0] * len(each), told
    return [out for out, _ in told]
