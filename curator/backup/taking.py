"""Taking a backup of a workspace: where it is written, and what of the folder goes into it beside the store."""

from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from curator.errors import ConfigError, InputError
from curator.store import BACKUPS, open_store
from curator.store.backup import Manifest, is_backup
from curator.store.dump import Belongings, write_backup
from curator.store.migrate import unused
from curator.workspace import CONFIG_NAME, Workspace


def back_up(workspace: Workspace, target: Path | None = None, pictures: bool = False) -> tuple[Path, Manifest]:
    """Write a backup of the store, curator.toml and the style guide, with all pictures if asked for, while others work.

    Without `target` it becomes a new file in the folder backups. Raises InputError for a target that is another kind of
    file, StoreError where the store cannot be read or the file not be written.
    """
    if target is not None and target.exists() and not is_backup(target):
        raise InputError(f"{target} is there already, and is no backup", hint="name a new file, or an older backup")
    path = target or new_backup(workspace)
    with closing(open_store(workspace)) as store:
        belongings = Belongings(belonging_files(workspace), workspace.blobs if pictures else None)
        return path, write_backup(store.database, path, belongings)


def new_backup(workspace: Workspace, stem: str | None = None) -> Path:
    """A path for a further backup: named for the time in UTC, or `stem`; never one that exists."""
    stem = stem or f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    return unused(workspace.path / BACKUPS / f"{stem}.zip")


def belonging_files(workspace: Workspace) -> dict[str, Path]:
    """curator.toml, and the style guide where there is one inside the workspace."""
    found = {CONFIG_NAME: workspace.path / CONFIG_NAME}
    with suppress(ConfigError):  # a guide elsewhere is not ours to copy
        if workspace.guide.is_file():
            found[workspace.guide.relative_to(workspace.path).as_posix()] = workspace.guide
    return found
