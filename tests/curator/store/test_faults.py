"""A store on a full or read-only disk, locked, replaced, without its log: nothing it has said yes to is lost.

In each case the message says what to do, and the same open store works on afterwards.
"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from curator.errors import ServiceError, StoreError
from curator.record import Draft
from curator.store import open_store
from curator.store.captions import Writing
from curator.store.faults import StoreMoved
from curator.workspace import Workspace

ONE = "1" * 64
HEAD = """
import os, signal, sys
from pathlib import Path
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace
store = open_store(Workspace.find(Path(sys.argv[1])))
"""
KILLED = """
for number in range(int(sys.argv[2])):
    store.captions.submit(Writing("1" * 64, "ann", f"text {number}", key=f"ann-{number}"))
    print(number, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
WRITING = """
for text in sys.stdin:
    print(store.captions.submit(Writing("1" * 64, "ben", text.rstrip("\\n"))).text, flush=True)
"""
LOCKING = """
with store.write():
    print("locked", flush=True)
    sys.stdin.readline()
"""


def texts(store):
    return [each.text for each in store.captions.revisions()]


def is_sound(workspace):
    with closing(sqlite3.connect(workspace.path / "curator.db")) as file:
        return file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# A full disk


@pytest.fixture
def on_small_disk(small_disk, image):
    """The open store of a workspace on a small disk, with a picture."""
    (small_disk.path / "curator.toml").write_text('name = "dogs"\n')
    with closing(open_store(Workspace.find(small_disk.path), create=True)) as store:
        store.pictures.add(image(ONE))
        yield store


def write_until_refused(store):
    """Submit captions until one is refused; the texts that were acknowledged, and the error."""
    said = []
    for number in range(10_000):
        text = f"text {number} " + "x" * 500
        try:
            store.captions.submit(Writing(ONE, "ann", text, key=f"ann-{number}"))
        except StoreError as error:
            return said, error
        said.append(text)
    pytest.fail("the disk was never full")


def test_a_full_disk_refuses_and_keeps_all_it_has_acknowledged(on_small_disk, small_disk):
    small_disk.fill()
    said, error = write_until_refused(on_small_disk)
    assert "full" in error.message
    assert "make room" in error.hint
    assert texts(on_small_disk) == said
    with pytest.raises(StoreError, match="full"):
        on_small_disk.captions.save_draft(Draft(ONE, "ann", 0, "x" * 50_000, (), None))
    small_disk.free()
    again = on_small_disk.captions.submit(Writing(ONE, "ann", "room again", key=f"ann-{len(said)}"))
    assert texts(on_small_disk) == [*said, "room again"]
    assert again.id > len(said)
    assert is_sound(Workspace.find(small_disk.path))


def test_of_a_transaction_that_fills_the_disk_nothing_stays(on_small_disk, small_disk, image):
    """Not even where the one who writes goes on after the failure: SQLite has given the transaction up by then."""
    small_disk.fill()
    write_until_refused(on_small_disk)
    before = texts(on_small_disk)

    def go_on():
        with on_small_disk.write():
            on_small_disk.pictures.describe(ONE, subject="dog")
            for number in range(2_000):
                try:
                    on_small_disk.captions.submit(Writing(ONE, "ben", f"{number} " + "y" * 5_000))
                except Exception:
                    break
            small_disk.free()
            on_small_disk.pictures.describe(ONE, licence="mine")

    with pytest.raises(StoreError, match="full"):
        go_on()
    assert texts(on_small_disk) == before
    assert on_small_disk.pictures.get(ONE).subject is None
    assert on_small_disk.pictures.get(ONE).licence is None
    on_small_disk.pictures.describe(ONE, subject="cat")
    assert on_small_disk.pictures.get(ONE).subject == "cat"


def test_commands_on_a_full_disk_end_with_what_to_do(on_small_disk, small_disk, run):
    small_disk.fill()
    write_until_refused(on_small_disk)
    done = run("curator", "backup", cwd=small_disk.path, code=3)
    assert "No space left on device" in done.stderr
    assert "make room" in done.stderr
    assert not list((small_disk.path / "backups").glob("*"))


# A store that may only be read


@pytest.mark.parametrize("closed", ["file", "folder"])
@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_store_without_the_right_to_write(workspace, engine, unprivileged, closed):
    (workspace.path / "curator.db").chmod(0o444)
    if closed == "folder":
        workspace.path.chmod(0o555)
    line = [*unprivileged, sys.executable, "-P", "-m", "curator", "members", "add", "dora"]
    try:
        done = subprocess.run(line, cwd=workspace.path, capture_output=True, text=True)
    finally:
        workspace.path.chmod(0o755)
        (workspace.path / "curator.db").chmod(0o644)
    assert (done.returncode, "Traceback" in done.stderr) == (3, False), done.stderr
    assert "see that you may write the store and the folder it is in" in done.stderr
    with closing(open_store(workspace)) as store:
        assert store.team.members() == []


def test_a_store_on_a_disk_that_cannot_be_written(small_disk, run, image):
    (small_disk.path / "curator.toml").write_text('name = "dogs"\n')
    with closing(open_store(Workspace.find(small_disk.path), create=True)) as store:
        store.pictures.add(image(ONE))
    small_disk.protect()
    done = run("curator", "members", "add", "dora", cwd=small_disk.path, code=3)
    assert "see that you may write the store and the folder it is in" in done.stderr


# The file, or its log, is gone


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("harm", ["deleted", "cut", "garbled"])
def test_the_log_may_be_lost_after_a_crash(workspace, seeded, engine, harm):
    seeded.close()
    line = [sys.executable, "-P", "-c", f"{HEAD}{KILLED}", workspace.path, "25"]
    said = subprocess.run(line, capture_output=True, text=True).stdout.split()
    assert len(said) == 25
    log = workspace.path / "curator.db-wal"
    assert log.stat().st_size > 0, "this test needs a log that was left behind"
    if harm == "deleted":
        log.unlink()
    else:
        content = log.read_bytes()
        log.write_bytes(content[: len(content) // 2] if harm == "cut" else os.urandom(len(content)))
    with closing(open_store(workspace)) as store:
        assert texts(store) == [f"text {number}" for number in said]
    assert is_sound(workspace)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("endings", [["-wal"], ["-shm"], ["-wal", "-shm"]], ids=str)
def test_log_and_index_may_be_deleted_under_those_who_write(workspace, seeded, engine, endings, writing, remote):
    said = []
    for number in range(40):
        if number % 5 == 3:
            for ending in endings:
                (workspace.path / f"curator.db{ending}").unlink(missing_ok=True)
        text = f"text {number}"
        if number % 2:
            said.append(seeded.captions.submit(writing(text)).text)
        else:
            said.append(remote(text))
    assert texts(seeded) == said
    with closing(open_store(workspace)) as third:
        assert texts(third) == said
    assert is_sound(workspace)


@pytest.fixture
def remote(workspace, seeded):
    """`remote("text")`: another process, which keeps the store open, submits a caption, and gives its text back."""
    line = [sys.executable, "-P", "-c", f"{HEAD}{WRITING}", workspace.path]
    process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def submit(text):
        process.stdin.write(f"{text}\n")
        process.stdin.flush()
        return process.stdout.readline().rstrip("\n")

    yield submit
    process.communicate()


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("instead", [None, b"", b"something else entirely" * 300], ids=["nothing", "empty", "other"])
def test_a_file_that_was_replaced_takes_no_text(workspace, seeded, engine, instead, writing):
    """Whoever has the file open could write on into it, and all of that would be gone with the process."""
    seeded.captions.submit(writing("before"))
    file, aside = workspace.path / "curator.db", workspace.path / "aside.db"
    file.rename(aside)
    if instead is not None:
        file.write_bytes(instead)
    for act in (lambda: seeded.captions.submit(writing("lost?", key="1")), lambda: seeded.captions.revisions()):
        with pytest.raises(StoreError) as caught:
            act()
        assert "curator restore" in caught.value.hint
    assert file.exists() == (instead is not None)
    for name in ("curator.db-wal", "curator.db-shm"):
        (workspace.path / name).unlink(missing_ok=True)
    aside.replace(file)
    seeded.captions.submit(writing("lost?", key="1"))
    assert texts(seeded) == ["before", "lost?"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_file_that_is_moved_while_it_is_written_is_noticed(workspace, seeded, engine, writing):
    file, aside = workspace.path / "curator.db", workspace.path / "aside.db"

    def write():
        with seeded.write():
            seeded.captions.submit(writing("a dog", key="1"))
            file.rename(aside)

    with pytest.raises(StoreMoved, match="was replaced or deleted while it was written"):
        write()
    aside.rename(file)
    seeded.captions.submit(writing("a dog", key="1"))
    assert texts(seeded) == ["a dog"]


# A locked store


def test_a_store_that_another_process_holds(workspace, seeded, writing, monkeypatch, holding):
    with closing(open_store(workspace)) as impatient:
        held = holding(workspace)
        with pytest.raises(StoreError, match=r"refused: .*lock") as caught:
            impatient.captions.submit(writing("a dog", key="1"))
        assert "another process holds the store" in caught.value.hint
        assert impatient.captions.revisions() == []
        held.communicate("let go\n", timeout=20)
        impatient.captions.submit(writing("a dog", key="1"))
        assert texts(impatient) == ["a dog"]


@pytest.mark.parametrize("engine", ["postgres"])
def test_a_writer_that_sleeps_does_not_keep_the_others_out(workspace, seeded, writing, holding, engine, monkeypatch):
    """A machine that went away in the middle of a step would hold the lock until somebody noticed."""
    monkeypatch.setattr("curator.store.engines.IDLE_TIMEOUT_S", 0.3)
    with closing(open_store(workspace)) as sleeping, closing(open_store(workspace)) as patient:
        monkeypatch.setattr("curator.store.engines.BUSY_TIMEOUT_S", 20.0)

        def sleep_in_the_middle():
            with sleeping.write():
                sleeping.captions.submit(writing("half a step"))
                patient.captions.submit(writing("a whole one"))
                sleeping.captions.submit(writing("the other half"))

        with pytest.raises(ServiceError, match="cannot be reached"):
            sleep_in_the_middle()
        assert texts(sleeping) == ["a whole one"]


@pytest.fixture
def holding(monkeypatch):
    """`holding(workspace)`: a process in the middle of a write, until it reads a line; nobody waits long for it."""
    monkeypatch.setattr("curator.store.engines.BUSY_TIMEOUT_S", 0.2)
    started = []

    def start(workspace):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen([sys.executable, "-P", "-c", f"{HEAD}{LOCKING}", workspace.path], **pipes))
        assert started[-1].stdout.readline() == "locked\n"
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
