"""Four writers that are killed at any moment, and a server that is, lose no text that the store has acknowledged.

The program that kills and counts is benchmarks/faults, which can do so for longer.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = Path(__file__).parents[3] / "benchmarks" / "faults"
KILLS = 12
NEVER = ("missing", "of_another_author", "out_of_order", "twice", "gaps", "drafts_lost", "unsound")


@pytest.mark.slow
@pytest.mark.parametrize("way", ["store", "typing"])
def test_killed_writers_lose_no_text_that_was_acknowledged(engine, way, need):
    if engine == "postgres":
        need("postgres")
    options = ["--kills", KILLS, "--engine", engine, "--way", way, "--seed", 7, "--json"]
    line = [sys.executable, FAULTS, *options]
    done = subprocess.run(list(map(str, line)), capture_output=True, text=True, timeout=300)
    assert done.stdout, done.stderr
    (run,) = json.loads(done.stdout)["runs"]
    assert {name: run[name] for name in NEVER} == dict.fromkeys(NEVER, 0)
    assert done.returncode == 0
    assert run["kills"] >= KILLS
    assert run["server_kills"] == (KILLS // 6 if engine == "postgres" else 0)
    assert run["acknowledged" if way == "store" else "drafts_acknowledged"] > 0
    # A text may be stored although its writer was killed before it heard so; started again, it wrote it once more.
    assert 0 <= run["stored"] - run["acknowledged"] <= 4


@pytest.mark.parametrize("turn", range(3))
def test_a_writer_that_tries_again_with_its_key_writes_once(seeded, writing, turn):
    """What a client does that was cut off before it heard the answer."""
    keys = [f"{turn} {number}" for number in range(10)]
    sent = keys + random.Random(turn).sample(keys, 5)
    stored = [seeded.captions.submit(writing(key, key=key)) for key in sent]
    assert [each.text for each in seeded.captions.revisions()] == keys
    assert [each.text for each in stored] == sent
