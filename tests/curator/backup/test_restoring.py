"""Putting a backup back: the same rows on either engine, and nothing overwritten by mistake."""

import hashlib
import json
import zipfile
from contextlib import closing

import pytest

from curator.backup.restoring import put_back
from curator.backup.taking import back_up
from curator.errors import GateError, InputError, StoreError
from curator.record import Draft
from curator.store import database_of, open_store
from curator.store.backup import MANIFEST, open_backup
from curator.store.captions import Writing
from curator.store.restore import prove

A = "a1" * 32

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"])
"""For what has nothing to do with the engine."""


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
def test_every_row_comes_back_on_either_engine(worked_in, elsewhere, rows_of, target):
    path, _ = back_up(worked_in)
    there = elsewhere(target)
    done = put_back(path, there.path)
    assert rows_of(there) == rows_of(worked_in)
    assert done.before is None
    with closing(open_store(there)) as store:
        assert [record.captions for record in store.records.all()] == [
            record.captions for record in closing_records(worked_in)
        ]
        assert store.captions.submit(Writing(A, "ada", "goes on", base=6)).id == 16
        assert store.history.events()[-1]["what"] == "restored"
    again, _ = back_up(there)
    put_back(again, worked_in.path)
    assert rows_of(worked_in) == rows_of(there)


def closing_records(workspace):
    with closing(open_store(workspace)) as store:
        return store.records.all()


@ON_SQLITE
def test_a_new_folder_becomes_the_workspace_with_its_pictures(worked_in, tmp_path, rows_of, picture):
    path, _ = back_up(worked_in, pictures=True)
    done = put_back(path, tmp_path / "new", url="sqlite:///set.db")
    assert rows_of(done.workspace) == rows_of(worked_in)
    assert (tmp_path / "new" / "set.db").is_file()
    assert (tmp_path / "new" / "GUIDE.md").read_text(encoding="utf-8") == "Name the colour. 犬\n"
    assert [blob.read_bytes() for blob in done.workspace.blobs.rglob("*") if blob.is_file()] == [picture(1)]
    assert done.missing == 3
    assert done.workspace.config.name == "dogs"


def test_work_that_the_backup_lacks_is_not_overwritten_unless_forced(worked_in, rows_of):
    path, _ = back_up(worked_in)
    with closing(open_store(worked_in)) as store:
        newer = store.captions.submit(Writing(A, "ada", "newer than the backup", base=6))
    before = rows_of(worked_in)
    with pytest.raises(GateError, match="1 of revision") as caught:
        put_back(path, worked_in.path)
    assert "--force" in caught.value.hint
    assert rows_of(worked_in) == before
    done = put_back(path, worked_in.path, force=True)
    assert newer.id not in [row["id"] for row in rows_of(worked_in)["revision"]]
    with closing(open_store(worked_in)) as store:
        number = store.captions.submit(Writing(A, "ada", "after the restore", base=6)).id
    assert number > newer.id, "the number of a text that was overwritten is not given to another one"
    with open_backup(done.before) as kept:
        assert {table: list(kept.rows(table)) for table in before} == before


@ON_SQLITE
@pytest.mark.parametrize(
    "act",
    [
        lambda store: store.history.answer(A, "ada", "rating", 1),
        lambda store: store.captions.add_batch("ada", {"find": "cat"}),
        lambda store: store.captions.save_draft(Draft(A, "ada", 0, "half", (), 6)),
    ],
    ids=["answer", "batch", "draft"],
)
def test_other_work_counts_too(worked_in, act):
    path, _ = back_up(worked_in)
    with closing(open_store(worked_in)) as store:
        act(store)
    with pytest.raises(GateError, match=r"1 of (answer|batch|draft)"):
        put_back(path, worked_in.path)


def test_what_is_there_is_backed_up_first_even_where_the_backup_holds_it_all(worked_in):
    path, _ = back_up(worked_in)
    first, second = put_back(path, worked_in.path).before, put_back(path, worked_in.path).before
    assert first != second
    assert first.is_file()


