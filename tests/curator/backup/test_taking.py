"""What is in a backup, and that four people who write meanwhile neither wait nor lose anything."""

import subprocess
import sys
import time
import zipfile
from contextlib import closing

import pytest

from curator.backup.taking import back_up
from curator.errors import InputError, StoreError
from curator.record import Image
from curator.store import open_store
from curator.store.backup import open_backup
from curator.store.restore import prove, restore
from curator.workspace import Workspace

AUTHORS = ("ada", "ben", "cem", "dan")
WRITING = """
import os, sys, time
from itertools import count
from pathlib import Path
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace
store, author = open_store(Workspace.find(Path(sys.argv[1]))), sys.argv[2]
for number in count():
    kept = store.captions.submit(Writing("1" * 64, author, f"{author} {number}"))
    os.write(1, f"{kept.id}\\n".encode())
"""

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"])
"""For what has nothing to do with the engine."""


def test_it_holds_every_row_and_the_files_that_belong_to_it(worked_in, rows_of):
    path, manifest = back_up(worked_in, pictures=True)
    with open_backup(path) as backup:
        assert {table: list(backup.rows(table)) for table in manifest.rows if table != "event"} == rows_of(worked_in)
        assert backup.content("files/curator.toml") == (worked_in.path / "curator.toml").read_bytes()
        assert backup.content("files/GUIDE.md").decode() == "Name the colour. 犬\n"
        assert len(backup.blobs()) == 1
        assert backup.manifest == manifest
        assert len(manifest.missing) == 3  # pictures whose bytes were never there
        prove(backup)
    assert manifest.sequence == 15
    assert path.parent == worked_in.path / "backups"


@ON_SQLITE
def test_without_being_asked_it_takes_no_pictures(worked_in):
    path, manifest = back_up(worked_in)
    with open_backup(path) as backup:
        assert backup.blobs() == []
    assert manifest.missing == ()


@ON_SQLITE
def test_the_token_hashes_go_with_it(worked_in):
    with closing(open_store(worked_in)) as store, store.database.write() as connection:
        connection.exec_driver_sql("UPDATE member SET token = 'salt:hash' WHERE name = 'ada'")
    path, _ = back_up(worked_in)
    with open_backup(path) as backup:
        assert [row["token"] for row in backup.rows("member") if row["name"] == "ada"] == ["salt:hash"]


def test_two_backups_of_the_same_rows_hold_the_same_bytes_of_them(worked_in, tmp_path):
    """Whatever the engine: the digests are what a restore is compared by."""
    first, second = (back_up(worked_in, tmp_path / name)[1] for name in ("one.zip", "two.zip"))
    assert first.entries == second.entries


@ON_SQLITE
def test_a_guide_outside_the_workspace_stays_outside(worked_in, tmp_path):
    (tmp_path / "secret.md").write_text("mine")
    config = worked_in.path / "curator.toml"
    config.write_text(config.read_text() + '[captioning]\nguide = "../secret.md"\n')
    path, _ = back_up(type(worked_in).find(worked_in.path))
    with zipfile.ZipFile(path) as archive:
        assert [name for name in archive.namelist() if name.startswith("files/")] == ["files/curator.toml"]


@ON_SQLITE
def test_a_file_that_is_no_backup_is_not_replaced(worked_in):
    target = worked_in.path / "curator.toml"
    content = target.read_bytes()
    with pytest.raises(InputError, match="is no backup"):
        back_up(worked_in, target)
    assert target.read_bytes() == content
    path, _ = back_up(worked_in, worked_in.path / "mine.zip")
    assert back_up(worked_in, path)[0] == path


@ON_SQLITE
def test_a_folder_that_cannot_be_written_is_a_clear_error(worked_in):
    with pytest.raises(StoreError, match="cannot be written") as caught:
        back_up(worked_in, worked_in.path / "GUIDE.md" / "backup.zip")
    assert "the store was not touched" in caught.value.hint


@ON_SQLITE
def test_a_full_disk_leaves_no_half_backup(worked_in, small_disk):
    older, _ = back_up(worked_in, small_disk.path / "backup.zip")
    content = older.read_bytes()
    small_disk.fill(left=4096)
    with pytest.raises(StoreError, match="No space left on device"):
        back_up(worked_in, older)
    assert older.read_bytes() == content
    assert {path.name for path in small_disk.path.iterdir()} == {"backup.zip", "ballast"}


@pytest.fixture
def four_writers(workspace_to_write):
    """Four processes that write without pause; `said()` gives the sequence numbers acknowledged so far."""
    processes = []
    for author in AUTHORS:
        line = [sys.executable, "-P", "-c", WRITING, workspace_to_write.path, author]
        with (workspace_to_write.path / f"{author}.said").open("wb") as file:
            processes.append(subprocess.Popen(line, stdout=file))

    def said():
        files = [(workspace_to_write.path / f"{author}.said").read_text() for author in AUTHORS]
        return [{int(number) for number in text.rpartition("\n")[0].split()} for text in files]

    ends = time.monotonic() + 60
    while not all(said()):
        assert time.monotonic() < ends
        time.sleep(0.02)
    yield said
    for process in processes:
        process.kill()
        process.wait()
        assert process.returncode == -9, "a writer was refused while the backup was taken"


@pytest.fixture
def workspace_to_write(address, tmp_path):
    folder = tmp_path / "busy"
    folder.mkdir()
    (folder / "curator.toml").write_text(f'name = "dogs"\n[store]\nurl = "{address()}"\n')
    workspace = Workspace.find(folder)
    with closing(open_store(workspace, create=True)) as store:
        store.pictures.add(Image("1" * 64, "1" * 64, 4, 3, "PNG"))
    return workspace


@pytest.mark.parametrize("turn", range(2))
def test_a_backup_while_four_write_holds_all_that_was_acknowledged_before(
    workspace_to_write, four_writers, elsewhere, turn
):
    before = four_writers()
    path, manifest = back_up(workspace_to_write)
    after = four_writers()
    with open_backup(path) as backup:
        kept = [row["id"] for row in backup.rows("revision")]
        restored = elsewhere("sqlite")
        with closing(open_store(restored, create=True)) as store:
            restore(backup, store.database)
            assert [each.id for each in store.captions.revisions()] == kept
    assert set().union(*before) <= set(kept)
    with closing(open_store(workspace_to_write)) as store:
        everything = [each.id for each in store.captions.revisions()]
    assert kept == [number for number in everything if number <= manifest.sequence], "a backup is a prefix"
    assert all(later >= former for former, later in zip(before, after, strict=True))
