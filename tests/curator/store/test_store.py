"""Opening the store of a workspace."""

import os

import pytest

from curator.errors import ConfigError, ServiceError, StoreError
from curator.record import Member
from curator.store import open_store
from curator.workspace import Workspace


@pytest.fixture
def folder(tmp_path):
    """`folder("url")`: a workspace with that address of the store in curator.toml, and no store yet."""

    def make(url="sqlite:///curator.db"):
        (tmp_path / "curator.toml").write_text(f'name = "dogs"\n[store]\nurl = "{url}"\n', encoding="utf-8")
        return Workspace.find(tmp_path)

    return make


def test_a_missing_file_is_not_made_by_the_way(folder):
    workspace = folder()
    with pytest.raises(StoreError, match=r"curator\.db is missing") as caught:
        open_store(workspace)
    assert "curator init" in caught.value.hint
    assert [path.name for path in workspace.path.iterdir()] == ["curator.toml"]


@pytest.mark.parametrize("content", [b"no database at all, " * 200, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_file_that_is_no_store(folder, content):
    workspace = folder()
    (workspace.path / "curator.db").write_bytes(content)
    with pytest.raises(StoreError, match=r"refused: .*(not a database|malformed)"):
        open_store(workspace)
    assert (workspace.path / "curator.db").read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"x"], ids=["empty", "one byte"])
def test_a_file_cut_to_nothing_is_no_new_beginning(folder, content):
    workspace = folder()
    (workspace.path / "curator.db").write_bytes(content)
    with pytest.raises(StoreError, match="is empty") as caught:
        open_store(workspace)
    assert "curator restore" in caught.value.hint


def test_a_store_in_a_folder_that_does_not_exist(folder):
    with pytest.raises(StoreError, match="unable to open"):
        open_store(folder("sqlite:///nowhere/curator.db"), create=True)


def test_the_address_in_the_environment_goes_first(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("CURATOR_STORE_URL", f"sqlite:///{tmp_path}/elsewhere.db")
    open_store(folder(), create=True).close()
    assert (tmp_path / "elsewhere.db").is_file()
    assert not (tmp_path / "curator.db").exists()


def test_a_password_in_the_file_is_refused_and_not_shown(folder, tmp_path):
    with pytest.raises(ConfigError, match="holds a password") as caught:
        open_store(folder(f"postgresql+psycopg://ann:secret@/dogs?host={tmp_path}"))
    assert "secret" not in str(caught.value)


def test_a_password_in_the_environment_is_taken(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("CURATOR_STORE_URL", f"postgresql+psycopg://ann:secret@/dogs?host={tmp_path}")
    with pytest.raises(ServiceError, match="cannot be reached") as caught:
        open_store(folder())
    assert "secret" not in str(caught.value)


def test_a_database_without_tables_is_no_store(bare_workspace):
    with pytest.raises(StoreError, match=r"is (empty|missing)"):
        open_store(bare_workspace)
    open_store(bare_workspace, create=True).close()
    open_store(bare_workspace).close()


def test_both_engines_hold_the_same_after_the_same_calls(store, workspace, seeded, writing, engine):
    """What the other tests rely on: the store of the test really is on the engine that it is named for."""
    seeded.captions.submit(writing("a dog"))
    with store.database.read() as connection:
        assert connection.dialect.name == {"sqlite": "sqlite", "postgres": "postgresql"}[engine]
    assert (workspace.path / "curator.db").is_file() == (engine == "sqlite")


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(("umask", "mode"), [(0o002, 0o664), (0o077, 0o600)])
def test_a_group_may_write_the_store_where_the_umask_says_so(bare_workspace, engine, umask, mode):
    before = os.umask(umask)
    try:
        store = open_store(bare_workspace, create=True)
        store.team.add(Member("ann"))
        files = {path.name: path.stat().st_mode & 0o777 for path in bare_workspace.path.glob("curator.db*")}
        store.close()
    finally:
        os.umask(before)
    assert files == dict.fromkeys(["curator.db", "curator.db-wal", "curator.db-shm"], mode)
