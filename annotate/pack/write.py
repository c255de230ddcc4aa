"""Making a pack from a store: choose, scale, write; whole or not at all, and never over a file that may hold work."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from annotate.pack.archive import CONTENTS, GUIDE, MANIFEST, MAX_GUIDE_BYTES, WORK, Sheaf, new_archive, picture_name
from annotate.pack.choice import Choice, choose, rules
from annotate.pack.form import FORMAT, Contents, Entry, Manifest, Picture, Work, dump
from annotate.pack.scale import measured, scaled
from curator.blobs import Blobs
from curator.errors import CuratorError, InputError
from curator.record import Record
from curator.store import Store
from curator.workspace import Workspace

Advance = Callable[[str], None]


@dataclass(frozen=True)
class Packing:
    """A pack that was written, and what could not go into it."""

    file: Path
    pack: str
    member: str
    pictures: int
    texts: int
    size: int
    """Of the file, in bytes."""
    left_out: tuple[tuple[str, str], ...]
    """Pictures that could not be read, and why; their tasks stay at home with them."""


def write_pack(
    workspace: Workspace,
    store: Store,
    member: str,
    file: Path,
    longest_side: int | None = 1024,
    advance: Advance = lambda _name: None,
) -> Packing:
    """Write what `member` needs to caption without the store into `file`; `longest_side` None: pictures as they are.

    The same store and options give the same bytes. `advance` is called with the name of each picture that was read.
    Raises InputError where `file` exists (it may hold work), for an unknown member, for one without pictures, and where
    no picture can be read.
    """
    if file.exists():
        raise InputError(f"{file} is there already", hint="bring it back with annotate merge, or name another with -o")
    choice = choose(store, member)
    guide = _guide(workspace)
    left_out: list[tuple[str, str]] = []
    with new_archive(file) as sheaf:
        pictures = tuple(_pictures(sheaf, choice, Blobs(workspace.blobs), longest_side, left_out, advance))
        if not pictures:
            raise InputError(f"no picture of {member!r} can be read", hint=left_out[0][1])
        contents = _contents(choice, pictures, workspace)
        sheaf.add(CONTENTS, dump(contents))
        sheaf.add(GUIDE, guide)
        manifest = Manifest(
            format=FORMAT,
            data_set=workspace.config.name,
            member=member,
            pack="0" * 20,
            sequence=choice.sequence,
            round=choice.round,
            longest_side=longest_side,
            entries={},
        )
        manifest = manifest.model_copy(update={"pack": pack_id(manifest, sheaf.entries)})
        seal(sheaf, manifest, Work())
    return Packing(
        file, manifest.pack, member, len(pictures), len(contents.texts), file.stat().st_size, tuple(left_out)
    )


def seal(sheaf: Sheaf, manifest: Manifest, work: Work) -> None:
    """Add the work and, last, the manifest that says what everything is."""
    sheaf.add(WORK, dump(work))
    entries = {name: sheaf.entries[name] for name in sorted(sheaf.entries)}
    sheaf.add(MANIFEST, dump(manifest.model_copy(update={"entries": entries})))


def pack_id(manifest: Manifest, entries: dict[str, Entry]) -> str:
    """The name of a pack: a hash over everything in it but the work."""
    given = {name: entry.sha256 for name, entry in entries.items() if name not in (WORK, MANIFEST)}
    about = manifest.model_dump(exclude={"pack", "entries"})
    return hashlib.sha256(json.dumps([about, given], sort_keys=True).encode()).hexdigest()[:20]


def _pictures(
    sheaf: Sheaf,
    choice: Choice,
    blobs: Blobs,
    longest_side: int | None,
    left_out: list[tuple[str, str]],
    advance: Advance,
) -> Iterable[Picture]:
    for record in choice.records:
        try:
            content = blobs.read(record.image.blob)
            content = content if longest_side is None else scaled(content, longest_side)
            picture = _picture(record, choice.roots.get(record.image.id, 0), content)
        except CuratorError as error:
            left_out.append((record.name, error.message))
        else:
            sheaf.add(picture_name(picture.file), content)
            yield picture
        advance(record.name)


def _picture(record: Record, root: int, content: bytes) -> Picture:
    width, height, form = measured(content)
    return Picture.model_validate(
        {
            "id": record.image.id,
            "file": hashlib.sha256(content).hexdigest(),
            "width": width,
            "height": height,
            "format": form,
            "name": record.name,
            "root": root,
            "subject": record.image.subject,
            "licence": record.image.licence,
        }
    )


def _contents(choice: Choice, pictures: tuple[Picture, ...], workspace: Workspace) -> Contents:
    along = {picture.id for picture in pictures}
    return Contents(
        people=choice.people,
        pictures=pictures,
        jobs=tuple(each for each in choice.jobs if each.image in along),
        texts=tuple(each for each in choice.texts if each.image in along),
        said=tuple(each for each in choice.said if each.image in along),
        drafts=tuple(each for each in choice.drafts if each.image in along),
        rules=rules(workspace.config),
        vocabulary=choice.vocabulary,
    )


def _guide(workspace: Workspace) -> bytes:
    """The team's style guide, or nothing where there is none."""
    if not workspace.guide.is_file():
        return b""
    content = workspace.guide.read_bytes()
    if len(content) > MAX_GUIDE_BYTES:
        raise InputError(f"{workspace.guide} has {len(content):,} bytes; at most {MAX_GUIDE_BYTES:,} go into a pack")
    return content
