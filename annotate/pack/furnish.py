"""The workspace of a pack at its first opening: settings, pictures, guide, and a store with what the pack brought."""

import json
from pathlib import Path

from annotate.pack.absorb import Absorbed, add_text, identity
from annotate.pack.archive import GUIDE
from annotate.pack.form import GUIDE_NAME, Contents, Picture
from annotate.pack.parcel import Parcel
from annotate.pack.scale import measured
from annotate.pack.settings import to_toml
from curator.blobs import Blobs
from curator.errors import InputError
from curator.ingest.verdict import MAX_PIXELS
from curator.record import Draft, Image, Member, Source
from curator.store import Store, open_store
from curator.workspace import CONFIG_NAME, Workspace

VOCABULARY = "vocabulary.json"


def furnish(folder: Path, parcel: Parcel) -> None:
    """Make `folder` the workspace of a pack. Raises InputError where a picture is not what the pack says it is."""
    contents = parcel.contents
    (folder / CONFIG_NAME).write_text(to_toml(parcel.manifest.data_set, contents.rules), encoding="utf-8")
    (folder / VOCABULARY).write_text(json.dumps(contents.vocabulary, ensure_ascii=False), encoding="utf-8")
    if guide := parcel.archive.files[GUIDE]:
        (folder / GUIDE_NAME).write_bytes(guide)
    workspace = Workspace.find(folder)
    blobs = Blobs(workspace.blobs)
    for picture in contents.pictures:
        blobs.put(_checked(picture, parcel.archive.picture(picture.file)))
    store = open_store(workspace, create=True)
    try:
        with store.write():
            _fill(store, contents, parcel.manifest.member)
    finally:
        store.close()


def rounds_of(contents: Contents) -> dict[int, int]:
    """The number that each round of the pack has in its workspace: they are counted from 1 there."""
    return {number: here + 1 for here, number in enumerate(sorted({job.round for job in contents.jobs}))}


def _fill(store: Store, contents: Contents, member: str) -> None:
    for person in contents.people:
        store.team.add(Member(person.name, person.role))
    for picture in contents.pictures:
        store.pictures.add(_image(picture))
        store.pictures.save_source(Source(f"pack/{picture.root}", picture.name, "image", 0, 0, picture.id))
    ids: dict[str, int] = {}
    for text in contents.texts:
        add_text(store, text, ids, Absorbed(), text.origin)
    for said in contents.said:
        store.history.answer(said.image, said.member, said.key, said.value, identity(said), said.written)
    for draft in contents.drafts:
        base, source = (None if key is None else ids.get(key) for key in (draft.base, draft.source))
        store.captions.save_draft(Draft(draft.image, member, draft.slot, draft.text, draft.steps, base, source))
    _share_out(store, contents)


def _share_out(store: Store, contents: Contents) -> None:
    """Give the tasks in rounds of the same order, each in the state that it had."""
    for number, here in rounds_of(contents).items():
        jobs = [job for job in contents.jobs if job.round == number]
        made = store.team.add_round(0, "0", None, {}, [(job.member, job.kind, job.image) for job in jobs])
        assert made == here, (made, here)
        states = {(job.member, job.kind, job.image): job for job in jobs if job.state != "open"}
        for task in store.team.tasks():
            if task.round == made and (job := states.get((task.member, task.kind, task.image or ""))):
                store.team.close_task(task.id, job.state, job.reason)


def _image(picture: Picture) -> Image:
    return Image(
        picture.id,
        picture.file,
        picture.width,
        picture.height,
        picture.format,
        subject=picture.subject,
        licence=picture.licence,
    )


def _checked(picture: Picture, content: bytes) -> bytes:
    if picture.width * picture.height > MAX_PIXELS:
        raise InputError(f"picture {picture.name!r} has more than {MAX_PIXELS:,} pixels")
    if measured(content) != (picture.width, picture.height, picture.format):
        raise InputError(f"picture {picture.name!r} is not what the pack says of it", hint="get the file again")
    return content
