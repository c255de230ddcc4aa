"""The team's progress as lines of plain text, readable without colour at 80 columns; times in the reader's zone."""

from datetime import datetime

from annotate.progress.figures import MemberProgress, Progress
from curator.console import plain

NAME = 10
"""Characters of a member's name; longer ones are cut."""
DONE, OPEN, SKIPPED = "#", ".", "-"
FIXED = 63
"""Characters of a line beside the bar."""
LEAST_BAR = 4


def lines(progress: Progress, width: int = 80) -> list[str]:
    """The whole team: a line on all, one on each member, and what else there is to know."""
    bar_width = max(LEAST_BAR, width - FIXED)
    head = (
        f"{'member':<{NAME}} {'#done .open'[:bar_width]:<{bar_width}} {'done/all':>11} {'open':>5} {'each':>5} "
        f"{'an hour':>7} {'last':>6}  {'left to do'}"
    )
    now = datetime.fromisoformat(progress.at)
    rows = [_row(member, bar_width, now) for member in progress.members]
    return [each.rstrip() for each in [team_line(progress), "", head, *rows, *_notes(progress)]]


def team_line(progress: Progress) -> str:
    """The whole team in one line."""
    own, overlap = progress.own, progress.overlap
    parts = [f"{own.done + overlap.done} of {own.all + overlap.all} captions", f"{own.open + overlap.open} open"]
    if own.skipped + overlap.skipped:
        parts.append(f"{own.skipped + overlap.skipped} skipped")
    if progress.pairs.pairs:
        parts.append(f"{progress.pairs.done} of {progress.pairs.pairs} overlap pairs")
    return f"{_clock(progress.at)}  " + ", ".join(parts)


def bar(done: int, skipped: int, everything: int, width: int) -> str:
    """A bar of that many characters; not all done is never drawn full, and something done never empty."""
    if not everything:
        return " " * width
    filled = done * width // everything
    filled = max(filled, 1) if done else 0
    aside = min(width - filled, -(-skipped * width // everything))
    return (DONE * filled + SKIPPED * aside).ljust(width, OPEN)


def duration(seconds: float) -> str:
    """Seconds as people say them: `40 s`, `25 min`, `3.5 h`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def span(low: float, high: float) -> str:
    """A range of seconds in one unit: `20-35 min`, `1.5-2.0 h`."""
    if high < 90 * 60:
        low_min, high_min = f"{low / 60:.0f}", f"{high / 60:.0f}"
        return f"{high_min} min" if low_min == high_min else f"{low_min}-{high_min} min"
    places = 0 if high >= 10 * 3600 else 1
    return f"{low / 3600:.{places}f}-{high / 3600:.{places}f} h"


def _row(member: MemberProgress, width: int, now: datetime) -> str:
    skipped = member.own.skipped + member.overlap.skipped
    name = plain(member.name)
    name = name if len(name) <= NAME else name[: NAME - 1] + "…"
    each = "" if member.median_s is None else f"{member.median_s:.0f} s"
    pace = "" if member.pace is None else f"{member.pace:.0f}"
    return (
        f"{name:<{NAME}} {bar(member.done, skipped, member.all, width)} {f'{member.done}/{member.all}':>11} "
        f"{member.open:>5} {each:>5} {pace:>7} {_when(member.last_active, now):>6}  {_left(member)}"
    )


def _left(member: MemberProgress) -> str:
    if not member.open:
        return "done" if member.all else "nothing yet"
    if member.finish is not None:
        return f"{_clock(member.finish[0])}-{_clock(member.finish[1])}"
    return span(*member.work_left_s) if member.work_left_s else "too early"


def _notes(progress: Progress) -> list[str]:
    """What has no column: only what there is."""
    counted = {
        "skipped": {each.name: each.own.skipped + each.overlap.skipped for each in progress.members},
        "drafts": {each.name: each.drafts for each in progress.members},
        "flagged": {each.name: each.flags for each in progress.members},
        "passed on": {each.name: each.own.passed + each.overlap.passed for each in progress.members},
    }
    found = [
        f"{what}: " + ", ".join(f"{plain(name)} {number}" for name, number in counts.items() if number)
        for what, counts in counted.items()
        if any(counts.values())
    ]
    if gone := [plain(each.name) for each in progress.members if each.has_left]:
        found.append(f"left: {', '.join(gone)}")
    if progress.unowned:
        found.append(f"{progress.unowned} pictures without an owner: curator split")
    return ["", *found] if found else []


def _when(time: str | None, now: datetime) -> str:
    """The clock today, the day before that."""
    if time is None:
        return "never"
    then = datetime.fromisoformat(time).astimezone()
    return f"{then:%H:%M}" if then.date() == now.astimezone().date() else f"{then:%d %b}"


def _clock(time: str) -> str:
    return f"{datetime.fromisoformat(time).astimezone():%H:%M}"
