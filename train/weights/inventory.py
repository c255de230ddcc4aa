"""What lies in a folder of released weights: listed at a glance, or verified to the last value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch

from curator.encoders.weights import NAMED, misfits, read_weights, shapes
from curator.errors import InputError
from curator.fetch import recorded_sha256
from curator.files import sha256_file
from train.glide.known import belonging
from train.glide.released import Released, find

State = Literal["there", "part", "absent", "unreadable"]


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    name: str
    state: State
    """`part`: a download that was broken off, which the next one goes on with."""
    file: Path | None
    bytes: int | None
    dtype: str | None
    """Of its tensors; several are joined by +, the one with most values first."""
    sha256: str | None
    """As recorded at the first download, None if it was not downloaded here."""
    about: str


def listed(catalogue: Sequence[Released], folder: Path) -> Iterator[Entry]:
    """What is there of each file of the catalogue; headers are read, values are not."""
    for wanted in catalogue:
        path = find(wanted, folder)
        part = folder / f"{wanted.file}.part"
        if path is not None:
            dtype = _dtype(path)
            state: State = "there" if dtype else "unreadable"
            yield Entry(wanted.name, state, path, path.stat().st_size, dtype, recorded_sha256(path), wanted.model.about)
        elif part.is_file():
            yield Entry(wanted.name, "part", part, part.stat().st_size, None, None, wanted.model.about)
        else:
            yield Entry(wanted.name, "absent", None, None, None, None, wanted.model.about)


def _dtype(path: Path) -> str | None:
    try:
        tensors = read_weights(path).values()
    except InputError:
        return None
    values: dict[str, int] = {}
    for tensor in tensors:
        name = str(tensor.dtype).removeprefix("torch.")
        values[name] = values.get(name, 0) + tensor.numel()
    return "+".join(sorted(values, key=lambda name: -values[name]))


@dataclass(frozen=True)
class Verified:
    """What verifying one file came to."""

    name: str
    file: Path
    sha256: str
    recorded: bool
    """Whether there was a recorded sha256 to compare with."""
    problems: tuple[str, ...]
    """What is wrong, in words; none: nothing."""

    @property
    def result(self) -> str:
        """In words."""
        return "; ".join(self.problems) or ("good" if self.recorded else "good; no sha256 was recorded")


def verify(wanted: Released, path: Path) -> Verified:
    """Compare a file's sha256 with the recorded one, its keys and shapes with the model's, and look at every value."""
    digest, expected = sha256_file(path), recorded_sha256(path)
    problems = [] if expected in (None, digest) else [f"its sha256 is {digest}, recorded was {expected}"]
    problem = problem_of(wanted, path)
    if problem or (problem := _not_finite(path)):
        problems.append(problem)
    return Verified(wanted.name, path, digest, expected is not None, tuple(problems))


def problem_of(wanted: Released, path: Path) -> str:
    """Why a file is not the weights of `wanted`, by its keys and shapes; "" if it is."""
    try:
        tensors = read_weights(path)
    except InputError as error:
        return error.message.removeprefix(f"{path}: ")
    problem = misfits(wanted.model.shapes, shapes(tensors))
    return problem and f"not the weights of {wanted.name}: {problem}; {belonging(tensors)}"


def _not_finite(path: Path) -> str:
    keys = [key for key, value in read_weights(path).items() if not torch.isfinite(value).all()]
    more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
    return f"values that are not finite in {', '.join(keys[:NAMED])}{more}" if keys else ""
