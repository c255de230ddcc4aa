"""Stores on either engine, for tests in any folder: SQLite in a file, and a PostgreSQL server that these tests start.

tests/conftest.py registers this file as a plugin.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

TEMPLATE = "template_of_tests"
START_LIMIT_S = 60
GOLDEN = Path(__file__).parent / "golden" / "store"
MEMORY, ROOM_BYTES = Path("/dev/shm"), 1 << 30


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
    from curator.store import open_store
    from curator.workspace import Workspace

    postgres_server.execute(f"CREATE DATABASE {TEMPLATE}")
    folder = tmp_path_factory.mktemp("template")
    address = postgres_server.address(TEMPLATE)
    (folder / "curator.toml").write_text(f'name = "dogs"\n[store]\nurl = "{address}"\n', encoding="utf-8")
    open_store(Workspace.find(folder), create=True).close()

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


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request):
    """The name of the engine that a test runs on."""
    return request.param


@pytest.fixture
def address(engine, request):
    """`address(bare=False)`: where a new store is to be, on the engine of the test."""
    return (
        (lambda bare=False: "sqlite:///curator.db")
        if engine == "sqlite"
        else request.getfixturevalue("database_address")
    )


@pytest.fixture(scope="session")
def golden_rows():
    """`golden_rows("0001")`: table → rows of a store of that schema in which people have worked, in every table."""
    return lambda schema: json.loads((GOLDEN / f"{schema}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def fill_store(golden_rows):
    """`fill_store(workspace, "0001")` gives a workspace without tables the store of `golden_rows`, at that schema."""

    def fill_one(workspace, schema):
        from curator.store import database_of
        from curator.store.migrate import upgrade
        from curator.store.rows import continue_from, fill, tables_of

        with closing(database_of(workspace, create=True)) as database, database.rebuilding() as connection:
            upgrade(connection, schema)
            found = tables_of(connection)
            for table in found:
                fill(connection, table, golden_rows(schema)[table.name])
            continue_from(connection, found, {})

    return fill_one
