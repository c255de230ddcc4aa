"""Four writers on one store, killed at random with `kill -9`, and what is there afterwards.

    python benchmarks/faults --kills 500 --json

Each writer notes a text in a file of its own once the store has said yes. Afterwards every noted text has to be there,
by its author, unchanged, once, with sequence numbers in the order of the notes. `store` writes straight into the store,
`typing` by way of the annotate app's own writer, with drafts. On PostgreSQL the whole server is killed, too.

A killed process is not a lost power supply: what a disk claims to have written is believed here.
Ends with 1 where anything that should never be has a count.
"""

import argparse
import json
import os
import platform
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from server import Server, programs
from writers import Notes, caption_on, compare_draft, demands, write_on

from curator.record import Image, Member
from curator.store import open_store
from curator.workspace import Workspace

AUTHORS = ("ada", "ben", "cem", "dan")
PICTURES_EACH = 12
LIFE_S = (0.01, 0.35)
"""Between two kills."""
SERVER_EVERY = 6
"""Kills of writers for each kill of the server."""
NEVER = ("missing", "of_another_author", "out_of_order", "twice", "gaps", "drafts_lost", "unsound")
WAYS = {"store": write_on, "typing": caption_on}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="kills of writers in each run (default %(default)s)")
    parser.add_argument("--engine", choices=["sqlite", "postgres"], action="append", help="default: both")
    parser.add_argument("--way", choices=[*WAYS], action="append", help="default: both")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    engines = options.engine or ["sqlite", *(["postgres"] if programs() else [])]
    ways = options.way or [*WAYS]
    runs = [one_run(engine, way, options.kills, options.seed) for engine in engines for way in ways]
    if options.json:
        print(json.dumps({"python": platform.python_version(), "machine": platform.machine(), "runs": runs}, indent=2))
    else:
        for run in runs:
            print(", ".join(f"{name} {value}" for name, value in run.items()))
    return int(any(run[name] for run in runs for name in NEVER))


def one_run(engine: str, way: str, kills: int, seed: int) -> dict[str, object]:
    """Kill writers until there were so many, and count."""
    folder = Path(tempfile.mkdtemp(prefix="curator-faults-"))
    where = programs() if engine == "postgres" else None
    server = Server(where) if where is not None else None
    try:
        make_set(folder, server.address if server else "sqlite:///curator.db")
        begun = time.monotonic()
        killed, restarts = kill_writers(WAYS[way], folder, kills, random.Random(seed), server)
        seconds = time.monotonic() - begun
        found = count_up(folder)
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder)
    kept = {"engine": engine, "way": way, "kills": killed, "server_kills": restarts, "seconds": round(seconds, 1)}
    return kept | {"acknowledged": 0, "drafts_acknowledged": 0, "stored": 0} | dict.fromkeys(NEVER, 0) | found


def make_set(folder: Path, address: str) -> None:
    """Pictures for each of the four, without bytes: nothing here looks at them."""
    (folder / "curator.toml").write_text(f'name = "faults"\n[store]\nurl = "{address}"\n')
    with closing(open_store(Workspace.find(folder), create=True)) as store, store.write():
        tasks = []
        for number, author in enumerate(AUTHORS):
            store.team.add(Member(author))
            for picture in range(PICTURES_EACH):
                name = f"{number}{picture:02}".ljust(64, "0")
                store.pictures.add(Image(name, name, 4, 3, "PNG"))
                tasks.append((author, "own", name))
        store.team.add_round(1, "0%", None, {}, tasks)


def kill_writers(
    write: Callable[[Path, str, Notes], None], folder: Path, kills: int, draws: random.Random, server: Server | None
) -> tuple[int, int]:
    """Four writers, one killed and started again at random moments; the kills of writers and of the server."""
    running = {author: start(write, folder, author) for author in AUTHORS}
    killed = restarts = 0
    try:
        while killed < kills:
            time.sleep(draws.uniform(*LIFE_S))
            author = draws.choice(AUTHORS)
            end(running.pop(author))
            running[author] = start(write, folder, author)
            killed += 1
            if server is not None and killed % SERVER_EVERY == 0:
                time.sleep(draws.uniform(*LIFE_S))
                server.kill()
                time.sleep(draws.uniform(0, 0.2))
                server.start()
                restarts += 1
    finally:
        for process in running.values():  # all at once: no writer outlives another
            os.kill(process, signal.SIGKILL)
        for process in running.values():
            os.waitpid(process, 0)
    return killed + len(running), restarts


def start(write: Callable[[Path, str, Notes], None], folder: Path, author: str) -> int:
    """A writer in a process of its own, forked because a new interpreter would take longer than most of them live."""
    child = os.fork()
    if child == 0:
        try:
            write(folder, author, Notes(folder / f"{author}.notes"))
        finally:
            os._exit(1)
    return child


def end(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise SystemExit("a writer ended by itself")


def count_up(folder: Path) -> Counter[str]:
    """What all notes demand of the store, added up."""
    found: Counter[str] = Counter()
    with closing(open_store(Workspace.find(folder))) as store:
        for author in AUTHORS:
            notes = Notes(folder / f"{author}.notes")
            compare_draft(store, author, notes)
            found.update(demands(notes, author, store.captions.revisions(author=author)))
        if store.database.is_sqlite:
            with store.database.read() as connection:
                found["unsound"] = int(connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok")
    return found


if __name__ == "__main__":
    sys.exit(main())
