"""A captioning session with a time limit and perhaps a goal: how far it is, and what came of it. Pure state.

It is told what was submitted, skipped and flagged, and reads no store; annotate.progress.summary says it in words.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from statistics import fmean, median

from annotate.progress.fatigue import Fatigue, fatigue
from annotate.progress.pace import FEW, Stretch
from annotate.progress.summary import Summary, finish, lines, tired
from annotate.progress.wall import bar
from curator.audit.words import words
from curator.errors import UsageError
from curator.record import Revision

__all__ = ["Summary", "TimeBox", "finish", "lines"]

LONGEST_MIN = 24 * 60

BAR = 20
"""Characters of the bar that shows the time."""


@dataclass(frozen=True)
class Entry:
    """A caption that was submitted in this session; a later version of it takes its place."""

    text: str
    seconds: float | None
    """Time spent on it."""


class TimeBox:
    """A session of so many minutes."""

    def __init__(
        self,
        member: str,
        minutes: float,
        goal: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        began: datetime | None = None,
    ) -> None:
        """It begins now. `clock` counts seconds; `began` is the time of day (None: now).

        Raises UsageError for a time that is not above 0 and at most a day, and for a goal below 1.
        """
        if not 0 < minutes <= LONGEST_MIN:
            raise UsageError(f"--minutes {minutes:g} is not possible", hint=f"above 0 and at most {LONGEST_MIN}")
        if goal is not None and goal < 1:
            raise UsageError(f"--goal {goal} is not possible", hint="at least 1 caption, or leave it out")
        self.member, self.minutes, self.goal = member, minutes, goal
        self.began = (began or datetime.now(UTC)).astimezone(UTC)
        self.skipped = self.flags = 0
        self._clock, self._start = clock, clock()
        self._entries: dict[tuple[str, int], Entry] = {}
        self._moments: list[float] = []

    def submitted(self, revision: Revision) -> None:
        """Note that a caption was stored; the same picture and slot again is the same caption, written anew."""
        self._moments.append(self.elapsed_s)
        seconds = revision.seconds
        before = self._entries.pop((revision.image, revision.slot), None)
        if before is not None and before.seconds is not None:
            seconds = before.seconds + (seconds or 0.0)
        self._entries[revision.image, revision.slot] = Entry(revision.text, seconds)

    def skip(self) -> None:
        """Note that a picture was set aside."""
        self.skipped += 1

    def flag(self) -> None:
        """Note that a picture was flagged."""
        self.flags += 1

    @property
    def elapsed_s(self) -> float:
        """Seconds since the beginning; goes on when time is up."""
        return self._clock() - self._start

    @property
    def remaining_s(self) -> float:
        """Seconds until time is up, 0 from then on."""
        return max(0.0, self.minutes * 60 - self.elapsed_s)

    @property
    def is_over(self) -> bool:
        """Whether time is up."""
        return self.remaining_s == 0

    @property
    def done(self) -> int:
        """Captions submitted in this session."""
        return len(self._entries)

    @property
    def has_reached_goal(self) -> bool:
        """Whether there is a goal, and it is reached."""
        return self.goal is not None and self.done >= self.goal

    @property
    def pace(self) -> float | None:
        """Captions an hour so far, or None with few captions."""
        return 3600 * self.done / self.elapsed_s if self.done >= FEW and self.elapsed_s > 0 else None

    @property
    def needed(self) -> float | None:
        """Captions an hour from here on that reach the goal in time; None without one, or when time is up."""
        if self.goal is None or self.is_over:
            return None
        return 3600 * max(0, self.goal - self.done) / self.remaining_s

    @property
    def ahead(self) -> float | None:
        """By how many captions the session is ahead of an even pace to its goal; below 0 where it is behind."""
        if self.goal is None:
            return None
        return self.done - self.goal * min(1.0, self.elapsed_s / (self.minutes * 60))

    @property
    def fatigue(self) -> Fatigue | None:
        """Whether captions take longer and longer."""
        return fatigue([each.seconds for each in self._entries.values() if each.seconds is not None])

    def short(self) -> str:
        """The time and the captions, in as few words as can be."""
        goal = f"/{self.goal}" if self.goal is not None else ""
        return f"{self._clock_face()}, {self.done}{goal}"

    def lines(self, width: int = 80) -> list[str]:
        """How far the session is, each line at most `width` columns wide."""
        total = self.minutes * 60
        passed = round(min(self.elapsed_s, total) / total * BAR)
        goal = f" of {self.goal}" if self.goal is not None else ""
        parts = [f"{bar(passed, 0, BAR, BAR)} {self._clock_face()}", f"{self.done}{goal} captions"]
        if self.pace is not None:
            parts.append(f"{self.pace:.0f} an hour")
        found = [", ".join(parts)]
        if self.has_reached_goal:
            found.append("goal reached")
        elif self.needed is not None and self.ahead is not None:
            behind = f"{-self.ahead:.0f} behind an even pace" if self.ahead <= -1 else "on time"
            found.append(f"{behind}; {self.needed:.0f} an hour from here on reach the goal")
        if (tiring := self.fatigue) is not None:
            found.append(tired(tiring))
        return [each[:width] for each in found]

    def _clock_face(self) -> str:
        left = int(self.remaining_s)
        return "time is up" if self.is_over else f"{left // 60}:{left % 60:02d} left"

    def summary(self, left: int, earlier: Sequence[Stretch] = ()) -> Summary:
        """What came of it, with what the member has `left` to do and worked earlier (see `stretches`)."""
        entries = list(self._entries.values())
        spoken = [words(each.text) for each in entries]
        spent = [each.seconds for each in entries if each.seconds is not None]
        elapsed = self.elapsed_s
        borders = [0.0, *self._moments, elapsed]
        before = [each for each in earlier if each.times[-1] < self.began]
        paces = [each.pace for each in before if each.pace is not None]
        medians = [each.median_s for each in before if each.median_s is not None]
        return Summary(
            member=self.member,
            began=self.began.isoformat(),
            minutes=self.minutes,
            goal=self.goal,
            elapsed_s=round(elapsed, 1),
            captions=self.done,
            skipped=self.skipped,
            flags=self.flags,
            median_s=round(median(spent), 1) if spent else None,
            pace=None if self.pace is None else round(self.pace, 1),
            words=round(fmean(len(each) for each in spoken), 1) if spoken else None,
            distinct_words=len({word for each in spoken for word in each}),
            longest_pause_s=round(max(end - start for start, end in pairwise(borders)), 1),
            fatigue=self.fatigue,
            left=left,
            earlier_sessions=len(paces),
            earlier_pace=round(median(paces), 1) if paces else None,
            earlier_median_s=round(median(medians), 1) if medians else None,
        )
