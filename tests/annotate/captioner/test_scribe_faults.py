"""What someone types while the store cannot be written: it is tried again, and is then all there."""

import shutil
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from annotate.captioner.ledger import Submission, submit
from annotate.captioner.scribe import Scribe
from curator.errors import StoreError
from curator.record import Draft
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

LOCKING = """
import sys
from pathlib import Path
from curator.store import open_store
from curator.workspace import Workspace
with open_store(Workspace.find(Path(sys.argv[1]))).write():
    print("locked", flush=True)
    sys.stdin.readline()
"""


class FullDisk:
    def __init__(self, disk, _folder):
        self.strike, self.mend = disk.fill, disk.free


class MovedFile:
    def __init__(self, _disk, folder):
        self.file, self.aside = folder / "curator.db", folder / "aside.db"

    def strike(self):
        self.file.rename(self.aside)
        self.file.write_bytes(b"")

    def mend(self):
        for ending in ("-wal", "-shm"):
            self.file.with_name(f"{self.file.name}{ending}").unlink(missing_ok=True)
        self.aside.replace(self.file)


class LockedStore:
    def __init__(self, _disk, folder):
        self.folder = folder

    def strike(self):
        line = [sys.executable, "-P", "-c", LOCKING, self.folder]
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "locked\n"

    def mend(self):
        self.process.communicate("let go\n", timeout=20)


@pytest.fixture(params=[FullDisk, MovedFile, LockedStore])
def fault(request, small_disk, crew, monkeypatch):
    """A fault of the store that `crew` works on; `strike` brings it about, `mend` ends it."""
    monkeypatch.setattr("curator.store.engines.BUSY_TIMEOUT_S", 0.2)
    return request.param(small_disk, small_disk.path / "crew")


@pytest.fixture
def crew(crew, small_disk):
    """The crew, with its workspace on a small disk."""
    folder = small_disk.path / "crew"
    shutil.copytree(crew.workspace.path, folder)
    moved = type(crew)(Workspace.find(folder))
    yield moved
    moved.store.close()


@pytest.fixture
def scribe(crew, fault):
    with closing(open_store(crew.workspace)) as store:
        scribe = Scribe(store, "ada")
        yield scribe
        scribe.close(5)


def typed(crew, scribe, text):
    scribe.keep(crew.images["bare"], 0, Draft(crew.images["bare"], "ada", 0, text, ("earlier",), None))


def submission(crew, text):
    tasks = [task.id for task in crew.store.team.tasks("ada") if task.image == crew.images["bare"]]
    (item,) = crew.store.queues.items(tasks)
    return Submission(item, Writing(item.image.id, "ada", text, key="ada-1"))


def test_what_is_typed_and_submitted_meanwhile_is_all_there_afterwards(crew, scribe, fault):
    typed(crew, scribe, "a dog")
    scribe.flush().result(10)
    assert scribe.behind_s == 0
    last = submission(crew, "a big dog in the snow")
    troubles, mended = [], threading.Event()
    crew.store.close()  # a process has one store open, and the scribe has its own here
    fault.strike()
    scribe.on_trouble = troubles.append
    text = "a big dog in the snow " * 3000  # too long for what is left of a page
    typed(crew, scribe, text)
    asked = scribe.call(lambda store: submit(store, last))
    assert isinstance(asked.exception(20), StoreError)
    assert troubles
    assert troubles[0].hint
    assert scribe.behind_s > 0, "nothing is said to be on the disk that is not"
    typed(crew, scribe, f"{text}!")
    scribe.on_kept = mended.set
    fault.mend()
    assert mended.wait(20)
    assert crew.draft("bare") == f"{text}!"
    assert scribe.behind_s == 0
    scribe.call(lambda store: submit(store, last)).result(20)
    assert crew.texts("bare") == ["a big dog in the snow"]
    assert crew.state("bare") == "submitted"
