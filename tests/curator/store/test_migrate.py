"""The schema: what migrations make is what the tables say, forward only, with a backup before each change."""

import re
import shutil
import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from curator.errors import StoreError
from curator.store import open_store
from curator.store.backup import open_backup
from curator.store.database import Database
from curator.store.migrate import SCRIPTS, known_schemas, migrate
from curator.store.tables import metadata

LATER = '''"""A later version."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade():
    op.add_column("image", sa.Column("colour", sa.String()))
    {more}
'''
NEWEST = max(SCRIPTS.glob("versions/*.py")).stem[:4]
OPEN = "print(store.captions.sequence())"


@pytest.fixture
def later(tmp_path):
    """`later("code")`: the folder of migrations with one more, which adds a column and then runs the code."""

    def make(more="pass"):
        folder = tmp_path / "migrations"
        shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        script = LATER.format(newest=NEWEST, more=more)
        (folder / "versions" / "9999_later.py").write_text(script, encoding="utf-8")
        return folder

    return make


def schema_of(database):
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def columns_of(database):
    with database.read() as connection:
        return [column["name"] for column in inspect(connection).get_columns("image")]


def test_the_migrations_make_what_the_tables_say(store):
    with store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_migrations_make_the_same_rules_as_the_tables(store, engine, tmp_path):
    """compare_metadata looks at neither checks nor autoincrement; SQLite keeps the statements, so they are compared."""
    with closing(Database(f"sqlite:///{tmp_path}/direct.db")) as direct:
        with direct.write() as connection:
            metadata.create_all(connection)
        assert statements(direct) == statements(store.database)


def statements(database):
    with database.read() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
        return {
            name: sorted(part.strip(" ,\t") for part in re.split(r"\n|, (?=token )", sql.replace('"', "")))
            for name, sql in rows
            if not name.startswith(("alembic", "sqlite"))
        }


def test_opening_again_changes_nothing(workspace, store):
    before = schema_of(store.database)
    open_store(workspace).close()
    assert schema_of(store.database) == before
    assert not (workspace.path / "backups").exists()


def test_an_older_store_is_backed_up_and_brought_forward(seeded, workspace, writing, later, engine):
    seeded.captions.submit(writing("a dog, \N{DOG FACE}"))
    migrate(seeded.database, workspace.path / "backups", later())
    assert schema_of(seeded.database) == "9999"
    assert "colour" in columns_of(seeded.database)
    assert [each.text for each in seeded.captions.revisions()] == ["a dog, \N{DOG FACE}"]
    (backup,) = (workspace.path / "backups").iterdir()
    assert backup.stem == "before-9999"
    assert texts_in(backup) == ["a dog, \N{DOG FACE}"]


def texts_in(backup):
    with open_backup(backup) as opened:
        assert opened.manifest.schema == known_schemas()[-1]
        assert "colour" not in opened.manifest.columns["image"]
        assert opened.manifest.rows["member"] == 3
        return [row["text"] for row in opened.rows("revision")]


def test_a_migration_that_fails_leaves_the_store_as_it_was(seeded, workspace, later):
    broken = later('raise ValueError("half way")')
    with pytest.raises(ValueError, match="half way"):
        migrate(seeded.database, workspace.path / "backups", broken)
    assert schema_of(seeded.database) == NEWEST
    assert "colour" not in columns_of(seeded.database)
    assert seeded.pictures.count() == 3
    assert len(list((workspace.path / "backups").iterdir())) == 1


def test_a_store_of_a_newer_version_is_refused_and_left_alone(store, workspace, later):
    migrate(store.database, workspace.path / "backups", later())
    with pytest.raises(StoreError, match="schema '9999', which this version does not know") as caught:
        open_store(workspace)
    assert "pip install -U" in caught.value.hint
    assert schema_of(store.database) == "9999"


def test_processes_that_open_a_new_store_at_once_all_get_it(bare_workspace, together_in):
    assert together_in(bare_workspace, OPEN, [], []) == ["0\n"] * 2


def test_a_store_of_the_newest_schema_is_opened_without_the_migration_machinery(workspace, together):
    assert together('print("alembic" in sys.modules)', []) == ["False\n"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_file_is_sound_and_in_wal_mode(store, workspace, engine):
    with closing(sqlite3.connect(workspace.path / "curator.db")) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
