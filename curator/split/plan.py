"""A round of splitting: what `curator split` reads from the store and writes to it."""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from curator.errors import InputError, UsageError
from curator.record import Task
from curator.split.assign import NO_SUBJECT, Assignment, Held, split
from curator.split.overlap import Overlap
from curator.split.proof import tasks_of
from curator.split.takers import takers
from curator.store import Store
from curator.store.pictures import first_sources
from curator.store.team import Given


@dataclass(frozen=True)
class Wish:
    """What the command line asks for."""

    overlap: str = "0%"
    """A share like `10%` or a number of pictures."""
    overlap_by: int | None = None
    seed: int = 0
    weights: Mapping[str, float] = field(default_factory=dict)
    """Member → weight in this round, where it is not the stored one."""


def split_round(store: Store, wish: Wish, dry_run: bool = False) -> Assignment:
    """Give away every picture that has no owner yet, as one round, and store it.

    Raises InputError where there are no members or no pictures, UsageError for an overlap that cannot be meant.
    """
    with store.write():
        weights = takers(store.team.members(), wish.weights)
        subjects = kept_subjects(store)
        if not subjects:
            raise InputError("there is no picture to split", hint="curator ingest FOLDER")
        owned = store.team.owners()
        new = len(subjects.keys() - owned.keys())
        overlap = Overlap(count(wish.overlap, new), _further(wish.overlap_by, len(weights)))
        held = Held(owned, overlap_tasks(standing(store, subjects)))
        assignment = split(subjects, weights, wish.seed, overlap, held)
        if assignment.owners and not dry_run:
            tasks = in_order(store, tasks_of(assignment.owners, assignment.overlap))
            store.team.add_round(wish.seed, wish.overlap, wish.overlap_by, assignment.proof, tasks)
            store.history.note("split", **assignment.proof)
    return assignment


def overlap_tasks(tasks: Iterable[Task]) -> Counter[str]:
    """How many of these tasks are pictures of others to caption blind, by member."""
    return Counter(task.member for task in tasks if task.kind == "overlap")


def in_order(store: Store, tasks: Iterable[Given | tuple[str, str, str]]) -> list[Given]:
    """Tasks in the order in which they are worked on: by the names of their pictures."""
    names = first_sources(store.pictures.sources())
    return sorted((Given(*task) for task in tasks), key=lambda task: (names.get(task.image, [""])[0], task))


def kept_subjects(store: Store) -> dict[str, str]:
    """Picture → subject, of the pictures that are in the set."""
    return {image.id: image.subject or NO_SUBJECT for image in store.pictures.all() if image.status == "ok"}


def standing(store: Store, pictures: Container[str]) -> list[Task]:
    """The tasks on these pictures that nobody has passed on."""
    return [task for task in store.team.tasks() if task.state != "passed" and task.image in pictures]


def pass_on(store: Store, tasks: Iterable[Task], takers_of: Mapping[str, str]) -> None:
    """Mark tasks as passed on to whoever `takers_of` names for their pictures."""
    by_taker: defaultdict[str, list[int]] = defaultdict(list)
    for task in tasks:
        assert task.image is not None
        by_taker[takers_of[task.image]].append(task.id)
    for name, numbers in sorted(by_taker.items()):
        store.team.pass_on(numbers, f"passed on to {name}")


def count(overlap: str, pictures: int) -> int:
    """`10%` or `4` as a number of pictures, rounded half up. Raises UsageError for anything else."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", overlap.strip())
    if not match:
        raise UsageError(f"--overlap {overlap!r} is neither a share like 10% nor a number of pictures")
    number = float(match[1]) * pictures / 100 if match[2] else float(match[1])
    if number > pictures or not (match[2] or number.is_integer()):
        raise UsageError(f"--overlap {overlap!r} is not possible with {pictures} pictures", hint="at most 100%")
    return int(number + 0.5)


def _further(overlap_by: int | None, members: int) -> int | None:
    if overlap_by is not None and not 1 <= overlap_by < members:
        raise UsageError(
            f"--overlap-by {overlap_by} is not possible with {members} members", hint=f"1 to {members - 1}"
        )
    return overlap_by
