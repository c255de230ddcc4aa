"""Asking git about a folder. Nothing here changes a repository, its index or its files, nor starts what it names."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from curator.ingest.verdict import Refused
from curator.sync.habits import read_habits

ASKING = ("--no-optional-locks", "--no-pager", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false")
"""Options under which git neither writes its index nor starts a program that the repository's settings name."""
LIMIT_S = 120
MOST_VERSIONS = 30
"""Commits of one file that are looked at."""


def ask(root: Path, *arguments: str) -> str | None:
    """What git answers, or None where it is not installed, refuses, or the folder is in no repository."""
    told = _ask(root, *arguments)
    return None if told is None else told.decode("utf-8", "backslashreplace")


def versions(root: Path, path: str) -> Iterator[str]:
    """The texts of a file in the newest commits that changed it, newest first; those that are no text are left out."""
    for commit in (ask(root, "log", f"-{MOST_VERSIONS}", "--format=%H", "--", path) or "").split():
        content = _ask(root, "cat-file", "blob", f"{commit}:./{path}")
        try:
            yield "" if content is None else read_habits(content)[0]
        except Refused:
            continue


def _ask(root: Path, *arguments: str) -> bytes | None:
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    surroundings |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    line = ["git", "-C", str(root), *ASKING, *arguments]
    try:
        done = subprocess.run(line, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_S)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
