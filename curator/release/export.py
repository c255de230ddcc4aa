"""Writing a release: plan, write, open again, compare, and only then give it its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from curator import console
from curator.blobs import Blobs
from curator.errors import InputError
from curator.files import new_folder, sha256_file, write_json
from curator.release.entry import Payload
from curator.release.formats import FORMATS
from curator.release.options import Options
from curator.release.plan import Plan, make_plan
from curator.release.reader import ABOUT, DATA, RECORDS, release_folders
from curator.release.sample import to_table
from curator.release.verify import verify
from curator.split import holdout
from curator.store import Store
from curator.workspace import Workspace


@dataclass(frozen=True)
class Exported:
    folder: Path
    plan: Plan
    proved_by: tuple[str, ...]
    """The readers that opened it; empty where nothing was written."""

    @property
    def is_new(self) -> bool:
        return bool(self.proved_by)


def export(workspace: Workspace, store: Store, options: Options, name: str | None = None) -> Exported:
    """Write a release of the store as it stands, or find that the newest one already holds exactly this.

    The hold-out is drawn first if it never was. Raises InputError where `name` is taken or not a plain name,
    GateError where pictures are not ready or the written release does not read back as planned.
    """
    blobs = Blobs(workspace.blobs)
    holdout.settle(workspace, store, blobs)
    plan = make_plan(workspace, store, options)
    past = store.history.releases()
    if name is None and past and past[-1].digest == plan.digest:
        for there in release_folders(workspace.releases):
            if there.name == past[-1].name:
                return Exported(there, plan, ())
    folder = workspace.releases / (name or _next_name(workspace.releases, [row.name for row in past]))
    if folder.parent != workspace.releases or folder.name.startswith(".") or folder.exists():
        raise InputError(
            f"{folder.name!r} cannot be the name of a new release", hint="give a new name of letters and digits"
        )
    with new_folder(folder) as part:
        _write(part, plan, options, blobs)
        proved_by = tuple(verify(part, plan.samples))
    store.history.add_release(folder.name, plan.digest, plan.about["sequence"], plan.about["counts"])
    return Exported(folder, plan, proved_by)


def _write(folder: Path, plan: Plan, options: Options, blobs: Blobs) -> None:
    def payloads() -> Iterator[Payload]:
        for sample in console.progress(plan.samples, "export"):
            yield sample, blobs.read(sample.blob)

    FORMATS[options.format].write(folder / DATA, payloads())
    pq.write_table(to_table(plan.samples), folder / RECORDS, compression="zstd")
    files = {str(file.relative_to(folder)): sha256_file(file) for file in sorted(folder.rglob("*")) if file.is_file()}
    write_json(folder / ABOUT, {**plan.about, "files": files})


def _next_name(releases: Path, known: list[str]) -> str:
    taken = {folder.name for folder in release_folders(releases)} | set(known)
    return next(name for number in range(1, len(taken) + 2) if (name := f"v{number}") not in taken)
