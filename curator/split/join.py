"""What `curator split --join` and `--rebalance` read from the store and write to it: open work is evened out.

Submitted captions and drafts are never touched, and neither are the tasks they belong to.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from curator.init import check_names
from curator.record import Member, Task
from curator.split.assign import weights_of
from curator.split.plan import in_order, kept_subjects, overlap_tasks, pass_on, standing
from curator.split.rebalance import Moves, Open, rebalance
from curator.split.takers import known_taker, takers
from curator.store import Store


def even_out(store: Store, newcomer: str | None, given: Mapping[str, float], seed: int, dry_run: bool = False) -> Moves:
    """Even out open work among all members, as one round, and store it; `newcomer` is added to the team first.

    Raises InputError for a name that cannot be one, and for a newcomer who has left or is a contributor.
    """
    with store.write():
        members = store.team.members()
        if newcomer is not None and newcomer not in {member.name for member in members}:
            check_names([newcomer])
            members.append(Member(newcomer))
            if not dry_run:
                store.team.add(Member(newcomer))
        if newcomer is not None:
            known_taker(members, newcomer)
        weights = takers(members, given)
        subjects = kept_subjects(store)
        tasks = standing(store, subjects)
        moves = rebalance(_open_work(store, tasks, weights, subjects), weights_of(weights), seed)
        if newcomer is not None:
            moves = replace(moves, proof={**moves.proof, "kind": "join", "joined": newcomer})
        if moves.owners and not dry_run:
            store.team.add_round(seed, "0%", None, moves.proof, in_order(store, moves.tasks))
            replaced = [task for task in tasks if task.kind == "own" and task.image in moves.owners]
            pass_on(store, replaced, moves.owners)
            store.history.note(moves.proof["kind"], **moves.proof)
    return moves


def _open_work(store: Store, tasks: Sequence[Task], weights: Mapping[str, float], subjects: Mapping[str, str]) -> Open:
    """What is open of those who take part; pictures with a draft, or captioned blind by others, stay."""
    blind = {task.image for task in tasks if task.kind == "overlap"}
    drafts = {name: store.queues.drafts(name) for name in weights}
    movable: dict[str, tuple[str, str]] = {}
    fixed: dict[str, Counter[str]] = {}
    for task in tasks:
        if task.kind != "own" or task.state != "open" or task.member not in weights or task.image is None:
            continue
        if task.image in blind or task.image in drafts[task.member]:
            fixed.setdefault(subjects[task.image], Counter())[task.member] += 1
        else:
            movable[task.image] = (task.member, subjects[task.image])
    open_overlap = overlap_tasks(task for task in tasks if task.state == "open")
    return Open(movable, fixed, {name: number for name, number in open_overlap.items() if name in weights})
