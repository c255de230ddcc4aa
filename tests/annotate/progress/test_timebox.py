from datetime import UTC, datetime, timedelta

import pytest

from annotate.progress.pace import stretches
from annotate.progress.timebox import TimeBox, finish, lines
from curator.errors import UsageError
from curator.record import Revision
from curator.store.activity import Moment

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def write(clock):
    """`write(box, "1", seconds=20)`: so much later, a caption of that picture is submitted."""

    def submit(box, picture, text="a brown dog", seconds=20.0, slot=0):
        clock.now += seconds
        box.submitted(Revision(1, 1, picture, "ada", slot, text, "tui", None, None, "", seconds, "submitted"))

    return submit


def test_time_runs_out_and_elapsed_time_goes_on(clock):
    box = TimeBox("ada", 25, clock=clock)
    assert (box.elapsed_s, box.remaining_s, box.is_over) == (0, 1500, False)
    clock.now += 1499
    assert (box.remaining_s, box.is_over) == (1, False)
    clock.now += 61
    assert (box.elapsed_s, box.remaining_s, box.is_over) == (1560, 0, True)
    assert box.short() == "time is up, 0"


def test_a_caption_written_anew_is_one_caption_and_another_slot_is_another(clock, write):
    box = TimeBox("ada", 25, clock=clock)
    write(box, "1", "a dog")
    write(box, "1", "a brown dog", seconds=5)
    write(box, "1", "a dog that sits", slot=1)
    write(box, "2", "a cat")
    assert box.done == 3
    summary = box.summary(0)
    assert summary.median_s == 20
    assert summary.words == pytest.approx((3 + 4 + 2) / 3, abs=0.05)
    assert summary.distinct_words == len({"a", "brown", "dog", "that", "sits", "cat"})


def test_the_goal_is_an_even_pace(clock, write):
    box = TimeBox("ada", 10, goal=20, clock=clock)
    assert (box.ahead, box.needed, box.has_reached_goal) == (0, 120, False)
    for picture in range(8):
        write(box, str(picture), seconds=30)
    assert box.pace == 120
    assert box.ahead == pytest.approx(0)
    assert box.needed == pytest.approx(120)
    clock.now += 180
    assert box.ahead == pytest.approx(-6)
    assert box.needed == pytest.approx(240)
    assert box.lines()[0].endswith("3:00 left, 8 of 20 captions, 69 an hour")
    assert box.lines()[1] == "6 behind an even pace; 240 an hour from here on reach the goal"
    assert box.short() == "3:00 left, 8/20"
    for picture in range(8, 20):
        write(box, str(picture), seconds=1)
    assert box.has_reached_goal
    assert box.lines()[1] == "goal reached"


def test_a_few_captions_make_no_pace(clock, write):
    box = TimeBox("ada", 25, clock=clock)
    for picture in range(4):
        write(box, str(picture))
    assert box.pace is None
    assert box.summary(0).pace is None


def test_fatigue_is_said(clock, write):
    box = TimeBox("ada", 60, clock=clock)
    for picture in range(14):
        write(box, str(picture), seconds=20.0 + 3 * picture)
    said = "captions take longer: 20 s at first, 59 s now; time for a break?"
    assert said in box.lines()
    assert any(line.endswith(said) for line in lines(box.summary(3)))


def test_the_summary_says_what_came_of_it(clock, write):
    box = TimeBox("ada", 5, goal=8, clock=clock, began=BEGAN)
    for picture in range(6):
        write(box, str(picture), f"a dog number {picture}", seconds=24)
    box.skip()
    box.flag()
    clock.now += 96
    summary = box.summary(31)
    assert (summary.captions, summary.median_s, summary.pace, summary.longest_pause_s) == (6, 24, 90, 96)
    assert summary.began == "2026-03-01T09:00:00+00:00"
    assert lines(summary) == [
        "ada: 6 captions in 4 min of 5 min; goal of 8 not reached",
        "time per caption   24 s (median)",
        "pace               90 an hour",
        "words              4.0 a caption, 9 different ones",
        "longest pause      2 min",
        "set aside          1 skipped, 1 flagged",
        "left to do         31 pictures",
    ]


def test_earlier_sessions_are_compared_with_and_the_present_one_is_not_among_them(clock, write):
    before = [Moment((BEGAN + timedelta(minutes=each - 200)).isoformat(), 60.0) for each in range(10)]
    present = [Moment((BEGAN + timedelta(seconds=20 * each + 1)).isoformat(), 20.0) for each in range(6)]
    box = TimeBox("ada", 5, clock=clock, began=BEGAN)
    for picture in range(6):
        write(box, str(picture))
    summary = box.summary(1, stretches([*before, *present]))
    assert (summary.earlier_sessions, summary.earlier_pace, summary.earlier_median_s) == (1, 60, 60)
    assert "time per caption   20 s (median); 60 s in 1 earlier session" in [
        line.replace("1 min", "60 s") for line in lines(summary)
    ]
    assert "pace               180 an hour; 60 before" in lines(summary)


def test_a_session_without_a_caption(clock):
    box = TimeBox("ada", 25, clock=clock)
    clock.now += 30
    assert lines(box.summary(7)) == [
        "ada: 0 captions in 30 s of 25 min",
        "longest pause      30 s",
        "left to do         7 pictures",
    ]


def test_no_line_is_too_long(clock, write):
    box = TimeBox("a" * 40, 1440, goal=100_000, clock=clock)
    for picture in range(20):
        write(box, str(picture), seconds=20.0 + 40 * picture)
    assert max(map(len, box.lines())) <= 80
    assert max(map(len, box.lines(40))) <= 40


@pytest.mark.parametrize(("minutes", "goal"), [(0, None), (-1, None), (float("nan"), None), (1441, None), (25, 0)])
def test_an_impossible_session_is_refused(minutes, goal):
    with pytest.raises(UsageError, match=r"--(minutes|goal) .* is not possible"):
        TimeBox("ada", minutes, goal)


def test_a_finished_session_is_an_event(crew, clock):
    box = TimeBox("ada", 25, goal=2, clock=clock)
    clock.now += 40
    box.submitted(crew.write("bare", "a brown dog", seconds=31.0))
    summary = finish(crew.store, box)
    assert (summary.left, summary.captions, summary.earlier_sessions) == (5, 1, 0)
    (event,) = [event for event in crew.store.history.events() if event["what"] == "session"]
    assert event["member"] == "ada"
    assert (event["detail"]["captions"], event["detail"]["goal"], event["detail"]["median_s"]) == (1, 2, 31.0)
