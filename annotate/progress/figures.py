"""How far everybody is, how fast, and when they may be done: figures from the store, as data and as lines of text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from annotate.progress.pace import BREAK_S, pace, recent, stretches, work_left
from curator.record import Member, TaskKind
from curator.store import Store
from curator.store.activity import Moment, Pairs, TaskCount

NEWEST = 200
"""Captions that a member's pace is judged by, at most."""

WITHOUT_PAUSE_S = 4 * 3600.0
"""Nobody works on for longer: an end further off is given as working time only."""

KINDS: tuple[TaskKind, ...] = ("own", "overlap")


@dataclass(frozen=True)
class Work:
    """Tasks of one kind, by what has become of them."""

    done: int = 0
    open: int = 0
    skipped: int = 0
    passed: int = 0
    """Given on to others; in none of the other figures."""

    @property
    def all(self) -> int:
        """What is or was to be done, without what was given on."""
        return self.done + self.open + self.skipped


@dataclass(frozen=True)
class MemberProgress:
    """How far one member is."""

    name: str
    role: str
    has_left: bool
    own: Work
    overlap: Work
    captions: int
    """Captions submitted one by one, each version counted."""
    median_s: float | None
    """Median seconds spent on one."""
    pace: float | None
    """Captions an hour while at work, over the last stretch of it; None with few captions."""
    last_active: str | None
    """When the newest caption was submitted: UTC, ISO 8601."""
    is_active: bool
    """Whether that is less than a long pause ago."""
    work_left_s: tuple[float, float] | None
    """Seconds of work that are left, from and to; None with few captions to judge by, or with nothing open."""
    finish: tuple[str, str] | None
    """When the member is done, from and to, working on without a pause: UTC. None who is not at work now, or has more
    to do than one can without a pause."""
    drafts: int
    """Pictures with a draft."""
    flags: int
    """Pictures that the member has flagged."""

    @property
    def done(self) -> int:
        """Own pictures and overlap together."""
        return self.own.done + self.overlap.done

    @property
    def open(self) -> int:
        """Own pictures and overlap together."""
        return self.own.open + self.overlap.open

    @property
    def all(self) -> int:
        """Own pictures and overlap together."""
        return self.own.all + self.overlap.all


@dataclass(frozen=True)
class Progress:
    """How far the team is."""

    at: str
    """UTC, ISO 8601."""
    members: tuple[MemberProgress, ...]
    """All who have or had something to do, and all who could get something; by name."""
    unowned: int
    """Pictures that no round has given away."""
    pairs: Pairs
    """What the overlap has come to."""

    @property
    def own(self) -> Work:
        """Own pictures of all."""
        return _sum([member.own for member in self.members])

    @property
    def overlap(self) -> Work:
        """Overlap tasks of all."""
        return _sum([member.overlap for member in self.members])


@dataclass(frozen=True)
class Figures:
    """What the store counts, for `progress`."""

    members: Sequence[Member]
    tasks: Sequence[TaskCount]
    moments: Mapping[str, Sequence[Moment]]
    """Member → when the newest captions were submitted."""
    seconds: Mapping[str, float]
    captions: Mapping[str, int]
    drafts: Mapping[str, int]
    flags: Mapping[str, int]
    pictures: int
    pairs: Pairs


def read(store: Store, now: datetime | None = None) -> Progress:
    """The progress of a store, in one snapshot, as of `now` (with time zone; None: the clock)."""
    with store.read():
        members = store.team.members()
        activity = store.activity
        figures = Figures(
            members,
            activity.tasks(),
            {member.name: activity.moments(member.name, NEWEST) for member in members},
            activity.seconds(),
            activity.captions(),
            activity.drafts(),
            activity.flags(),
            activity.pictures(),
            activity.pairs(),
        )
    return progress(figures, now or datetime.now(UTC))


def progress(figures: Figures, now: datetime) -> Progress:
    """Figures as they concern each member; pure."""
    work: dict[str, dict[TaskKind, Work]] = {}
    for count in figures.tasks:
        of_member = work.setdefault(count.member, {})
        state = "done" if count.state == "submitted" else count.state
        of_member[count.kind] = Work(**{**vars(of_member.get(count.kind, Work())), state: count.number})
    shown = [
        member
        for member in figures.members
        if set(work.get(member.name, {})) & set(KINDS) or (member.left is None and member.role != "contributor")
    ]
    rows = tuple(_member(member, work.get(member.name, {}), figures, now) for member in shown)
    owned = sum(count.number for count in figures.tasks if count.kind == "own" and count.state != "passed")
    return Progress(now.astimezone(UTC).isoformat(), rows, figures.pictures - owned, figures.pairs)


def _member(member: Member, work: Mapping[TaskKind, Work], figures: Figures, now: datetime) -> MemberProgress:
    own, overlap = (work.get(kind, Work()) for kind in KINDS)
    found = stretches(figures.moments.get(member.name, ()))
    spent = recent(found)
    last = found[-1].times[-1] if found else None
    is_active = last is not None and (now - last).total_seconds() <= BREAK_S
    left = work_left(spent, own.open + overlap.open) if own.open + overlap.open else None
    finish = None
    if left is not None and is_active and left[1] <= WITHOUT_PAUSE_S:
        first, last_ = (now.astimezone(UTC) + timedelta(seconds=each) for each in left)
        finish = (first.isoformat(), last_.isoformat())
    return MemberProgress(
        name=member.name,
        role=member.role,
        has_left=member.left is not None,
        own=own,
        overlap=overlap,
        captions=figures.captions.get(member.name, 0),
        median_s=figures.seconds.get(member.name),
        pace=pace(spent),
        last_active=last.isoformat() if last else None,
        is_active=is_active,
        work_left_s=left,
        finish=finish,
        drafts=figures.drafts.get(member.name, 0),
        flags=figures.flags.get(member.name, 0),
    )


def _sum(parts: Sequence[Work]) -> Work:
    return Work(*(sum(getattr(each, name) for each in parts) for name in ("done", "open", "skipped", "passed")))
