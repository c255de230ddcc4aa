"""Find and replace in many captions: a plan to look at, one step that carries it out, and a way back. Nothing is lost.

The plan is made without writing. Carried out, every caption gets a new revision on top of the one that was looked at,
all of them or none; each belongs to a batch, which says who replaced what. To take a batch back is a batch of its own.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from annotate.replace.substitution import Request, Span, substitution
from curator.captions import ADJUDICATED
from curator.columns import load
from curator.errors import GateError, InputError
from curator.filter import Filter
from curator.identity.roles import LEADS, REVIEWERS, check_role
from curator.record import Batch, Member
from curator.store import Store
from curator.store.batches import End, Rewriting, Rewritten

REPLACE = "replace"
"""Origin of the revisions; what was adjudicated stays so."""
EVERYBODY = "*"
NAMED = 10
"""Captions that an error names."""

DRAFT = "its author is typing another text"
EDITED = "it was edited since"


@dataclass(frozen=True)
class Scope:
    """Which captions are looked at."""

    wanted: Filter
    author: str
    """Whose captions; `*`: everybody's, also those that were imported without a name."""
    slot: int | None = None
    """None: every slot."""


@dataclass(frozen=True)
class Change:
    """One caption, before and after. The texts are in canonical form (NFC)."""

    end: End
    """The text that is replaced."""
    name: str
    before: str
    after: str
    removed: tuple[Span, ...]
    """Where `before` matches, from and up to, in characters."""
    added: tuple[Span, ...]
    """Where the replacements stand in `after`."""


@dataclass(frozen=True)
class Held:
    """A caption that matches and is left as it is."""

    end: End
    name: str
    why: str


@dataclass(frozen=True)
class Plan:
    """What a find-and-replace would do."""

    member: str
    request: Request
    scope: Scope
    changes: tuple[Change, ...]
    held: tuple[Held, ...]


@dataclass(frozen=True)
class Undone:
    """What taking a batch back did."""

    batch: int
    restored: tuple[Rewritten, ...]
    left: tuple[tuple[Rewritten, str], ...]
    """Revisions that were not taken back, and why."""
    names: Mapping[str, str]
    """Image id → name."""


def preview(
    store: Store, member: Member, request: Request, scope: Scope, attributes: Mapping[str, tuple[str, ...]]
) -> Plan:
    """What the request would change, in one snapshot; nothing is written.

    Raises GateError where captions of others are meant and the member is no lead, InputError where the pattern is none,
    takes too long, or makes a text that cannot be stored.
    """
    with store.read():
        if scope.author != member.name:
            check_role(member, LEADS, store.team.members())
        columns = load(store, member.name, attributes)
        ends = store.batches.ends(None if scope.author == EVERYBODY else scope.author)
    wanted = scope.wanted.mask(columns)
    inside = {image: row for image, row in columns.index.items() if wanted[row]}
    names = {image: columns.names[row] for image, row in inside.items()}
    conflicts = {image for image, row in inside.items() if columns.conflict[row]}
    return plan(member, request, scope, ends, names, conflicts)


def plan(
    member: Member, request: Request, scope: Scope, ends: Sequence[End], names: Mapping[str, str], conflicts: set[str]
) -> Plan:
    """What the request would change in these texts. `names`: the pictures in question; `conflicts`: those of them with
    texts that compete. Pure."""
    lines = Counter(end.line for end in ends)
    texts = [end for end in ends if end.image in names and end.submitted and scope.slot in (None, end.slot)]
    substitute = substitution(request)
    changes: list[Change] = []
    held: list[Held] = []
    for end in texts:
        found = substitute(end.text)
        if found is None:
            continue
        name = names[end.image]
        why = _obstacle(end, member, found.after, lines[end.line] > 1 or end.image in conflicts)
        if why is not None:
            held.append(Held(end, name, why))
        else:
            changes.append(Change(end, name, found.before, found.after, found.removed, found.added))
    by_place = sorted(changes, key=lambda change: (change.name, change.end.slot, change.end.author))
    return Plan(member.name, request, scope, tuple(by_place), tuple(sorted(held, key=lambda each: each.name)))


