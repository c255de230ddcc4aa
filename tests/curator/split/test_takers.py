import pytest

from curator.errors import InputError, UsageError
from curator.record import Member
from curator.split.takers import known_taker, parse_weights, takers

TEAM = [
    Member("ada", weight=2.0),
    Member("ben"),
    Member("cleo", role="contributor"),
    Member("dan", left="2026-01-01"),
    Member("dora", role="reviewer", weight=0.0),
]


def test_contributors_members_who_left_and_weightless_ones_take_no_part():
    assert takers(TEAM, {}) == {"ada": 2.0, "ben": 1.0}


def test_weights_of_a_round_go_before_stored_ones():
    assert takers(TEAM, {"ada": 0.0, "dora": 3.0}) == {"ben": 1.0, "dora": 3.0}


@pytest.mark.parametrize(
    ("team", "given", "message"),
    [
        ([], {}, "no members"),
        (TEAM[2:], {}, "nobody has a weight above 0"),
        (TEAM, {"cleo": 1.0}, "'cleo' is a contributor"),
        (TEAM, {"dan": 1.0}, "'dan' has left"),
        (TEAM, {"eve": 1.0}, "no member is called 'eve'; the team is: ada, ben, cleo, dan, dora"),
        (TEAM, {"ada": 0.0, "ben": 0.0}, "nobody has a weight above 0"),
    ],
)
def test_who_cannot_take_part_is_named(team, given, message):
    with pytest.raises(InputError, match=message):
        takers(team, given)


def test_the_hint_is_a_command_that_helps():
    with pytest.raises(InputError) as caught:
        known_taker(TEAM, "dan")
    assert caught.value.hint == "curator members return dan"


@pytest.mark.parametrize(
    ("text", "weights"),
    [(None, {}), ("", {}), ("ada=2,ben=1", {"ada": 2.0, "ben": 1.0}), (" ada = 0.5 , ben=0", {"ada": 0.5, "ben": 0.0})],
)
def test_weights_are_read(text, weights):
    assert parse_weights(text) == weights


@pytest.mark.parametrize("text", ["ada", "ada=", "=2", "ada=x", "ada=-1", "ada=nan", "ada=inf", "ada=1e9"])
def test_what_is_no_weight_is_refused(text):
    with pytest.raises(UsageError, match=r"is not (a weight|NAME=NUMBER)"):
        parse_weights(text)