@ON_SQLITE
def test_a_folder_with_other_things_in_it_is_left_alone(worked_in, tmp_path):
    path, _ = back_up(worked_in)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="is no workspace and not empty"):
        put_back(path, tmp_path / "mine")
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("engine", ["postgres"])
def test_the_server_that_a_backup_came_from_is_not_overwritten_by_a_copy_of_the_workspace(worked_in, tmp_path, engine):
    path, _ = back_up(worked_in)
    with pytest.raises(GateError, match="which is in use") as caught:
        put_back(path, tmp_path / "copy")
    assert "--store" in caught.value.hint
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("engine", ["postgres"])
def test_tables_stay_with_what_roles_may_do_and_so_do_tables_of_others(worked_in, engine):
    path, _ = back_up(worked_in)
    with closing(database_of(worked_in)) as database:
        with database.write() as connection:
            connection.exec_driver_sql("CREATE TABLE theirs AS SELECT 1 AS one")
            connection.exec_driver_sql("GRANT SELECT ON revision TO PUBLIC")
        put_back(path, worked_in.path)
        with database.read() as connection:
            assert connection.exec_driver_sql("SELECT one FROM theirs").scalar() == 1
            granted = "SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC'"
            assert connection.exec_driver_sql(f"{granted} AND table_name = 'revision'").scalar() == 1


