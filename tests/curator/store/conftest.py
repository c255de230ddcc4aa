"""Every test of the store runs on both engines: SQLite in a file, and the PostgreSQL server of tests/engines.py."""

import subprocess
import sys

import pytest

from curator.record import Image, Member
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

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


def written(folder, address):
    """A workspace in `folder` whose store is at `address`."""
    (folder / "curator.toml").write_text(f'name = "dogs"\n[store]\nurl = "{address}"\n', encoding="utf-8")
    return Workspace.find(folder)


@pytest.fixture
def workspace(address, tmp_path):
    """A workspace with an empty store on the engine of the test."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    found = written(folder, address())
    open_store(found, create=True).close()
    return found


@pytest.fixture
def bare_workspace(address, tmp_path):
    """A workspace whose database has no tables yet."""
    folder = tmp_path / "bare"
    folder.mkdir()
    return written(folder, address(bare=True))


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
