"""How long it takes to look at a large set, by the parts that the captioner and the lists are made of.

    python benchmarks/annotate.py --pictures 100000 --json

Makes a store of that many pictures in a temporary folder (`make_store`, which other scripts use as well), then takes
the median of the runs. Times are of this machine, with whatever else it does.
"""

import argparse
import gc
import hashlib
import io
import json
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import insert

from curator.blobs import Blobs
from curator.columns import Columns, load, refresh
from curator.filter import parse
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


FILTERS = (
    "dog", '"brown dog"', "retr*", "b*k", "caption:none", "re:/brown (dog|poodle) .*snow/", "re:/(a|e)+[a-z]*s( on)+/",
    "author:member1", "origin:import", "owner:member1", "member:member2", "subject:subject7", "name:IMG_0000*",
    "name:re:/IMG_0*7/", "id:3f", "split:test", "state:open", "state:submitted@*", "draft:yes", "conflict:yes",
    "flag:dark", "note:*", "rating:>=4", "pose:sitting", "finding:misspelt", "words:<12", "tokens:>128",
    "tokens:20..25", "clip:>77", "width:<600", "ratio:>1.3", "slots:0", "blind:yes", "overlap:yes", "excluded:no",
    '(brown or black) -"red collar" tokens:>20 not subject:subject7 rating:none',
)  # fmt: skip


def measure_columns(made: Made, runs: int) -> dict[str, float]:
    """Reading the whole table, and what it takes in memory; then one picture of it."""
    store, member = open_store(made.workspace), made.members[1]
    attributes = tuple(made.workspace.config.attributes)
    gc.collect()
    before = resident_mib()
    columns = load(store, member, attributes)
    figures = {"columns: memory above the rest, MiB": resident_mib() - before}
    figures["columns: load, s"] = seconds(lambda: load(store, member, attributes), runs)
    image = columns.ids[len(columns) // 2]
    figures["columns: one picture read anew, s"] = seconds(lambda: refresh(columns, store, image), runs)
    store.close()
    return figures


def measure_filters(made: Made, runs: int) -> dict[str, float]:
    """Each kind of filter: the first time, when nothing is counted or folded yet, and again."""
    store = open_store(made.workspace)
    attributes = made.workspace.config.attributes
    columns = load(store, made.members[1], attributes)
    figures = {}
    for text in FILTERS:
        wanted = parse(text, attributes)
        for kind in ("words", "tokens", "clip"):
            forget(columns, kind)
        figures[f"filter {text}: first, ms"] = 1000 * seconds(lambda wanted=wanted: wanted.mask(columns), 1)
        figures[f"filter {text}: again, ms"] = 1000 * seconds(lambda wanted=wanted: wanted.mask(columns), runs)
    store.close()
    return figures


def forget(columns: Columns, kind: str) -> None:
    """Count captions anew at the next question; the vocabulary stays read."""
    columns.captions._counts.pop(kind, None)
    columns.captions._lengths.pop(kind, None)


MEASURES: Mapping[str, Callable[[Made, int], dict[str, float]]] = {
    "columns": measure_columns,
    "filters": measure_filters,
}
"""What `--only` may name, in the order it is measured."""


def seconds(action: Callable[[], object], runs: int) -> float:
    """The median time of `runs` calls, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def resident_mib() -> float:
    """Memory that this process holds now, in MiB; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=4)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=MEASURES, action="append", help="measure this only; may be repeated")
    parser.add_argument("--keep", type=Path, help="make the set in this folder and leave it there; used again if there")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        made, took = set_in(arguments.keep or Path(scratch) / "large", arguments.pictures, arguments.members)
        figures = {"set made, s": took} if took else {}
        for name in arguments.only or MEASURES:
            figures |= MEASURES[name](made, arguments.runs)
    if arguments.json:
        machine = f"{platform.machine()}, Python {platform.python_version()}"
        print(json.dumps({"machine": machine, "pictures": arguments.pictures, **figures}, indent=2))
        return
    for name, value in figures.items():
        print(f"{name:<100} {value:10.3g}")


def set_in(folder: Path, pictures: int, members: int) -> tuple[Made, float]:
    """The set in a folder, made if it is not there yet, and how long that took in seconds."""
    if (folder / "curator.db").is_file():
        return Made(Workspace.find(folder), tuple(f"member{number}" for number in range(members))), 0.0
    start = time.perf_counter()
    made = make_store(folder, pictures, members)
    return made, time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
