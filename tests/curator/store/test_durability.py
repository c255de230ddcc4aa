"""Writers that are killed at any moment lose no text that the store has acknowledged."""

import random
import subprocess
import sys

import pytest

KILLS = 10
KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

workspace, draws = Workspace.find(Path(sys.argv[1])), random.Random(int(sys.argv[2]))
for turn in range(int(sys.argv[3])):
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        store = open_store(workspace)
        for number in range(100_000):
            text = f"text {number} of writer {turn}"
            stored = store.captions.submit(Writing("1" * 64, "ann", text, base=None, key=text))
            os.write(tells, f"{stored.id} {text}\\n".encode())  # told only after the store has said yes
        os._exit(0)
    os.close(tells)
    told = b""
    while told.count(b"\\n") < draws.randint(1, 20):
        told += os.read(hears, 65536)
    time.sleep(draws.random() * 0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(hears, 65536):
        told += more
    os.close(hears)
    print(told.decode(), end="")
"""


def test_killed_writers_lose_no_text_that_was_acknowledged(workspace, seeded, engine):
    line = [sys.executable, "-P", "-c", KILLED, workspace.path, "7", KILLS]
    done = subprocess.run(list(map(str, line)), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    told = dict(row.split(" ", 1) for row in done.stdout.splitlines())
    kept = {str(each.id): each.text for each in seeded.captions.revisions()}
    assert len({text.rpartition(" ")[2] for text in told.values()}) == KILLS
    assert told.items() <= kept.items()
    # A text may be stored although its writer was killed before it heard so: one a kill at most.
    assert len(kept) - len(told) <= KILLS
    if engine == "sqlite":
        with seeded.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


@pytest.mark.parametrize("turn", range(3))
def test_a_writer_that_tries_again_with_its_key_writes_once(seeded, writing, turn):
    """What a client does that was cut off before it heard the answer."""
    keys = [f"{turn} {number}" for number in range(10)]
    sent = keys + random.Random(turn).sample(keys, 5)
    stored = [seeded.captions.submit(writing(key, key=key)) for key in sent]
    assert [each.text for each in seeded.captions.revisions()] == keys
    assert [each.text for each in stored] == sent
