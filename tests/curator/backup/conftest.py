"""Workspaces with a filled store, on either engine, and one to restore into."""

from contextlib import closing

import pytest

from curator.blobs import Blobs
from curator.record import Image
from curator.store import database_of, open_store
from curator.store.migrate import known_schemas
from curator.store.rows import rows, tables_of
from curator.workspace import Workspace


def workspace_in(folder, address):
    folder.mkdir()
    (folder / "curator.toml").write_text(f'name = "dogs"\n[store]\nurl = "{address}"\n', encoding="utf-8")
    return Workspace.find(folder)


@pytest.fixture
def worked_in(address, tmp_path, fill_store, picture):
    """A workspace in which people have worked: rows in every table, a style guide, and a picture with its bytes."""
    workspace = workspace_in(tmp_path / "team", address(bare=True))
    fill_store(workspace, known_schemas()[0])
    (workspace.path / "GUIDE.md").write_text("Name the colour. 犬\n", encoding="utf-8")
    with closing(open_store(workspace)) as store:
        blob = Blobs(workspace.blobs).put(picture(1))
        store.pictures.add(Image(blob, blob, 40, 30, "PNG"))
        store.history.answer(blob, "ada", "flag", None)
        number = store.captions.add_batch("ada", {"find": "dog"})
        store.captions.add_batch("ada", {"find": "dog"}, undoes=number)
    for file in (workspace.path / "backups").iterdir():
        file.unlink()
    return workspace


@pytest.fixture
def elsewhere(tmp_path, request):
    """`elsewhere("sqlite")`: a workspace without tables on an engine of choice."""
    count = iter(range(100))

    def make(engine):
        address = "sqlite:///curator.db"
        if engine == "postgres":
            address = request.getfixturevalue("database_address")(bare=True)
        return workspace_in(tmp_path / f"elsewhere{next(count)}", address)

    return make


@pytest.fixture(scope="session")
def rows_of():
    """`rows_of(workspace)`: table → rows, but for the events, of which a restore adds one."""

    def read(workspace):
        with closing(database_of(workspace)) as database, database.read() as connection:
            return {
                table.name: list(rows(connection, table)) for table in tables_of(connection) if table.name != "event"
            }

    return read
