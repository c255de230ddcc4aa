import random

import pytest

from annotate.progress.fatigue import LEAST, fatigue


def test_captions_that_take_longer_and_longer_are_noticed():
    found = fatigue([20 + 2 * each for each in range(15)])
    assert found.first_s == pytest.approx(20)
    assert found.now_s == pytest.approx(48)


@pytest.mark.parametrize(
    "seconds",
    [
        [20 + 2 * each for each in range(LEAST - 1)],
        [48 - 2 * each for each in range(15)],
        [30.0] * 15,
        [20.0] * 14 + [300.0],
        [30 + each * 0.1 for each in range(15)],
        [0.0] * 15,
    ],
    ids=["few", "falling", "even", "one hard picture", "hardly", "nothing"],
)
def test_nothing_is_said_of(seconds):
    assert fatigue(seconds) is None


def test_chance_is_rarely_taken_for_fatigue():
    draw = random.Random(3)
    sessions = [[draw.lognormvariate(3.3, 0.5) for _ in range(20)] for _ in range(300)]
    assert sum(fatigue(session) is not None for session in sessions) <= 0.06 * 300
