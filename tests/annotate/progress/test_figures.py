import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from annotate.progress.figures import Figures, progress, read
from annotate.progress.wall import bar, duration, lines, span
from curator.record import Draft, Member
from curator.store.activity import Moment, Pairs, TaskCount

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch):
    """The reader's zone is UTC, whatever machine this is."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def moments(number, ago_min=1.0, every_s=30):
    """So many captions, the newest that many minutes ago, half a minute apart."""
    last = NOW - timedelta(minutes=ago_min)
    times = [last - timedelta(seconds=every_s * each) for each in range(number)]
    return [Moment(each.isoformat(), 25.0) for each in reversed(times)]


def figures(**more):
    """ada has 6 of 10 done and half of her overlap, ben 1 of 10; dan has left."""
    team = [Member("ada"), Member("ben"), Member("cem", role="contributor"), Member("dan", left="2026-02-01")]
    tasks = [
        TaskCount("ada", "own", "open", 3), TaskCount("ada", "own", "skipped", 1),
        TaskCount("ada", "own", "submitted", 6),
        TaskCount("ada", "overlap", "open", 1), TaskCount("ada", "overlap", "submitted", 1),
        TaskCount("ben", "own", "open", 9), TaskCount("ben", "own", "submitted", 1),
        TaskCount("dan", "own", "passed", 4), TaskCount("dan", "own", "submitted", 2),
    ]  # fmt: skip
    known = {"ada": moments(7), "ben": moments(1, 60), "dan": moments(2, 60 * 24 * 40)}
    values = {
        "members": team, "tasks": tasks, "moments": known, "seconds": {"ada": 25.0, "ben": 25.0, "dan": 25.0},
        "captions": {"ada": 9, "ben": 1, "dan": 2}, "drafts": {"ben": 2}, "flags": {"ada": 1}, "pictures": 25,
        "pairs": Pairs(2, 1, 2, 1),
    }  # fmt: skip
    return Figures(**{**values, **more})


def member(found, name):
    return next(each for each in found.members if each.name == name)


def test_work_is_counted_by_kind_and_state():
    found = progress(figures(), NOW)
    ada, dan = member(found, "ada"), member(found, "dan")
    assert (ada.own.done, ada.own.open, ada.own.skipped, ada.own.all) == (6, 3, 1, 10)
    assert (ada.overlap.done, ada.overlap.open, ada.done, ada.open, ada.all) == (1, 1, 7, 4, 12)
    assert (dan.own.passed, dan.own.all, dan.has_left) == (4, 2, True)
    assert (found.own.done, found.own.open, found.overlap.all) == (9, 12, 2)
    assert found.unowned == 25 - 22


def test_contributors_are_not_shown_and_members_with_nothing_yet_are():
    team = [Member("ada"), Member("cem", role="contributor"), Member("eve"), Member("dora", left="2026-01-01")]
    assert [each.name for each in progress(figures(members=team), NOW).members] == ["ada", "eve"]


def test_pace_and_an_end_need_a_few_captions_and_an_end_by_the_clock_needs_someone_at_work():
    found = progress(figures(), NOW)
    ada, ben = member(found, "ada"), member(found, "ben")
    assert ada.pace == pytest.approx(3600 / ((25 + 6 * 30) / 7))
    assert ada.work_left_s[0] <= 4 * 30 <= ada.work_left_s[1] + 5
    assert NOW.isoformat() < ada.finish[0] <= ada.finish[1]
    assert (ben.pace, ben.work_left_s, ben.finish, ben.median_s) == (None, None, None, 25.0)
    gone = progress(figures(), NOW + timedelta(hours=2))
    assert member(gone, "ada").finish is None
    assert member(gone, "ada").work_left_s == ada.work_left_s


def test_an_end_that_is_too_far_off_is_working_time():
    tasks = [TaskCount("ada", "own", "open", 2000)]
    found = progress(figures(tasks=tasks), NOW)
    assert member(found, "ada").finish is None
    assert lines(found)[3].endswith(" h")


def test_who_has_nothing_open_has_no_end():
    tasks = [TaskCount("ada", "own", "submitted", 8)]
    ada = member(progress(figures(tasks=tasks), NOW), "ada")
    assert (ada.work_left_s, ada.finish) == (None, None)
    assert lines(progress(figures(tasks=tasks), NOW))[3].endswith("done")


def test_the_wall_can_be_read_without_colour_at_80_columns():
    assert lines(progress(figures(), NOW)) == [
        "12:00  10 of 24 captions, 13 open, 1 skipped, 1 of 2 overlap pairs",
        "",
        "member     #done .open          done/all  open  each an hour   last  left to do",
        "ada        #########--......        7/12     4  25 s     123  11:59  12:01-12:02",
        "ben        #................        1/10     9  25 s          11:00  too early",
        "dan        #################         2/2     0  25 s         20 Jan  done",
        "",
        "skipped: ada 1",
        "drafts: ben 2",
        "flagged: ada 1",
        "passed on: dan 4",
        "left: dan",
        "3 pictures without an owner: curator split",
    ]


@pytest.mark.parametrize("width", [70, 80, 160])
def test_no_line_is_wider_than_asked_for(width):
    team = [Member("a" * 40), Member("b")]
    tasks = [TaskCount(each.name, "own", state, 27_500) for each in team for state in ("open", "submitted")]
    known = {each.name: moments(20, every_s=250) for each in team}
    found = progress(figures(members=team, tasks=tasks, moments=known, drafts={}, flags={}), NOW)
    shown = lines(found, width)
    assert max(map(len, shown[2:5])) <= width
    assert "…" in shown[3]


def test_a_name_cannot_act_on_the_terminal():
    found = progress(figures(members=[Member("a\x1b[2J")]), NOW)
    assert "\x1b" not in "\n".join(lines(found))


@pytest.mark.parametrize(
    ("done", "skipped", "everything", "drawn"),
    [(0, 0, 10, ".........."), (1, 0, 1000, "#........."), (999, 0, 1000, "#########."), (10, 0, 10, "##########"),
     (5, 2, 10, "#####--..."), (0, 10, 10, "----------"), (9, 1, 10, "#########-"), (0, 0, 0, "          ")],
)  # fmt: skip
def test_a_bar_is_full_only_when_all_is_done(done, skipped, everything, drawn):
    assert bar(done, skipped, everything, 10) == drawn


def test_durations_are_said_as_people_say_them():
    assert [duration(each) for each in (0, 40, 90, 1500, 12_600)] == ["0 s", "40 s", "2 min", "25 min", "3.5 h"]
    assert [span(*each) for each in ((600, 1200), (700, 710), (5400, 7200), (72_000, 90_000))] == [
        "10-20 min", "12 min", "1.5-2.0 h", "20-25 h",
    ]  # fmt: skip


def test_it_is_read_from_the_store(crew):
    crew.write("bare", "a dog", seconds=20.0)
    crew.store.team.close_task(crew.store.team.tasks("ada")[0].id, "submitted")
    crew.store.captions.save_draft(Draft(crew.images["last"], "ada", 0, "half", (), None))
    crew.store.history.answer(crew.images["last"], "ben", "flag", "too dark")
    found = read(crew.store)
    ada, ben = member(found, "ada"), member(found, "ben")
    assert (ada.own.done, ada.own.open, ada.drafts, ada.median_s, ada.is_active) == (1, 4, 1, 20.0, True)
    assert (ben.own.open, ben.overlap.open, ben.flags, ben.last_active) == (1, 1, 1, None)
    assert (found.unowned, found.pairs) == (0, Pairs(1, 0, 1, 0))


def test_as_a_command(run, crew):
    told = run("annotate", "progress", cwd=crew.workspace.path).stdout
    assert "0 of 7 captions, 7 open, 0 of 1 overlap pairs" in told
    figures = json.loads(run("annotate", "progress", "--json", cwd=crew.workspace.path).stdout)
    assert [each["name"] for each in figures["members"]] == ["ada", "ben", "cem"]
    assert figures["members"][0]["own"] == {"done": 0, "open": 5, "skipped": 0, "passed": 0}
    assert figures["overlap_pairs"]["pairs"] == 1


def test_watching_goes_on_until_it_is_stopped(crew, tmp_path):
    import signal
    import subprocess
    import sys

    line = [sys.executable, "-P", "-m", "annotate", "progress", "--watch", "--every", "0.2"]
    with subprocess.Popen(line, cwd=crew.workspace.path, stdout=subprocess.PIPE, text=True) as process:
        looks = 0
        for shown in process.stdout:
            looks += shown.startswith("member")
            if looks == 3:
                process.send_signal(signal.SIGINT)
                break
        process.stdout.read()
    assert looks == 3
    assert process.returncode == 0
