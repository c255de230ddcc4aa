"""`curator demo`: the main job from end to end on the built-in sample set, by the commands that a user would type."""

import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from curator import console
from curator.errors import CuratorError, ExitCode

MEMBERS = "ada,ben,cleo,dan"


@dataclass(frozen=True)
class Step:
    about: str
    command: str
    """As a user would type it in the workspace."""


STEPS = (
    Step(
        "the built-in pictures: OpenMoji's Animals & Nature, eight subjects",
        "curator ingest --dataset openmoji --group 'Animals & Nature'",
    ),
    Step("whole subjects, near 15 % of the pictures, are held out", "curator hold-out --share 15% --seed 7"),
    Step("equal shares for four members, within each subject too", "curator split --overlap 10% --seed 7"),
    Step("what the set is like", "curator status"),
    Step("duplicates, captions, words, authors, places", "curator audit"),
    Step("a release, proved by opening it again", "curator export"),
    Step("the tiny preset, a short run", "train run --steps 60"),
    Step("32 prompts, by the untouched and by the finetuned model", "train sample --count 32"),
    Step("what the finetune changed, and how far that can be trusted", "evaluate run"),
)
TORCH_FREE = 6
"""The steps before this one need no torch."""


def demo_command(
    folder: Annotated[Path, typer.Argument(help="Where to make the workspace.")] = Path("curator-demo"),
    no_train: Annotated[bool, typer.Option("--no-train", help="Stop at the release; needs no torch.")] = False,
    _folder: console.InFolder = None,
) -> None:
    """Run the main job on the built-in sample set: from pictures to a scored report, in under five minutes.

    The model is tiny and barely trained: the demo shows the way, not good pictures. Run again, it resumes.
    """
    console.require("resvg_py", "sample")
    if not no_train:
        console.require("torch", "eval")
    started = time.monotonic()
    _run(f"curator init {shlex.quote(str(folder))} --members {MEMBERS}", Path.cwd())
    steps = STEPS[:TORCH_FREE] if no_train else STEPS
    for number, step in enumerate(steps, 1):
        console.say(f"\n[{number}/{len(steps)}] {step.about}")
        _run(step.command, folder)
    console.say(f"\ndone in {time.monotonic() - started:.0f} s")
    for report in sorted((folder / "reports").glob("*.html")):
        console.put(f"report: {report}")


def _run(command: str, folder: Path) -> None:
    """Run a command of ours in `folder`, with its output on this terminal. Raises CuratorError with its exit code."""
    console.say(f"$ {command}")
    script, *arguments = shlex.split(command)
    module = "eval" if script == "evaluate" else script
    done = subprocess.run([sys.executable, "-P", "-m", module, *arguments], cwd=folder, check=False)
    if done.returncode == ExitCode.STOPPED:
        raise KeyboardInterrupt
    if done.returncode:
        error = CuratorError(f"`{command}` ended with exit code {done.returncode}", hint="its message stands above")
        error.exit_code = ExitCode(done.returncode) if done.returncode in set(ExitCode) else ExitCode.BUG
        raise error
