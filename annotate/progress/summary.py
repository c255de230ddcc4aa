"""What came of a session with a time limit: as data, as lines of text, and as an event for people to read."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from annotate.progress.fatigue import Fatigue
from annotate.progress.pace import stretches
from annotate.progress.wall import duration
from curator.console import plain
from curator.store import Store
from curator.wording import counted

if TYPE_CHECKING:
    from annotate.progress.timebox import TimeBox


@dataclass(frozen=True)
class Summary:
    """A session that has ended."""

    member: str
    began: str
    """UTC, ISO 8601."""
    minutes: float
    """The time it was to take."""
    goal: int | None
    elapsed_s: float
    """The time it took."""
    captions: int
    skipped: int
    flags: int
    median_s: float | None
    """Median seconds spent on a caption."""
    pace: float | None
    """Captions an hour; None with few captions."""
    words: float | None
    """Words of a caption, on average."""
    distinct_words: int
    longest_pause_s: float
    """The longest time without a submission, that before the first and after the last among them."""
    fatigue: Fatigue | None
    left: int
    """Pictures that the member has still to do."""
    earlier_sessions: int
    """Earlier stretches of work with enough captions to compare with."""
    earlier_pace: float | None
    """The median of their paces, in captions an hour."""
    earlier_median_s: float | None
    """The median of their median seconds per caption."""


def finish(store: Store, box: "TimeBox") -> Summary:
    """End a session: sum it up with what the store knows of the member, and record it."""
    with store.read():
        left = store.team.task_counts().get(box.member, {}).get("open", 0)
        earlier = stretches(store.activity.moments(box.member))
    summary = box.summary(left, earlier)
    record(store, summary)
    return summary


def record(store: Store, summary: Summary) -> None:
    """Keep a session in the history of the set, for people to read."""
    detail: dict[str, Any] = asdict(summary)
    store.history.note("session", detail.pop("member"), **detail)


def lines(summary: Summary) -> list[str]:
    """The closing summary, at most 80 columns wide."""
    goal = ""
    if summary.goal is not None:
        reached = "reached" if summary.captions >= summary.goal else "not reached"
        goal = f"; goal of {summary.goal} {reached}"
    found = [
        f"{plain(summary.member)}: {counted(summary.captions, 'caption')} in {duration(summary.elapsed_s)} "
        f"of {summary.minutes:g} min{goal}",
    ]
    if summary.median_s is not None:
        found.append(f"time per caption   {duration(summary.median_s)} (median){_than(summary)}")
    if summary.pace is not None:
        found.append(f"pace               {summary.pace:.0f} an hour{_pace_before(summary)}")
    if summary.words is not None:
        found.append(f"words              {summary.words:.1f} a caption, {summary.distinct_words} different ones")
    found.append(f"longest pause      {duration(summary.longest_pause_s)}")
    if summary.skipped or summary.flags:
        found.append(f"set aside          {summary.skipped} skipped, {summary.flags} flagged")
    if summary.fatigue is not None:
        found.append(f"tired?             {tired(summary.fatigue)}")
    found.append(f"left to do         {counted(summary.left, 'picture')}")
    return found


def tired(found: Fatigue) -> str:
    """A hint, not a verdict."""
    return f"captions take longer: {duration(found.first_s)} at first, {duration(found.now_s)} now; time for a break?"


def _than(summary: Summary) -> str:
    if summary.earlier_median_s is None:
        return ""
    return f"; {duration(summary.earlier_median_s)} in {counted(summary.earlier_sessions, 'earlier session')}"


def _pace_before(summary: Summary) -> str:
    return "" if summary.earlier_pace is None else f"; {summary.earlier_pace:.0f} before"
