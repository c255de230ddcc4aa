"""Where a pack is worked on: a small workspace of its own in the user's data folder, and the way back into the file.

The workspace has its own store, so that drafts, undo and the rule that nothing is lost are the same as everywhere. It
is named for the pack: opening the file again, or a copy of it, comes back to the same place.
"""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from filelock import FileLock

from annotate.pack.absorb import absorb
from annotate.pack.archive import CONTENTS, GUIDE, new_archive, picture_name
from annotate.pack.form import Contents, Manifest, Work, dump, parse
from annotate.pack.furnish import furnish, rounds_of
from annotate.pack.journal import work_of
from annotate.pack.parcel import Parcel, read_parcel
from annotate.pack.write import seal
from curator.blobs import Blobs
from curator.errors import InputError
from curator.files import new_folder, write_text
from curator.record import Draft
from curator.store import Store, open_store
from curator.workspace import Workspace

BROUGHT = "pack"
"""Folder of the workspace that keeps what the pack brought, as it was."""
MANIFEST_COPY, CONTENTS_COPY, GUIDE_COPY = "manifest.json", "contents.json", "guide.md"
LAST = "last"
"""Holds the sha256 of the work that the file and the workspace both had last."""
FROM = "file"
"""Holds the path that the pack was opened from last."""


def packs_folder() -> Path:
    """Where packs are opened: a folder of this user on this machine."""
    return platformdirs.user_data_path("glide-curator") / "packs"


def open_pack(file: Path) -> tuple[Workspace, str]:
    """The workspace of a pack, and whose pack it is; made at the first time, and given what the file brings since.

    Raises InputError for a file that is no pack, is damaged, or was made by a newer version.
    """
    parcel = read_parcel(file)
    folder = packs_folder() / parcel.manifest.pack
    with _alone(folder):
        if not folder.exists():
            for cut_off in folder.parent.glob(f".{folder.name}.*.part"):
                shutil.rmtree(cut_off)
            with new_folder(folder) as part:
                _keep(part / BROUGHT, parcel)
                furnish(part, parcel)
        workspace = Workspace.find(folder)
        _take_work(workspace, parcel)
        write_text(folder / BROUGHT / FROM, str(file.absolute()))
    return workspace, parcel.manifest.member


def close_pack(file: Path, workspace: Workspace | None = None) -> Work:
    """Write the work of a pack's workspace into its file, whole or not at all, and return it.

    `workspace` is the one that `open_pack` gave; without it the file says which it is, or where it was opened from. A
    file that is gone is made anew; one that is damaged is moved aside, to FILE.damaged. Raises InputError where the
    file was never opened here, or is another pack; the work stays in the workspace then.
    """
    workspace = workspace or Workspace.find(_folder_of(file))
    folder = workspace.path
    with _alone(folder):
        manifest, contents = _kept(folder)
        parcel = _parcel_or_aside(file)
        if parcel and parcel.manifest.pack != manifest.pack:
            raise InputError(f"{file} is another pack than the one in {folder}", hint="close it into a file of its own")
        if parcel:
            _take_work(workspace, parcel)
        with _store(workspace) as store:
            work = work_of(store, contents, manifest.member, rounds_of(contents))
        if parcel is None or dump(parcel.work) != dump(work):
            _write(file, workspace, manifest, contents, work)
        _note(folder, work)
    return work


def _folder_of(file: Path) -> Path:
    """The workspace of a pack's file. Raises InputError where it was never opened here."""
    never = InputError(f"{file} was never opened here", hint=f"annotate tui --pack {file}")
    try:
        folder = packs_folder() / read_parcel(file).manifest.pack
    except InputError as error:
        opened = [each.parents[1] for each in sorted(packs_folder().glob(f"*/{BROUGHT}/{FROM}")) if _says(each, file)]
        if not opened:
            raise error if file.exists() else never from error
        return max(opened, key=lambda each: (each / BROUGHT / FROM).stat().st_mtime_ns)
    if not folder.is_dir():
        raise never
    return folder


def _says(note: Path, file: Path) -> bool:
    return note.read_text(encoding="utf-8") == str(file.absolute())


def _parcel_or_aside(file: Path) -> Parcel | None:
    """The pack as it lies in its file; None where there is none, or only a damaged one, which is moved aside."""
    if not file.exists():
        return None
    try:
        return read_parcel(file)
    except InputError:
        aside = file.with_name(f"{file.name}.damaged")
        if aside.exists():
            raise
        file.rename(aside)
        return None


def _write(file: Path, workspace: Workspace, manifest: Manifest, contents: Contents, work: Work) -> None:
    blobs = Blobs(workspace.blobs)
    brought = workspace.path / BROUGHT
    with new_archive(file) as sheaf:
        for picture in contents.pictures:
            sheaf.add(picture_name(picture.file), blobs.read(picture.file))
        sheaf.add(CONTENTS, (brought / CONTENTS_COPY).read_bytes())
        sheaf.add(GUIDE, (brought / GUIDE_COPY).read_bytes())
        seal(sheaf, manifest, work)


def _take_work(workspace: Workspace, parcel: Parcel) -> None:
    """Give the workspace what was written in this pack elsewhere; what it wrote into the file itself, it knows."""
    last = workspace.path / BROUGHT / LAST
    if last.is_file() and last.read_text(encoding="utf-8") == _digest(parcel.work):
        return
    with _store(workspace) as store, store.write():
        absorb(store, parcel.work, parcel.manifest.member, rounds_of(parcel.contents))
        _take_drafts(store, parcel)
    _note(workspace.path, parcel.work)


def _take_drafts(store: Store, parcel: Parcel) -> None:
    """Lay drafts of the file where none is; where one is, keep the file's words among the steps that undo goes back."""
    member = parcel.manifest.member
    ids = {key: number for number, key in store.captions.keys().items()}
    written = {(each.image, each.slot, each.text) for each in store.captions.revisions(author=member)}
    for each in parcel.work.drafts:
        if (each.image, each.slot, each.text) in written:
            continue
        draft = Draft(each.image, member, each.slot, each.text, each.steps, _known(ids, each.base))
        here = store.captions.draft(each.image, member, each.slot)
        if here is not None and here.text != each.text:
            steps = tuple(step for step in (*each.steps, each.text) if step not in here.steps)
            draft = Draft(here.image, member, here.slot, here.text, (*steps, *here.steps), here.base, here.source)
        store.captions.save_draft(draft)


def _known(ids: Mapping[str, int], key: str | None) -> int | None:
    return None if key is None else ids.get(key)


def _keep(folder: Path, parcel: Parcel) -> None:
    folder.mkdir()
    (folder / MANIFEST_COPY).write_bytes(dump(parcel.manifest))
    (folder / CONTENTS_COPY).write_bytes(parcel.archive.files[CONTENTS])
    (folder / GUIDE_COPY).write_bytes(parcel.archive.files[GUIDE])


def _kept(folder: Path) -> tuple[Manifest, Contents]:
    brought = folder / BROUGHT
    manifest = parse(Manifest, (brought / MANIFEST_COPY).read_bytes(), str(brought / MANIFEST_COPY))
    return manifest, parse(Contents, (brought / CONTENTS_COPY).read_bytes(), str(brought / CONTENTS_COPY))


def _note(folder: Path, work: Work) -> None:
    write_text(folder / BROUGHT / LAST, _digest(work))


def _digest(work: Work) -> str:
    return hashlib.sha256(dump(work)).hexdigest()


@contextmanager
def _store(workspace: Workspace) -> Iterator[Store]:
    store = open_store(workspace)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one process at a time makes a pack's workspace or writes its file."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        yield
