from datetime import UTC, datetime, timedelta
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.progress.pace import FEW, pace, recent, stretches, work_left
from curator.store.activity import Moment

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def moments(*minutes, seconds=20.0):
    """Captions submitted so many minutes after the start, each with the same time spent on it."""
    return [Moment((START + timedelta(minutes=each)).isoformat(), seconds) for each in minutes]


def test_a_long_pause_ends_a_stretch():
    found = stretches(moments(0, 1, 2, 60, 61))
    assert [each.captions for each in found] == [3, 2]
    assert found[1].times[0] == START + timedelta(hours=1)


def test_work_is_the_time_between_submissions_and_an_idle_gap_counts_as_the_caption_alone():
    (found,) = stretches(moments(0, 1, 1.1, 12))
    assert found.spent == (20, 60, 20, 20)


def test_without_a_time_spent_a_gap_is_not_counted():
    (found,) = stretches(moments(0, 1, 12, seconds=None))
    assert found.captions == 3
    assert found.spent == (60,)


@given(st.lists(st.floats(0, 10_000), max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter_and_no_caption_is_lost(minutes, shuffler):
    made = moments(*minutes)
    found = stretches(made)
    shuffler.shuffle(made)
    assert stretches(made) == found
    assert sum(each.captions for each in found) == len(minutes)


def test_times_without_a_zone_are_utc():
    (found,) = stretches([Moment("2026-03-01T09:00:00", 1.0), *moments(1)])
    assert found.captions == 2


def test_the_last_stretch_counts_and_earlier_ones_only_while_there_are_few():
    long_ago, yesterday, today = (moments(*(each + minute for minute in range(6))) for each in (0, 1000, 2000))
    assert len(recent(stretches([*long_ago, *yesterday, *today]))) == 6
    assert len(recent(stretches([*long_ago, *yesterday, *today[:2]]))) == 8
    assert recent([]) == ()


def test_pace_is_captions_an_hour_and_needs_a_few():
    assert pace([60.0] * FEW) == 60
    assert pace([60.0] * (FEW - 1)) is None
    assert pace([0.0] * FEW) is None


def test_work_left_needs_a_few_captions():
    assert work_left([30.0] * (FEW - 1), 10) is None
    assert work_left([30.0] * FEW, 10) == (300, 300)


@pytest.mark.parametrize(("number", "quantile"), [(5, 2.776), (10, 2.262), (30, 2.045), (200, 1.972)])
def test_work_left_is_the_prediction_interval_of_a_sum(number, quantile):
    spent = [20.0 + each % 7 for each in range(number)]
    mean = sum(spent) / number
    spread = (sum((each - mean) ** 2 for each in spent) / (number - 1)) ** 0.5
    low, high = work_left(spent, 40)
    half = quantile * spread * (40 + 40**2 / number) ** 0.5
    assert high - 40 * mean == pytest.approx(half, rel=0.02)
    assert low == pytest.approx(max(0, 40 * mean - half), rel=0.02, abs=15)


def test_nineteen_of_twenty_ranges_hold_what_then_happens():
    drawn = NormalDist(40, 12).samples(400 * 60, seed=1)
    held = 0
    for start in range(0, len(drawn), 60):
        spent, then = drawn[start : start + 20], sum(drawn[start + 20 : start + 60])
        low, high = work_left(spent, 40)
        held += low <= then <= high
    assert 0.92 <= held / 400 <= 0.98
