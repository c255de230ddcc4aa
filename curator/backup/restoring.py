"""Putting a backup back into a workspace: what it may overwrite, and that nothing is overwritten without a backup."""

import re
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from curator.backup.taking import belonging_files, new_backup
from curator.blobs import Blobs
from curator.errors import ConfigError, GateError, InputError
from curator.files import write_bytes
from curator.store import Store, database_of
from curator.store.backup import Backup, Manifest, open_backup
from curator.store.database import Database
from curator.store.dump import Belongings, write_backup
from curator.store.faults import StoreDamaged
from curator.store.restore import holds_rows, lacking, restore
from curator.workspace import CONFIG_NAME, Workspace

STORE_TABLE = re.compile(r"^\[store\][^\n]*\n(?:(?!\[).*\n?)*", re.M)


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    workspace: Workspace
    store: str
    """The address, without password."""
    manifest: Manifest
    before: Path | None
    """The backup of what was there before, or the folder it was set aside in; None where nothing was."""
    missing: int
    """Pictures of the set that are neither in the workspace nor in the backup."""


def put_back(file: Path, folder: Path, url: str | None = None, force: bool = False) -> Restored:
    """Make the store of the workspace `folder` what a backup holds; a folder that is none yet becomes one.

    `url` is the address of the store for a new workspace; None leaves it as the backup has it. Raises InputError for a
    file that is no whole backup, GateError for a store that holds what the backup lacks unless `force`, StoreError
    where the store cannot be written.
    """
    with open_backup(file) as backup:
        backup.verify()  # before anything is touched
        config = folder / CONFIG_NAME
        if config.exists():
            if url is not None:
                raise InputError(f"{config} names the store of this workspace", "change [store] url in it")
            return _restored(backup, Workspace.find(folder), force)
        if folder.exists() and any(folder.iterdir()):
            raise InputError(f"{folder} is no workspace and not empty", "name a new folder with --into")
        try:
            text = backup.content(f"files/{CONFIG_NAME}").decode()
            write_bytes(config, (_with_store(text, url) if url else text).encode())
            return _restored(backup, Workspace.find(folder), force, is_new=True)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _restored(backup: Backup, workspace: Workspace, force: bool, is_new: bool = False) -> Restored:
    before = _make_room(backup, workspace, force, is_new)
    _put_files(backup, workspace)
    with closing(Store(database_of(workspace, create=True))) as store:
        restore(backup, store.database)
        store.history.note("restored", backup=backup.path.name, sequence=backup.manifest.sequence)
        blobs = Blobs(workspace.blobs)
        missing = sum(not blobs.has(image.blob) for image in store.pictures.all())
        where = store.database.url.render_as_string(hide_password=True)
    return Restored(workspace, where, backup.manifest, before, missing)


def _with_store(config: str, url: str) -> str:
    """curator.toml with another address of the store."""
    table = f'[store]\nurl = "{url}"\n\n'
    found = STORE_TABLE.search(config)
    return config.replace(found[0], table, 1) if found else f"{config.rstrip()}\n\n{table}"


def _put_files(backup: Backup, workspace: Workspace) -> None:
    """The style guide, where there is none, and the pictures."""
    with suppress(ConfigError):  # a guide elsewhere is not ours to write
        name = f"files/{workspace.guide.relative_to(workspace.path).as_posix()}"
        if name in backup.manifest.entries and not workspace.guide.exists():
            write_bytes(workspace.guide, backup.content(name))
    blobs = Blobs(workspace.blobs)
    for blob in backup.blobs():
        if blobs.put(backup.content(f"blobs/{blob}")) != blob:
            raise InputError(f"{backup.path}: picture {blob[:12]} is not what its name says")


def _make_room(backup: Backup, workspace: Workspace, force: bool, is_new: bool) -> Path | None:
    """Back up what is there, or set it aside where it cannot be read; the path of that.

    Raises GateError where the backup lacks some of it, unless `force`.
    """
    with closing(database_of(workspace, create=True)) as database:
        try:
            if not holds_rows(database):
                return None
            if not force:
                _check_room(backup, database, is_new)
            path = new_backup(workspace, "before-restore")
            write_backup(database, path, Belongings(belonging_files(workspace)))
            return path
        except StoreDamaged:
            if not force or not database.is_sqlite:
                raise
    return _set_aside(workspace, Path(str(database.url.database)))


def _check_room(backup: Backup, database: Database, is_new: bool) -> None:
    if is_new:
        where = database.url.render_as_string(hide_password=True)
        raise GateError(
            f"the backup's {CONFIG_NAME} names the store {where}, which is in use",
            hint="name another one for the new workspace: --store sqlite:///curator.db",
        )
    if missing := lacking(backup, database):
        told = ", ".join(f"{count} of {table}" for table, count in missing.items())
        raise GateError(
            f"the store holds what {backup.path} lacks: {told}",
            hint="restore it elsewhere with --into FOLDER; or overwrite it with --force, which backs it up first",
        )


def _set_aside(workspace: Workspace, file: Path) -> Path:
    aside = new_backup(workspace, "damaged").with_suffix("")
    aside.mkdir(parents=True)
    for each in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        if each.exists():
            each.rename(aside / each.name)
    return aside
