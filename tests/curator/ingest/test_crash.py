"""An ingest that is killed leaves a good state, and the next one ends where an undisturbed one would have."""

import signal
import subprocess
import sys

import pytest

from curator.store import open_store
from curator.workspace import Workspace

PICTURES = 14
SCRIPT = """
import os, signal, sys
from pathlib import Path
from curator.ingest.job import Job
from curator.ingest.request import Request
from curator.store import open_store
from curator.workspace import Workspace

workspace, left = Workspace.find(Path(sys.argv[1])), int(sys.argv[3])

def step(*_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[4] == "writes":
    from sqlalchemy import Engine, event
    event.listen(Engine, "before_cursor_execute", step)
store = open_store(workspace)
job = Job(workspace, store, Request(Path(sys.argv[2]), author="ada", batch=4))
for phase in job.phases():
    for _path in phase.steps:
        if sys.argv[4] == "files":
            step()
store.close()
print("done")
"""


@pytest.fixture
def pictures(folder, picture):
    folder({f"{number % 2}/{number:02d}.png": picture(number % 12) for number in range(PICTURES)})
    return folder({f"{number % 2}/{number:02d}.txt": f"caption {number}" for number in range(PICTURES)})


@pytest.fixture
def fresh(tmp_path):
    """`fresh("name")` makes an empty workspace."""

    def make(name):
        (tmp_path / name).mkdir()
        (tmp_path / name / "curator.toml").write_text('name = "x"\n')
        workspace = Workspace.find(tmp_path / name)
        open_store(workspace, create=True).close()
        return workspace

    return make


@pytest.fixture
def attempt(pictures):
    """`attempt(workspace, 7, "files")` ingests in another process that kills itself after so many files or queries."""

    def run(workspace, steps, unit):
        line = [sys.executable, "-c", SCRIPT, str(workspace.path), str(pictures), str(steps), unit]
        done = subprocess.run(line, capture_output=True, text=True, timeout=120)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        return done.returncode == 0

    return run


@pytest.mark.parametrize(("unit", "steps"), [("files", (0, 3, 9, 5)), ("writes", (25, 60, 110))])
def test_killed_at_any_step_and_run_again_it_ends_in_the_same_store(fresh, attempt, contents, unit, steps):
    undisturbed, disturbed = fresh("undisturbed"), fresh("disturbed")
    assert attempt(undisturbed, 10**9, unit)
    killed = [not attempt(disturbed, number, unit) for number in steps]
    assert sum(killed) >= 3
    assert attempt(disturbed, 10**9, unit)
    assert contents(disturbed) == contents(undisturbed)
    assert not list(disturbed.path.rglob("*.part"))
