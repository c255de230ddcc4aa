"""Train and test: which pictures are held out, drawn once by subject and kept.

Pictures of one subject, or without a subject those that look alike, are never on both sides.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image as Pillow

from curator.blobs import Blobs
from curator.errors import GateError, InputError
from curator.record import Image, Split
from curator.similarity import groups, near_pairs, perceptual_hash
from curator.store import Store
from curator.workspace import Workspace

DEFAULT_SHARE = 0.15
SUBJECT = "subject:"
LOOKS_LIKE = "like:"


@dataclass(frozen=True)
class Rule:
    """How the held-out groups are chosen: by name, or a share of the pictures by seed."""

    subjects: tuple[str, ...] = ()
    share: float | None = None
    seed: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The rule as it is stored and exported."""
        return {"subjects": list(self.subjects)} if self.subjects else {"share": self.share, "seed": self.seed}


def draw(workspace: Workspace, store: Store, blobs: Blobs, rule: Rule, redraw: bool = False) -> dict[str, Split]:
    """Draw the hold-out, store it, and return the split of every picture.

    The same rule again changes nothing. Raises GateError where another one was drawn before and `redraw` is off,
    InputError for an unknown subject or a hold-out that would leave nothing to train on.
    """
    with store.write():
        drawn = store.pictures.hold_out()
        if drawn is not None and drawn[1] == rule.as_dict() and not redraw:
            settle(workspace, store, blobs)
            return {image.id: image.split for image in store.pictures.all() if image.split}
        if drawn is not None and not redraw:
            raise GateError(
                "the hold-out was drawn before; drawing again would let test pictures into training",
                hint="if that is what you want: curator hold-out --redraw …",
            )
        images = store.pictures.all()
        group_of = group_names(images, blobs, workspace.config.audit.near_duplicate_bits)
        held = choose(group_of, rule)
        store.pictures.save_hold_out(held, rule.as_dict())
        store.history.note("hold-out", rule=rule.as_dict(), redraw=redraw)
        splits: dict[str, Split] = {image: "test" if name in held else "train" for image, name in group_of.items()}
        store.pictures.set_split(splits)
    return splits


def settle(workspace: Workspace, store: Store, blobs: Blobs) -> None:
    """Make every picture train or test: draw 15 % where nothing was drawn; later pictures follow their group."""
    with store.write():
        drawn = store.pictures.hold_out()
        images = store.pictures.all()
        if drawn is None:
            if len(images) > 1:
                draw(workspace, store, blobs, Rule(share=DEFAULT_SHARE))
            else:
                store.pictures.set_split({image.id: "train" for image in images})
            return
        if all(image.split for image in images):
            return
        group_of = group_names(images, blobs, workspace.config.audit.near_duplicate_bits)
        held = set(drawn[0]) | {group_of[image.id] for image in images if image.split == "test"}
        new = [image for image in images if image.split is None]
        store.pictures.set_split({image.id: "test" if group_of[image.id] in held else "train" for image in new})


def choose(group_of: Mapping[str, str], rule: Rule) -> set[str]:
    """The groups to hold out: those of the named subjects, or groups in seeded order up to the share nearest to it."""
    sizes = Counter(group_of.values())
    if rule.subjects:
        known = {name.removeprefix(SUBJECT) for name in sizes if name.startswith(SUBJECT)}
        if unknown := sorted(set(rule.subjects) - known):
            raise InputError(
                f"no picture has the subject {unknown[0]!r}; known: {', '.join(sorted(known)) or 'none'}",
                hint="`curator status` lists the subjects",
            )
        held = {SUBJECT + name for name in rule.subjects}
    else:
        held = _nearest_to_share(sizes, rule)
    if held == set(sizes):
        raise InputError("holding this out would leave no picture to train on", hint="hold out fewer subjects")
    return held


def group_names(images: Sequence[Image], blobs: Blobs, bits: int) -> dict[str, str]:
    """Image id → the group it must stay with: its subject, or the pictures without subject that look like it."""
    names = {image.id: SUBJECT + image.subject for image in images if image.subject}
    loose = [image for image in images if not image.subject]
    hashes = {}
    for image in loose:
        with blobs.open(image.blob) as file:
            hashes[image.id] = perceptual_hash(Pillow.open(file))
    for group in groups(hashes, near_pairs(hashes, bits)):
        names |= dict.fromkeys(group, LOOKS_LIKE + group[0])
    return names


def _nearest_to_share(sizes: Counter[str], rule: Rule) -> set[str]:
    wanted = (rule.share or 0.0) * sizes.total()
    held: set[str] = set()
    number = 0
    for name in sorted(sizes, key=lambda name: hashlib.sha256(f"{rule.seed}\0{name}".encode()).digest()):
        closer = abs(number + sizes[name] - wanted) < abs(number - wanted)
        if closer and len(held) < len(sizes) - 1:
            held.add(name)
            number += sizes[name]
    return held
