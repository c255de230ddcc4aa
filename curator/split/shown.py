"""Proofs of rounds as a terminal shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from curator import console

if TYPE_CHECKING:
    from curator.split.reassign import Passed

LISTED = 10
"""Pictures that a line names one by one."""


def title(a_round: Mapping[str, Any]) -> str:
    """What a round was, in a line; its time in the reader's own zone."""
    when = datetime.fromisoformat(a_round["made"]).astimezone()
    return f"round {a_round['round']}, {a_round['kind']}, {when:%Y-%m-%d %H:%M}"


def show(proof: Mapping[str, Any]) -> None:
    """Print a proof: who got how much of each subject, and how far that is from what is fair."""
    if "digest" not in proof:
        console.put("no proof was stored")
        return
    members = list(proof["own"])
    rows: list[list[object]] = [
        [subject or "(none)", *(counts[name] for name in members)] for subject, counts in proof["subjects"].items()
    ]
    rows += [[label, *(counts.get(name, 0) for name in members)] for label, counts in _sums(proof)]
    console.print_table(["subject", *members], rows)
    for line in _lines(proof):
        console.put(line)
    console.put(f"seed {proof['seed']}, digest {proof['digest']}")


def show_exceptions(passed: "Passed", giver: str) -> None:
    """Print which pictures a handover could not treat like the others, and what to do about them."""
    then = "the tasks are ended" if passed.proof["ended"] else f"the tasks stay open for {giver}"
    for names, what in (
        (passed.drafts, f"not passed on: {giver} has a draft (--drafts-too passes them on)"),
        (passed.promoted, "now owned by one of those who caption blind: they have one captioner less"),
        (passed.stuck, f"to caption blind, and everyone else owns, captions or has captioned them: {then}"),
    ):
        if names:
            more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
            console.put(f"{len(names)} {what}\n  {', '.join(names[:LISTED])}{more}")


def _sums(proof: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The rows below the subjects."""
    kind = proof.get("kind", "split")
    sums: list[tuple[str, Mapping[str, Any]]] = [("own", proof["own"])]
    if kind == "split":
        sums.append(("with overlap", proof["loads"]))
        if proof.get("own_with_earlier", proof["own"]) != proof["own"]:
            sums.append(("own, with earlier rounds", proof["own_with_earlier"]))
            sums.append(("all, with earlier rounds", proof["loads_with_earlier"]))
    elif kind == "reassign":
        sums.append(("overlap", proof["overlap"]))
    else:
        sums += [("given away", proof["given"]), ("open before", proof["open_before"])]
        sums.append(("open now", proof["open_after"]))
    if not _even(proof):
        sums += [("weight", proof["weights"]), ("fair share", proof["shares"])]
    return sums


def _lines(proof: Mapping[str, Any]) -> list[str]:
    """What the proof says in words."""
    kind = proof.get("kind", "split")
    if kind == "reassign":
        lines = [f"{proof['pictures']} open pictures of {proof['from']} were passed on"]
    elif kind != "split":
        name = proof.get("joined")
        joined = f", {proof['own'][name]} of them to {name}" if name else ""
        lines = [f"{proof['pictures']} open pictures changed hands{joined}"]
    else:
        blind = f"{proof['overlap_pictures']} of them are captioned blind by others too"
        lines = [f"{proof['pictures']} pictures; {blind}"]
        if _even(proof):
            over_all, subject, loads = (proof[f"largest_difference{what}"] for what in _PLACES)
            lines.append(f"largest difference: {over_all} over all, {subject} within a subject, {loads} of total loads")
    distances = [f"{proof[f'furthest{key}']:g} {what}" for key, what in _PLACES.items() if f"furthest{key}" in proof]
    return [*lines, *([f"furthest from a fair share, in pictures: {', '.join(distances)}"] if distances else [])]


_PLACES = {"": "over all", "_in_a_subject": "within a subject", "_of_loads": "of total loads"}


def _even(proof: Mapping[str, Any]) -> bool:
    return len(set(proof.get("weights", {}).values())) <= 1