def apply(store: Store, made: Plan) -> int:
    """Carry a plan out, all of it or nothing, and return the number of the batch.

    Raises GateError that names them where captions have changed since the plan was made, InputError for an empty plan.
    """
    if not made.changes:
        raise InputError("there is nothing to replace", hint="look for another pattern, or in more captions")
    with store.write():
        ends = _ends(store, [change.end.line for change in made.changes])
        moved = [change.name for change in made.changes if ends.get(change.end.line) != [change.end]]
        if moved:
            raise GateError(
                f"{captions(len(moved))} changed since you looked: {_some(moved)}; nothing was replaced",
                hint="look again and repeat it",
            )
        batch = store.captions.add_batch(made.member, _what(made))
        store.batches.write(batch, [_rewriting(change.end, change.after, made.member) for change in made.changes])
        store.history.note("replaced", member=made.member, batch=batch, captions=len(made.changes))
    return batch


def undo(store: Store, member: Member, number: int) -> Undone:
    """Write back the texts from before a batch wherever nothing was written since; to undo that again is to redo.

    Raises InputError for an unknown batch, GateError where it is another member's and this one no lead, or where no
    caption can be taken back.
    """
    with store.write():
        batch = _known(store.captions.batches(), number)
        if batch.member != member.name:
            check_role(member, LEADS, store.team.members())
        written = store.batches.of(number)
        ends = _ends(store, [each.line for each in written])
        judged = [(each, _kept(each, ends.get(each.line, []))) for each in written]
        restored = [each for each, why in judged if why is None]
        left = tuple((each, why) for each, why in judged if why is not None)
        names = _names(store)
        if not restored:
            some = _some([f"{names.get(each.image, each.image)} ({why})" for each, why in left])
            raise GateError(f"nothing of batch {number} can be taken back: {some}", hint="annotate replace --list")
        undoing = store.captions.add_batch(member.name, {**batch.what, "changed": len(restored)}, undoes=number)
        back = [_rewriting(ends[each.line][0], each.before, member.name) for each in restored]
        store.batches.write(undoing, back)
        store.history.note("taken back", member=member.name, batch=number, captions=len(restored))
    return Undone(undoing, tuple(restored), left, names)


def _obstacle(end: End, member: Member, after: str, conflict: bool) -> str | None:
    """Why a caption is left alone, or None."""
    if conflict:
        return "it is in conflict"
    if end.draft:
        return DRAFT
    if end.origin == ADJUDICATED and member.role not in REVIEWERS:
        return "it was adjudicated"
    return None if after.strip() else "nothing would be left of it"


def _kept(written: Rewritten, ends: list[End]) -> str | None:
    """Why a revision of a batch cannot be taken back, or None."""
    if not ends:
        return "its picture was taken out of the set"
    if [end.revision for end in ends] != [written.revision]:
        return EDITED
    return DRAFT if ends[0].draft else None


def _rewriting(end: End, text: str, member: str) -> Rewriting:
    origin = ADJUDICATED if end.origin == ADJUDICATED else REPLACE
    return Rewriting(end, unicodedata.normalize("NFC", text), origin, None if end.author == member else member)


def _ends(store: Store, lines: list[int]) -> dict[int, list[End]]:
    found: dict[int, list[End]] = {}
    for end in store.batches.ends(lines=lines):
        found.setdefault(end.line, []).append(end)
    return found


def _what(made: Plan) -> dict[str, Any]:
    scope = {"filter": str(made.scope.wanted), "author": made.scope.author, "slot": made.scope.slot}
    return {**asdict(made.request), **scope, "changed": len(made.changes)}


def _known(batches: Iterable[Batch], number: int) -> Batch:
    found = {batch.id: batch for batch in batches}
    if number not in found:
        known = ", ".join(map(str, list(found)[-NAMED:])) or "there is none"
        raise InputError(f"there is no batch {number}; known: {known}", hint="annotate replace --list")
    return found[number]


def _names(store: Store) -> dict[str, str]:
    columns = load(store, excluded=True)
    return dict(zip(columns.ids, columns.names, strict=True))


def captions(number: int) -> str:
    """A number of captions in words."""
    return f"{number} caption{'' if number == 1 else 's'}"


def _some(names: list[str]) -> str:
    listed = ", ".join(names[:NAMED])
    return listed if len(names) <= NAMED else f"{listed} and {len(names) - NAMED} more"
