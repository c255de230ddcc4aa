"""How long the daily commands of `curator` take on a set of a given size, each as a user meets it.

    python benchmarks/curate.py --pictures 1000 --json

Makes a set of random pictures in a temporary folder. Prints the median of the runs; a ratio stands where two ways are
compared within one run, because machines differ and one machine differs from hour to hour.
"""

import argparse
import io
import json
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from curator.record import Draft
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

SIDE_PX = 256


def make_set(folder: Path, pictures: int) -> None:
    """Pictures that look unlike each other, each with a caption, in ten folders that serve as subjects."""
    draw = random.Random(0)
    for number in range(pictures):
        place = folder / f"subject{number % 10}"
        place.mkdir(parents=True, exist_ok=True)
        coarse = Image.frombytes("RGB", (8, 8), draw.randbytes(192))
        buffer = io.BytesIO()
        coarse.resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
        (place / f"{number:05d}.jpg").write_bytes(buffer.getvalue())
        (place / f"{number:05d}.txt").write_text(f"picture number {number} of a subject on a coloured ground")


def command(*arguments: str, folder: Path) -> Callable[[], None]:
    """A command line of ours, as a process of its own."""

    def run() -> None:
        subprocess.run([sys.executable, "-P", "-m", *arguments], cwd=folder, check=True, capture_output=True)

    return run


def seconds(action: Callable[[], object], runs: int) -> float:
    """The median time of `runs` calls, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(pictures: int, runs: int) -> dict[str, float]:
    """Name of the figure → its value; the unit stands in the name."""
    figures = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_set(folder / "found", pictures)
        space = folder / "space"
        command("curator", "init", "space", "--members", "a,b,c,d", folder=folder)()
        figures["ingest, pictures/s"] = pictures / seconds(command("curator", "ingest", "../found", folder=space), 1)
        figures["ingest again, s"] = seconds(command("curator", "ingest", "../found", folder=space), runs)
        figures["curator --help, s"] = seconds(command("curator", "--help", folder=space), runs)
        figures["split, s"] = seconds(command("curator", "split", "--overlap", "10%", "--dry-run", folder=space), runs)
        command("curator", "split", "--overlap", "10%", folder=space)()
        figures["status, s"] = seconds(command("curator", "status", folder=space), runs)
        figures["audit, s"] = seconds(command("curator", "audit", folder=space), 1)
        figures["export, samples/s"] = pictures / seconds(command("curator", "export", folder=space), 1)
        figures |= measure_store(Workspace.find(space), runs)
    return figures


def measure_store(workspace: Workspace, runs: int) -> dict[str, float]:
    """What the captioner does at each keystroke pause and at each submit, and one read of everything."""
    store = open_store(workspace)
    image = store.pictures.all()[0].id
    number = 200

    def submit() -> None:
        for each in range(number):
            store.captions.submit(Writing(image, "a", f"text {each}"))

    def draft() -> None:
        for each in range(number):
            store.captions.save_draft(Draft(image, "a", 0, f"text {each}", (), None))

    figures = {
        "captions submitted and on disk, 1/s": number / seconds(submit, runs),
        "drafts saved and on disk, 1/s": number / seconds(draft, runs),
        "all records read, s": seconds(store.records.all, runs),
    }
    store.close()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(arguments.pictures, arguments.runs)
    if arguments.json:
        machine = f"{platform.machine()}, Python {platform.python_version()}"
        print(json.dumps({"machine": machine, "pictures": arguments.pictures, **figures}, indent=2))
        return
    for name, value in figures.items():
        print(f"{name:<40} {value:10.3g}")


if __name__ == "__main__":
    main()
