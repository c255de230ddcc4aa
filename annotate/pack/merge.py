"""A pack back into the store it was made from: checked, in one transaction, as often and in whatever order wanted."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotate.pack.absorb import Absorbed, absorb, same_text
from annotate.pack.form import Text
from annotate.pack.parcel import Parcel, read_parcel
from curator.captions import conflicts
from curator.errors import InputError
from curator.identity.gate import known_member
from curator.store import Store
from curator.workspace import Workspace


@dataclass(frozen=True)
class Merged:
    """What a pack brought."""

    file: str
    pack: str
    member: str
    new: int
    """Texts that the store did not have."""
    known: int
    """Texts that it had already, from an earlier merge."""
    conflicts: tuple[str, ...]
    """Pictures on which a text of the pack competes with another one, by name."""
    skipped: tuple[tuple[str, str], ...]
    """Picture and reason of what the store does not take."""
    states: int
    """Tasks whose state changed."""
    answers: int
    """Answers that the store did not have."""
    drafts: int
    """Drafts that stay in the pack: submit them there and merge again."""

    @property
    def changed(self) -> bool:
        """Whether the store did not have all of it."""
        return bool(self.new or self.states or self.answers)

    def as_json(self) -> dict[str, Any]:
        """Every field, in plain types."""
        return {**vars(self), "conflicts": list(self.conflicts), "skipped": [list(each) for each in self.skipped]}


class _Undone(Exception):
    """Takes a trial merge back."""


def merge_pack(
    workspace: Workspace, store: Store, file: Path, member: str | None = None, dry_run: bool = False
) -> Merged:
    """Bring a pack back. Merged once or ten times, before or after other packs, the store ends up the same.

    Raises InputError, and takes nothing, for a file that is no whole pack, for the pack of another data set, for one of
    another member than `member` (None: anyone's), and for pictures or texts that the store does not know.
    """
    parcel = read_parcel(file)
    _check(workspace, store, parcel, member)
    names = _names(store, parcel)
    merged: Merged | None = None
    with suppress(_Undone), store.write():
        done = absorb(
            store, parcel.work, parcel.manifest.member, {job.round: job.round for job in parcel.contents.jobs}
        )
        merged = _merged(file, parcel, done, _conflicts(store, [*done.new, *done.known], names), names)
        if dry_run:
            raise _Undone
        if merged.changed:
            store.history.note("merged", member=merged.member, pack=merged.pack, texts=merged.new)
    assert merged is not None
    return merged


def _merged(file: Path, parcel: Parcel, done: Absorbed, found: tuple[str, ...], names: dict[str, str]) -> Merged:
    return Merged(
        file=str(file),
        pack=parcel.manifest.pack,
        member=parcel.manifest.member,
        new=len(done.new),
        known=len(done.known),
        conflicts=found,
        skipped=tuple((names[image], why) for image, why in done.skipped),
        states=done.states,
        answers=done.answers,
        drafts=len(parcel.work.drafts),
    )


def _check(workspace: Workspace, store: Store, parcel: Parcel, member: str | None) -> None:
    file, manifest = parcel.archive.path, parcel.manifest
    if manifest.data_set != workspace.config.name:
        raise InputError(
            f"{file} is a pack of {manifest.data_set!r}; this data set is {workspace.config.name!r}",
            hint="merge it in the workspace it was made in",
        )
    known_member(store.team.members(), manifest.member)
    if member is not None and member != manifest.member:
        raise InputError(f"{file} is {manifest.member}'s pack, not {member}'s", hint=f"use --as {manifest.member}")
    unknown = [each for each in parcel.contents.pictures if store.pictures.get(each.id) is None]
    if unknown:
        raise InputError(
            f"{file} has {len(unknown)} pictures that this data set does not know: {unknown[0].name}",
            hint="it is the pack of another data set, or of a store that was set back since",
        )
    if stray := _stray(store, parcel.contents.texts):
        raise InputError(
            f"{file} was made from another store: revision {stray.number} of {stray.author!r} is not in this one",
            hint="merge it in the workspace it was made in",
        )


def _stray(store: Store, texts: Sequence[Text]) -> Text | None:
    """A text that the pack was given and that this store never had, or None."""
    ids = {key: number for number, key in store.captions.keys().items()}
    stored = store.captions.revisions_of(sorted({text.image for text in texts}))
    by_number = {each.id: each for revisions in stored.values() for each in revisions}
    return next(
        (text for text in texts if text.key not in ids or not same_text(text, by_number[ids[text.key]])),
        None,
    )


def _names(store: Store, parcel: Parcel) -> dict[str, str]:
    """What the pack's pictures are called here."""
    along = {each.id for each in parcel.contents.pictures}
    return {record.image.id: record.name for record in store.records.all(excluded=True) if record.image.id in along}


def _conflicts(store: Store, texts: Sequence[Text], names: dict[str, str]) -> tuple[str, ...]:
    """The pictures on which one of these texts competes with another."""
    keys, owners = store.captions.keys(), store.team.owners()
    ours = {text.key for text in texts}
    written = store.captions.revisions_of(sorted({text.image for text in texts}))
    return tuple(
        sorted(
            names[image]
            for image, revisions in written.items()
            if any(keys[each.id] in ours for group in conflicts(revisions, owners.get(image)) for each in group)
        )
    )
