"""A large synthetic set: a workspace with so many pictures, split and half captioned, made in bulk."""

import hashlib
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import insert

from curator.blobs import Blobs
from curator.record import Member
from curator.store import open_store, tables
from curator.store.database import now
from curator.workspace import Workspace

BLOBS = 24
"""Different pictures; the set shares them, since only their number and not their look matters."""
SIDES_PX = (512, 640, 768, 1024)
SUBJECTS = tuple(f"subject{number}" for number in range(40))
POSES = ("sitting", "standing", "lying")
PART = 20_000
"""Rows of one INSERT."""
OVERLAP = 50
"""One picture in so many is captioned by everyone."""
WORDS = {
    "size": ("small", "large", "old", "young", "fluffy", "wet"),
    "colour": ("brown", "black", "white", "red", "golden", "grey", "spotted"),
    "what": ("dog", "puppy", "retriever", "terrier", "poodle", "corgi", "beagle"),
    "does": ("sits", "lies", "stands", "runs", "sleeps", "looks into the camera", "carries a stick"),
    "where": ("on the grass", "on a sofa", "in the snow", "at the beach", "in a kitchen", "under a tree"),
    "with": ("with a red collar", "with a toy", "next to a child", "in warm evening light", "behind a fence"),
}
CONFIG = """\
name = "large"
[attributes]
pose = ["sitting", "standing", "lying"]
"""


@dataclass(frozen=True)
class Made:
    """A synthetic set."""

    workspace: Workspace
    members: tuple[str, ...]
    """The first is the lead; the others share the pictures."""


def make_store(folder: Path, pictures: int, members: int = 4, seed: int = 0) -> Made:
    """A workspace in `folder` with a store of so many pictures, split among the members and half captioned.

    Every picture has an owner; one in 50 is captioned by all. Six in ten came with a caption, half are captioned by
    their owner, a fifth of those twice. One in three has a rating, and there are flags, poses, drafts and findings.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "curator.toml").write_text(CONFIG, encoding="utf-8")
    workspace = Workspace.find(folder)
    names = tuple(f"member{number}" for number in range(members))
    store = open_store(workspace, create=True)
    try:
        for number, name in enumerate(names):
            store.team.add(Member(name, role="annotator" if number else "lead"))
        store.team.add_round(seed, "2%", None, {}, [])
        with store.database.write() as connection:
            for table, rows in _tables(Blobs(workspace.blobs), pictures, names, random.Random(seed)).items():
                for start in range(0, len(rows), PART):
                    connection.execute(insert(table), rows[start : start + PART])
    finally:
        store.close()
    return Made(workspace, names)


def _tables(blobs: Blobs, pictures: int, members: Sequence[str], draw: random.Random) -> dict[Any, list[Any]]:
    """Every row of the set, by table, in an order that keeps references whole."""
    kept = [(blobs.put(content), side) for content, side in _small_pictures(draw)]
    rows: dict[Any, list[Any]] = {
        table: []
        for table in (
            tables.image, tables.source, tables.task, tables.line, tables.revision, tables.answer, tables.draft,
            tables.finding,
        )
    }  # fmt: skip
    for number in range(pictures):
        _picture(rows, number, members, kept[number % len(kept)], draw)
    return rows


def _small_pictures(draw: random.Random) -> Iterator[tuple[bytes, int]]:
    for number in range(BLOBS):
        side = SIDES_PX[number % len(SIDES_PX)]
        coarse = Image.frombytes("RGB", (8, 8), draw.randbytes(192))
        buffer = io.BytesIO()
        coarse.resize((side, side * 3 // 4), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=80)
        yield buffer.getvalue(), side


def _picture(
    rows: dict[Any, list[Any]], number: int, members: Sequence[str], blob: tuple[str, int], draw: random.Random
) -> None:
    image, owner = hashlib.sha256(str(number).encode()).hexdigest(), members[number % len(members)]
    rows[tables.image].append(
        {
            "id": image, "blob": blob[0], "width": blob[1], "height": blob[1] * 3 // 4, "format": "JPEG",
            "subject": SUBJECTS[number % len(SUBJECTS)], "status": "ok", "changes": [],
            "split": "test" if number % 7 == 0 else "train",
        }
    )  # fmt: skip
    path = f"{SUBJECTS[number % len(SUBJECTS)]}/IMG_{number:06d}.jpg"
    rows[tables.source].append(
        {"root": "/pictures", "path": path, "kind": "image", "size": 1, "mtime_ns": 1, "image": image}
    )
    done = draw.random() < 0.5
    overlap = number % OVERLAP == 0
    for member in members if overlap else (owner,):
        kind = "own" if member == owner else "overlap"
        state = "submitted" if done else "open"
        rows[tables.task].append({"round": 1, "member": member, "kind": kind, "image": image, "state": state})
        if done:
            _write(rows, image, member, "tui", 1 + (draw.random() < 0.2), draw)
    if draw.random() < 0.6:
        _write(rows, image, "", "import", 1, draw)
    _answers(rows, image, owner, number, draw)
    if number % 500 == 1 and not done:
        line = _line(rows, image, owner)
        rows[tables.draft].append({"line": line, "text": "A dog", "steps": [], "saved": now()})
    if number % 20 == 0:
        rows[tables.finding].append(
            {
                "fingerprint": image, "check": ("misspelt", "short-caption")[number % 40 == 0], "severity": "warning",
                "message": "a finding", "images": [image], "members": [], "advice": "", "state": "open", "found": now(),
            }
        )  # fmt: skip


def _line(rows: dict[Any, list[Any]], image: str, author: str) -> int:
    number = len(rows[tables.line]) + 1
    rows[tables.line].append({"id": number, "image": image, "author": author, "slot": 0})
    return number


def _write(rows: dict[Any, list[Any]], image: str, author: str, origin: str, times: int, draw: random.Random) -> None:
    line, base = _line(rows, image, author), None
    for _ in range(times):
        number = len(rows[tables.revision]) + 1
        rows[tables.revision].append(
            {
                "id": number, "line": line, "text": _caption(draw), "origin": origin, "base": base, "written": now(),
                "state": "submitted", "key": str(number),
            }
        )  # fmt: skip
        base = number


def _caption(draw: random.Random) -> str:
    said = {kind: draw.choice(words) for kind, words in WORDS.items()}
    text = f"A {said['size']} {said['colour']} {said['what']} {said['does']} {said['where']} {said['with']}."
    return text if draw.random() < 0.99 else f"{text} {' '.join(draw.choices(WORDS['colour'], k=140))}"


def _answers(rows: dict[Any, list[Any]], image: str, member: str, number: int, draw: random.Random) -> None:
    said: dict[str, Any] = {}
    if number % 3 == 0:
        said["rating"] = draw.randint(1, 5)
    if number % 4 == 0:
        said["pose"] = draw.choice(POSES)
    if number % 100 == 0:
        said["flag"] = "too dark to tell"
    rows[tables.answer] += [
        {"image": image, "member": member, "key": key, "value": value, "written": now()} for key, value in said.items()
    ]
