"""How long it takes to look at a large set, by the parts that the captioner and the lists are made of.

    python benchmarks/annotate.py --pictures 100000 --json

Makes a store of that many pictures in a temporary folder (benchmarks/large_set.py), then takes the median of the runs.
Times are of this machine, with whatever else it does.
"""

import argparse
import gc
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from large_set import Made, make_store
from pseudo_terminal import Captioner

from curator.columns import Columns, load, refresh
from curator.filter import parse
from curator.store import open_store
from curator.workspace import Workspace

STEPS = 100
"""Pictures that are gone to, one after the other."""
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


def measure_captioner(made: Made, runs: int) -> dict[str, float]:
    """`annotate tui` in a pseudo-terminal of 80 × 24: until it is there, from picture to picture, a filter, memory."""
    ready, steps, filtered, memory = [], [], [], 0.0
    for _ in range(runs):
        with (
            tempfile.TemporaryDirectory() as home,
            Captioner(made.workspace.path, made.members[1], Path(home)) as captioner,
        ):
            ready.append(captioner.ready_s)
            captioner.until_helped()
            steps += [captioner.step_s() for _ in range(STEPS)]
            filtered.append(captioner.filter_s("words:<14 brown"))
            memory = max(memory, captioner.most_mib())
    steps.sort()
    return {
        "captioner: from the command to the first picture, s": statistics.median(ready),
        "captioner: the same, the fastest, s": min(ready),
        "captioner: next picture, median, ms": 1000 * statistics.median(steps),
        "captioner: next picture, 95 of 100, ms": 1000 * steps[int(0.95 * len(steps))],
        "captioner: from Enter to the filtered list, ms": 1000 * statistics.median(filtered),
        "captioner: most memory, MiB": memory,
    }


def forget(columns: Columns, kind: str) -> None:
    """Count captions anew at the next question; the vocabulary stays read."""
    columns.captions._counts.pop(kind, None)
    columns.captions._lengths.pop(kind, None)


MEASURES: Mapping[str, Callable[[Made, int], dict[str, float]]] = {
    "columns": measure_columns,
    "filters": measure_filters,
    "captioner": measure_captioner,
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
