"""Migrations of stores that people have worked in, from every earlier schema, on both engines, and interrupted ones.

tests/golden/store/NUMBER.json holds rows for every table of that schema. A new migration needs such a file of the
schema before it: the first test here fails until there is one.
"""

import subprocess
import sys
from contextlib import closing

import pytest

from curator.errors import StoreError
from curator.store import database_of, open_store
from curator.store.backup import open_backup
from curator.store.captions import Writing
from curator.store.migrate import known_schemas, migrate
from curator.store.restore import restore
from curator.store.rows import numbers, rows, schema_of, tables_of
from curator.workspace import Workspace

EARLIER = known_schemas()[:-1]
A, B = "a1" * 32, "b2" * 32
CAPTIONS = {
    A: [(0, "both settled", "ada", "adjudicated")],
    B: [(0, "a white cat", "ben", "pack")],
}
CONFLICTS = {A: [], B: [["a black cat", "a white cat"]]}
KILLED = """
import os, signal, sys
from pathlib import Path
import alembic.command, alembic.config
from sqlalchemy import Engine, event
from curator.store import database_of
from curator.store.migrate import migrate
from curator.workspace import Workspace

workspace, step = Workspace.find(Path(sys.argv[1])), int(sys.argv[2])
at = 0
while True:
    at += step
    child = os.fork()
    if child == 0:
        left = [at]
        def count(_connection, _cursor, statement, *_rest):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
        event.listen(Engine, "before_cursor_execute", count)
        migrate(database_of(workspace), workspace.path / "backups")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(at, os.waitstatus_to_exitcode(status), flush=True)
    sys.stdin.readline()
    if status == 0:
        break
"""


@pytest.fixture(params=EARLIER)
def old(request, bare_workspace, fill_store):
    """A workspace whose store has an earlier schema, and rows in every table."""
    fill_store(bare_workspace, request.param)
    return bare_workspace


def read_all(workspace, columns=None):
    """table → rows, all columns or those named."""
    with closing(database_of(workspace)) as database, database.read() as connection:
        return {
            table.name: [
                {name: row[name] for name in (columns[table.name] if columns else row)}
                for row in rows(connection, table)
            ]
            for table in tables_of(connection)
            if columns is None or table.name in columns
        }


def schema_in(workspace):
    with closing(database_of(workspace)) as database, database.read() as connection:
        return schema_of(connection)


@pytest.mark.parametrize("schema", EARLIER)
def test_the_rows_of_every_earlier_schema_fill_all_its_tables(tmp_path, schema, fill_store, golden_rows):
    (tmp_path / "curator.toml").write_text('name = "dogs"\n')
    fill_store(Workspace.find(tmp_path), schema)
    assert all(read_all(Workspace.find(tmp_path)).values())
    assert read_all(Workspace.find(tmp_path)).keys() == golden_rows(schema).keys()


def test_every_row_and_every_caption_is_the_same_afterwards(old, golden_rows):
    before, was = read_all(old), schema_in(old)
    filled = golden_rows(was)
    columns = {name: list(found[0]) for name, found in before.items()}
    assert {name: sorted(map(repr, found)) for name, found in filled.items()} == {
        name: sorted(repr({key: row[key] for key in filled[name][0]}) for row in found)
        for name, found in before.items()
    }
    with closing(open_store(old)) as store:
        assert read_all(old, columns) == before
        found = {record.image.id: record for record in store.records.all()}
        shown = {
            image: [(each.slot, each.text, each.author, each.origin) for each in record.captions]
            for image, record in found.items()
        }
        assert shown == CAPTIONS
        assert {
            image: [[each.text for each in group] for group in record.conflicts] for image, record in found.items()
        } == CONFLICTS
        assert [(each.text, each.steps) for each in store.captions.drafts("ben")] == [
            (filled["draft"][0]["text"], tuple(filled["draft"][0]["steps"]))
        ]
        after = store.captions.submit(Writing(A, "ada", "afterwards", base=6))
        assert after.id > max(row["id"] for row in before["revision"])


def test_the_backup_taken_before_can_be_restored(old, engine, address, tmp_path):
    was, before = schema_in(old), read_all(old)
    columns = {name: list(found[0]) for name, found in before.items()}
    open_store(old).close()
    (backup,) = (old.path / "backups").iterdir()
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "curator.toml").write_text(f'name = "dogs"\n[store]\nurl = "{address(bare=True)}"\n')
    again = Workspace.find(tmp_path / "again")
    with open_backup(backup) as opened, closing(database_of(again, create=True)) as database:
        assert opened.manifest.schema == was
        assert {name: list(opened.rows(name)) for name in before} == before
        restore(opened, database)
        with database.read() as connection:
            assert numbers(connection, tables_of(connection))["revision"] == 15
    open_store(again).close()
    assert read_all(again, columns) == before
    assert read_all(again) == read_all(old)


def test_a_migration_killed_before_any_of_its_statements_leaves_the_old_store(old, engine):
    """Between two statements, that is: all of them are one transaction."""
    before, was = read_all(old), schema_in(old)
    line = [sys.executable, "-P", "-c", KILLED, old.path, "9" if engine == "sqlite" else "13"]
    driver = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    codes = []
    try:
        while told := driver.stdout.readline():
            codes.append(int(told.split()[1]))
            if codes[-1] != 0:
                assert schema_in(old) == was
                assert read_all(old) == before
            driver.stdin.write("on\n")
            driver.stdin.flush()
    finally:
        driver.kill()
        driver.communicate()
    assert codes.count(-9) >= 5
    assert codes[-1] == 0
    assert schema_in(old) == known_schemas()[-1]
    for backup in (old.path / "backups").glob("[!.]*"):
        with open_backup(backup) as opened:
            opened.verify()


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("room_for_backup", [False, True])
def test_a_disk_that_is_full_stops_a_migration_and_harms_nothing(
    small_disk, tmp_path, engine, room_for_backup, fill_store
):
    (small_disk.path / "curator.toml").write_text('name = "dogs"\n')
    workspace = Workspace.find(small_disk.path)
    fill_store(workspace, EARLIER[-1])
    before = read_all(workspace)
    small_disk.fill(left=80_000 if room_for_backup else 0)
    backups = tmp_path / "elsewhere" if room_for_backup else workspace.path / "backups"
    with closing(database_of(workspace)) as database:
        with pytest.raises(StoreError) as caught:
            migrate(database, backups)
        assert "room" in caught.value.hint
        assert backups.is_dir() == room_for_backup
        small_disk.free()
        assert schema_in(workspace) == EARLIER[-1]
        assert read_all(workspace) == before
        migrate(database, backups)
    assert schema_in(workspace) == known_schemas()[-1]
