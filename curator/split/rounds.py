"""The rounds that were stored, with their proofs; and whether a proof still fits the tasks it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from curator.errors import InputError
from curator.split.proof import digest
from curator.store import Store


@dataclass(frozen=True)
class Verdict:
    """Whether the tasks of a round are the ones that its proof was made of."""

    round: int
    stored: str
    """The digest in the proof."""
    found: str
    """The digest of the tasks as they are stored now."""

    @property
    def holds(self) -> bool:
        """Whether both are the same."""
        return self.stored == self.found


def rounds(store: Store, number: int | None = None) -> list[dict[str, Any]]:
    """Number, time, kind, overlap and proof of every round, oldest first, or of the one that is asked for.

    Raises InputError where there is no round of that number.
    """
    found = store.team.rounds()
    if number is not None:
        found = [each for each in found if each["id"] == number]
        if not found:
            raise InputError(f"there is no round {number}", hint="`curator rounds` lists them")
    return [
        {
            "round": each["id"],
            "made": each["created"],
            "kind": each["proof"].get("kind", "split"),
            "overlap": each["overlap"],
            "overlap_by": each["overlap_by"],
            "proof": each["proof"],
        }
        for each in found
    ]


def verify(store: Store, a_round: Mapping[str, Any]) -> Verdict:
    """Work out the digest of a round again, from its tasks. States do not matter: who was given what never changes."""
    tasks = store.team.tasks(round_=a_round["round"])
    given = [(task.member, task.kind, task.image) for task in tasks if task.image is not None]
    found = digest((member, kind, image) for member, kind, image in given if kind in ("own", "overlap"))
    return Verdict(a_round["round"], a_round["proof"].get("digest", ""), found)
