"""The two-person rule: which adjudicated texts count, and which still wait for a second member. Pure.

Under it an adjudicated text is no caption until another member has approved it. Until then the caption is what it would
be without that text, and the picture is not ready, so that nothing undecided is exported.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curator.captions import ADJUDICATED
from curator.record import Answer, Revision

KEY = "approve."
"""Key of an answer that approves or refuses an adjudicated text; the slot follows."""
WAITING = "awaiting approval"
REFUSED = "approval refused"


@dataclass(frozen=True)
class Verdict:
    """What a member says of an adjudicated text."""

    revision: int
    member: str
    reason: str | None
    """Why it is refused; None: it is approved."""


def approving(revision: Revision) -> tuple[str, Any]:
    """Key and value of the answer that approves a text."""
    return f"{KEY}{revision.slot}", revision.id


def refusing(revision: Revision, reason: str) -> tuple[str, Any]:
    """Key and value of the answer that refuses a text."""
    return f"{KEY}{revision.slot}", {"revision": revision.id, "refused": reason}


def verdicts(answers: Iterable[Answer]) -> dict[int, tuple[Verdict, ...]]:
    """Revision → what members say of it, the newest of each, oldest first; answers about other things are left out."""
    newest: dict[tuple[int, str], Verdict] = {}
    for each in sorted(answers, key=lambda each: each.id):
        if not each.key.startswith(KEY):
            continue
        value = each.value if isinstance(each.value, dict) else {"revision": each.value}
        number = value.get("revision")
        if isinstance(number, int):
            reason = value.get("refused")
            newest.pop((number, each.member), None)
            newest[number, each.member] = Verdict(number, each.member, None if reason is None else str(reason))
    found: dict[int, tuple[Verdict, ...]] = {}
    for verdict in newest.values():
        found[verdict.revision] = (*found.get(verdict.revision, ()), verdict)
    return found


def adjudicator(revision: Revision) -> str:
    """Who decided for an adjudicated text."""
    return revision.writer or revision.author


def verdict_on(revision: Revision, given: Mapping[int, Sequence[Verdict]]) -> Verdict | None:
    """The newest verdict of anyone but the adjudicator, or None."""
    others = [each for each in given.get(revision.id, ()) if each.member != adjudicator(revision)]
    return others[-1] if others else None


def counting(revisions: Iterable[Revision], given: Mapping[int, Sequence[Verdict]]) -> list[Revision]:
    """The revisions without adjudicated texts that nobody else has approved. To take one back needs no approval."""
    return [each for each in revisions if not _is_verdict(each) or _approved(each, given)]


def undecided(revisions: Sequence[Revision], given: Mapping[int, Sequence[Verdict]]) -> dict[int, Revision]:
    """Slot → its newest adjudicated text, where that is not approved and nothing was written on top of it."""
    overtaken = {parent for each in revisions for parent in (each.base, each.merges)}
    newest: dict[int, Revision] = {}
    for each in sorted(revisions, key=lambda each: each.id):
        if _is_verdict(each) and each.id not in overtaken:
            newest[each.slot] = each
    return {slot: each for slot, each in newest.items() if not _approved(each, given)}


def waits(revisions: Sequence[Revision], given: Mapping[int, Sequence[Verdict]]) -> str | None:
    """WAITING or REFUSED where an adjudicated text of the picture is not approved, or None."""
    found = undecided(revisions, given).values()
    if not found:
        return None
    return REFUSED if any(verdict_on(each, given) is not None for each in found) else WAITING


def _is_verdict(revision: Revision) -> bool:
    return revision.origin == ADJUDICATED and revision.state == "submitted"


def _approved(revision: Revision, given: Mapping[int, Sequence[Verdict]]) -> bool:
    verdict = verdict_on(revision, given)
    return verdict is not None and verdict.reason is None
