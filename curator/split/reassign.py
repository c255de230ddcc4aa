"""What `curator reassign` reads from the store and writes to it: the open tasks of one member go to others.

Submitted captions and drafts are never touched: they are texts of whoever wrote them. Only tasks change hands.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from curator.errors import InputError
from curator.record import Member, Task
from curator.split.assign import weights_of
from curator.split.handover import Handover, Left, hand_over
from curator.split.plan import in_order, kept_subjects, pass_on, standing
from curator.split.takers import known, known_taker, takers
from curator.store import Store
from curator.store.pictures import first_sources
from curator.store.team import Given

BLIND_KINDS = ("own", "overlap")


@dataclass(frozen=True)
class Passing:
    """What `curator reassign` is asked for."""

    giver: str
    to: tuple[str, ...] = ()
    """Members who take over; none: all others."""
    seed: int = 0
    weights: Mapping[str, float] = field(default_factory=dict)
    drafts_too: bool = False
    """Whether to pass on pictures that the giver has a draft of; the draft stays in the store either way."""


@dataclass(frozen=True)
class Passed:
    """What became of what a member had left; pictures by name."""

    proof: Mapping[str, Any]
    drafts: tuple[str, ...]
    """Not passed on, because the member has a draft."""
    promoted: tuple[str, ...]
    """Now owned by a member who captioned them blind: they have one captioner less."""
    stuck: tuple[str, ...]
    """To be captioned blind, and no other member could: everyone else owns, captions or has captioned them."""


def reassign(store: Store, wish: Passing, dry_run: bool = False) -> Passed:
    """Pass a member's open pictures on to others, as one round, and store it.

    Overlap pictures that nobody else can caption blind stay open, or are ended where the member has left.
    Raises InputError for an unknown member and where nobody is left to take over.
    """
    with store.write():
        members = store.team.members()
        giver = known(members, wish.giver)
        weights = _others(members, wish)
        subjects = kept_subjects(store)
        tasks = standing(store, subjects)
        open_ = {task.image: task for task in tasks if task.image and _is_open(task, wish.giver)}
        drafts = store.queues.drafts(wish.giver) & open_.keys()
        going = {image: task for image, task in open_.items() if wish.drafts_too or image not in drafts}
        made = hand_over(_left(store, wish.giver, going, tasks, subjects), weights_of(weights), wish.seed)
        kept = () if wish.drafts_too else tuple(drafts)
        ended = made.stuck if giver.left is not None else ()
        proof = {
            **made.proof, "from": wish.giver, "kept_with_draft": len(kept), "ended": len(ended),
        }  # fmt: skip
        if (made.tasks or ended) and not dry_run:
            _store_handover(store, wish, replace(made, proof=proof), going, tasks, ended)
        names = first_sources(store.pictures.sources())
    named = [tuple(sorted(names.get(each, [each])[0] for each in those)) for those in (kept, made.promoted, made.stuck)]
    return Passed(proof, *named)


def _others(members: list[Member], wish: Passing) -> dict[str, float]:
    for name in wish.to:
        known_taker(members, name)
    weights = takers(members, wish.weights)
    weights = {
        name: weight for name, weight in weights.items() if name != wish.giver and (name in wish.to or not wish.to)
    }
    if not weights:
        raise InputError(
            f"nobody is there to take over what {wish.giver!r} has left", hint="add members: curator members add NAME"
        )
    return weights


def _is_open(task: Task, member: str) -> bool:
    return task.member == member and task.state == "open" and task.kind in BLIND_KINDS


def _left(
    store: Store, giver: str, going: Mapping[str, Task], tasks: Sequence[Task], subjects: Mapping[str, str]
) -> Left:
    captioners: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for task in tasks:
        if task.image and task.image in going and task.member != giver and task.kind in BLIND_KINDS:
            captioners[task.image][task.member] = task.state
    own, overlap = (
        {image: subjects[image] for image, task in going.items() if task.kind == kind} for kind in BLIND_KINDS
    )
    return Left(own, overlap, captioners, store.activity.authors(list(overlap)))


def _store_handover(
    store: Store,
    wish: Passing,
    made: Handover,
    going: Mapping[str, Task],
    tasks: Sequence[Task],
    ended: Sequence[str],
) -> None:
    """The new round, in which a promoted captioner's task keeps the state it had, and the old tasks, passed on."""
    replaced = [task for task in tasks if made.promoted.get(task.image or "") == task.member and task.kind == "overlap"]
    states = {task.image: task.state for task in replaced}
    given = [Given(member, kind, image, states.get(image, "open")) for member, kind, image in made.tasks]
    store.team.add_round(wish.seed, "0%", None, made.proof, in_order(store, given))
    takers_of = {image: member for member, _, image in made.tasks}
    pass_on(store, [going[image] for image in takers_of], takers_of)
    store.team.pass_on([task.id for task in replaced], "now the owner of the picture")
    store.team.pass_on([going[image].id for image in ended], "nobody else can caption it blind")
    store.history.note("reassign", wish.giver, **made.proof)