@ON_SQLITE
@pytest.mark.parametrize("harm", ["missing", "empty", "other", "cut"])
def test_a_store_that_is_lost_or_damaged_is_restored(worked_in, rows_of, harm):
    before = rows_of(worked_in)
    path, _ = back_up(worked_in)
    file = worked_in.path / "curator.db"
    content = file.read_bytes()
    file.unlink()
    if harm != "missing":
        file.write_bytes({"empty": b"", "other": b"not a store " * 400, "cut": content[: len(content) // 3]}[harm])
    if harm in ("other", "cut"):
        with pytest.raises(StoreError):
            put_back(path, worked_in.path)
        assert put_back(path, worked_in.path, force=True).before.is_dir()
    else:
        put_back(path, worked_in.path)
    assert rows_of(worked_in) == before


@ON_SQLITE
def test_people_who_have_the_store_open_go_on_with_what_was_restored(worked_in):
    path, _ = back_up(worked_in)
    with closing(open_store(worked_in)) as store:
        store.captions.submit(Writing(A, "ada", "to be overwritten", base=6))
        put_back(path, worked_in.path, force=True)
        store.captions.submit(Writing(A, "ada", "goes on", base=6))
        assert [each.text for each in store.captions.revisions(A, "ada")][-2:] == ["both settled", "goes on"]


def rewritten(path, change):
    """The backup with entries changed by `change(name, content)`, None to leave one out."""
    with zipfile.ZipFile(path) as old:
        content = {name: change(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, each in content.items():
            if each is not None:
                new.writestr(name, each)


DAMAGE = {
    "a row is missing": lambda name, old: old.partition(b"\n")[2] if name == "rows/revision.jsonl" else old,
    "a letter is changed": lambda name, old: old.replace(b"a dog", b"a cat") if name == "rows/revision.jsonl" else old,
    "a table is missing": lambda name, old: None if name == "rows/line.jsonl" else old,
    "no manifest": lambda name, old: None if name == MANIFEST else old,
    "an empty manifest": lambda name, old: b"{}" if name == MANIFEST else old,
    "a picture is another": lambda name, old: old + b"x" if name.startswith("blobs/") else old,
}


@ON_SQLITE
@pytest.mark.parametrize("harm", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_backup_is_refused_before_anything_is_touched(worked_in, rows_of, harm, run):
    path, _ = back_up(worked_in, pictures=True)
    before = rows_of(worked_in)
    rewritten(path, harm)
    with pytest.raises(InputError, match=r"no backup|damaged or missing|does not hold"):
        put_back(path, worked_in.path, force=True)
    assert rows_of(worked_in) == before
    with pytest.raises(InputError), open_backup(path) as backup:
        prove(backup)


@ON_SQLITE
@pytest.mark.parametrize("kept", [0, 1, 100, 0.5, 0.99])
def test_a_backup_that_was_cut_off_is_refused(worked_in, kept):
    path, _ = back_up(worked_in)
    content = path.read_bytes()
    path.write_bytes(content[: kept if isinstance(kept, int) else int(len(content) * kept)])
    with pytest.raises(InputError, match="not a whole one"):
        put_back(path, worked_in.path)


@ON_SQLITE
def test_backups_of_newer_versions_are_refused(worked_in):
    path, _ = back_up(worked_in)

    def newer(**values):
        rewritten(path, lambda name, old: json.dumps({**json.loads(old), **values}) if name == MANIFEST else old)

    newer(schema="9999")
    with pytest.raises(StoreError, match="schema '9999', which this version does not know"):
        put_back(path, worked_in.path)
    newer(format=2)
    with pytest.raises(InputError, match="a newer version"):
        put_back(path, worked_in.path)


@ON_SQLITE
def test_names_in_a_backup_never_lead_out_of_the_workspace(worked_in, tmp_path):
    path, _ = back_up(worked_in)
    config = b'name = "dogs"\n[captioning]\nguide = "../outside.md"\n'
    with zipfile.ZipFile(path) as old:
        manifest = json.loads(old.read(MANIFEST))
    entries = {"files/curator.toml": config, "files/../outside.md": b"out"}
    manifest["entries"] |= {name: hashlib.sha256(each).hexdigest() for name, each in entries.items()}
    rewritten(path, lambda name, old: json.dumps(manifest) if name == MANIFEST else entries.get(name, old))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("files/../outside.md", b"out")
    put_back(path, tmp_path / "new")
    assert not (tmp_path / "outside.md").exists()


def test_a_restore_that_fails_half_way_leaves_the_store_as_it_was(worked_in, rows_of, monkeypatch):
    path, _ = back_up(worked_in)
    with closing(open_store(worked_in)) as store:
        store.captions.submit(Writing(A, "ada", "kept", base=6))
    before = rows_of(worked_in)
    monkeypatch.setattr("curator.store.restore._compare", fail)
    with pytest.raises(InputError, match="stop here"):
        put_back(path, worked_in.path, force=True)
    assert rows_of(worked_in) == before


def fail(*_):
    raise InputError("stop here")


def test_the_command_lines(worked_in, run, tmp_path):
    taken = json.loads(run("curator", "backup", "--blobs", "--json", cwd=worked_in.path).stdout)
    assert (taken["sequence"], taken["rows"]["revision"], taken["pictures"], taken["pictures_missing"]) == (
        15,
        12,
        1,
        3,
    )
    checked = json.loads(run("curator", "backup", "--check", taken["file"], "--json", cwd=tmp_path).stdout)
    assert checked["whole"] is True
    new = run(
        "curator", "restore", taken["file"], "--into", tmp_path / "new", "--store", "sqlite:///curator.db", cwd=tmp_path
    )
    assert "restored 4 pictures" in new.stdout
    assert "3 pictures are not there" in new.stderr
    with closing(open_store(worked_in)) as store:
        store.captions.submit(Writing(A, "ada", "newer", base=6))
    assert "lacks" in run("curator", "restore", taken["file"], cwd=worked_in.path, code=4).stderr
    forced = json.loads(run("curator", "restore", taken["file"], "--force", "--json", cwd=worked_in.path).stdout)
    assert forced["before"].endswith("before-restore.zip")
    (tmp_path / "no.zip").write_bytes(b"PK nothing")
    assert "no backup" in run("curator", "restore", tmp_path / "no.zip", cwd=worked_in.path, code=3).stderr
