"""A pack, read and understood: its parts fit together, and it is the one that its name says."""

from dataclasses import dataclass
from pathlib import Path

from annotate.pack.archive import CONTENTS, WORK, Archive, read_archive
from annotate.pack.form import About, Contents, Manifest, Work, parse
from annotate.pack.write import pack_id
from curator.errors import InputError


@dataclass(frozen=True)
class Parcel:
    """A pack with its parts."""

    archive: Archive
    contents: Contents
    work: Work

    @property
    def manifest(self) -> Manifest:
        return self.archive.manifest


def read_parcel(file: Path) -> Parcel:
    """A pack and its parts. Raises InputError for a file that is no pack, is damaged or was changed."""
    archive = read_archive(file)
    contents = parse(Contents, archive.files[CONTENTS], f"{file}: {CONTENTS}")
    work = parse(Work, archive.files[WORK], f"{file}: {WORK}")
    if pack_id(archive.manifest, archive.manifest.entries) != archive.manifest.pack:
        raise InputError(f"{file} was changed since it was made", hint="get the file again from where it came")
    odd = _odd(archive, contents, work)
    if odd is not None:
        raise InputError(f"{file} does not fit together: {odd}", hint="make the pack again: annotate pack")
    return Parcel(archive, contents, work)


def _odd(archive: Archive, contents: Contents, work: Work) -> str | None:
    """What in a pack points nowhere, or None."""
    images = {each.id for each in contents.pictures}
    people = {each.name for each in contents.people}
    said: list[About] = [*contents.jobs, *contents.texts, *contents.said, *contents.drafts]
    said += [*work.jobs, *work.texts, *work.said, *work.drafts]
    if len(images) != len(contents.pictures) or {each.file for each in contents.pictures} != set(archive.pictures):
        return "its pictures are not those that it lists"
    if stray := {each.image for each in said} - images:
        return f"it speaks of picture {min(stray)[:12]}, which it does not have"
    if not {archive.manifest.member, *(each.member for each in contents.jobs)} <= people:
        return "a task is given to somebody whom it does not know"
    return None
