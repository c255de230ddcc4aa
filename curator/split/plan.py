"""A round of splitting: what `curator split` reads from the store and writes to it."""

import re
from dataclasses import dataclass

from curator.errors import InputError, UsageError
from curator.split.assign import Assignment, Overlap, split
from curator.store import Store


@dataclass(frozen=True)
class Wish:
    """What the command line asks for."""

    overlap: str = "0%"
    """A share like `10%` or a number of pictures."""
    overlap_by: int | None = None
    seed: int = 0


def split_round(store: Store, wish: Wish, dry_run: bool = False) -> Assignment:
    """Give away every picture that has no owner yet, as one round, and store it.

    Raises InputError where there are no members or no pictures, UsageError for an overlap that cannot be meant.
    """
    with store.write():
        members = [each.name for each in store.team.members() if each.role != "contributor" and each.left is None]
        if not members:
            raise InputError("this workspace has no members", hint="add them: curator init --members a,b,c,d")
        subjects = {image.id: image.subject for image in store.pictures.all() if image.status == "ok"}
        if not subjects:
            raise InputError("there is no picture to split", hint="curator ingest FOLDER")
        owned = store.team.owners()
        new = len(subjects.keys() - owned.keys())
        overlap = Overlap(count(wish.overlap, new), _further(wish.overlap_by, len(members)))
        assignment = split(subjects, members, wish.seed, overlap, owned)
        if assignment.owners and not dry_run:
            tasks = [(member, "own", picture) for picture, member in assignment.owners.items()]
            tasks += [
                (member, "overlap", picture) for picture, others in assignment.overlap.items() for member in others
            ]
            names = {record.image.id: record.name for record in store.records.all()}
            tasks.sort(key=lambda task: (names[task[2]], task))
            store.team.add_round(wish.seed, wish.overlap, wish.overlap_by, assignment.proof, tasks)
            store.history.note("split", **assignment.proof)
    return assignment


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
