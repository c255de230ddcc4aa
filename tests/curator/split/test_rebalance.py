from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from curator.split.assign import weights_of
from curator.split.rebalance import Open, rebalance


@st.composite
def works(draw):
    """What one to five members have open, some of which stays."""
    names = "abcde"[: draw(st.integers(1, 5))]
    subjects = ["cat", "dog", ""]
    movable = {
        f"{name}-{subject}-{each}": (name, subject)
        for name in names
        for subject in subjects
        for each in range(draw(st.integers(0, 8)))
    }
    fixed = {subject: {name: draw(st.integers(0, 3)) for name in names} for subject in subjects[:2]}
    overlap = {name: draw(st.integers(0, 4)) for name in names}
    weights = {name: draw(st.sampled_from([0.5, 1.0, 2.0])) for name in names}
    return Open(movable, fixed, overlap), weights_of(weights), draw(st.integers(0, 99))


def loads(work, owners, names):
    """Member → everything open, after the moves."""
    counts = Counter(owners.get(picture, owner) for picture, (owner, _) in work.movable.items())
    for row in (*work.fixed.values(), work.overlap):
        counts.update(row)
    return {name: counts[name] for name in names}


@given(works())
def test_open_work_is_by_weight_afterwards_and_nothing_gets_lost(case):
    work, weights, seed = case
    moves = rebalance(work, weights, seed)
    after = loads(work, moves.owners, weights)
    assert after == moves.proof["open_after"]
    assert sum(after.values()) == sum(moves.proof["open_before"].values())
    assert moves.proof["furthest"] < 1
    stays = {name: sum(row.get(name, 0) for row in (*work.fixed.values(), work.overlap)) for name in weights}
    above = {name for name in weights if after[name] > stays[name]}
    for one in above:  # nobody with something to give has more, by weight, than anybody would have with one more
        for other in weights:
            assert (after[one] - 1) / weights[one] <= (after[other] + 1) / weights[other]


@given(works())
def test_nobody_both_gives_and_gets_and_only_what_may_move_does(case):
    work, weights, seed = case
    moves = rebalance(work, weights, seed)
    givers = {work.movable[picture][0] for picture in moves.owners}
    assert not givers & set(moves.owners.values())
    assert moves.owners.keys() <= work.movable.keys()
    assert not rebalance(after(work, moves), weights, seed + 1).owners


def after(work, moves):
    movable = {picture: (moves.owners.get(picture, owner), each) for picture, (owner, each) in work.movable.items()}
    return Open(movable, work.fixed, work.overlap)


@given(works(), st.randoms(use_true_random=False))
def test_order_of_the_input_does_not_matter(case, shuffler):
    work, weights, seed = case
    items = list(work.movable.items())
    shuffler.shuffle(items)
    again = Open(dict(items), dict(reversed(work.fixed.items())), dict(reversed(work.overlap.items())))
    assert rebalance(again, dict(reversed(weights.items())), seed) == rebalance(work, weights, seed)


def test_a_newcomer_gets_the_same_mixture_from_everybody():
    movable = {
        f"{name}{subject}{each}": (name, subject) for name in "abc" for subject in ("cat", "dog") for each in range(8)
    }
    moves = rebalance(Open(movable), weights_of("abcd"), 1)
    assert moves.proof["given"] == {"a": 4, "b": 4, "c": 4}
    assert moves.proof["subjects"] == {each: {"a": 0, "b": 0, "c": 0, "d": 6} for each in ("cat", "dog")}
    assert moves.proof["furthest_in_a_subject"] == 0


def test_who_has_captioned_most_gives_least():
    movable = {f"a{each}": ("a", "cat") for each in range(2)} | {f"b{each}": ("b", "cat") for each in range(13)}
    moves = rebalance(Open(movable), weights_of("abc"), 1)
    assert moves.proof["open_after"] == {"a": 5, "b": 5, "c": 5}
    assert moves.proof["given"] == {"b": 8}


def test_more_than_a_fair_share_of_what_stays_is_left_where_it_is():
    work = Open({"b1": ("b", "cat"), "b2": ("b", "cat")}, {"cat": {"a": 9}}, {"b": 1})
    moves = rebalance(work, weights_of("abc"), 1)
    assert moves.proof["open_after"] in ({"a": 9, "b": 1, "c": 2}, {"a": 9, "b": 2, "c": 1})


def test_twice_the_weight_gets_twice_the_work():
    movable = {str(each): ("a", "cat") for each in range(40)}
    moves = rebalance(Open(movable), weights_of({"a": 1.0, "b": 2.0, "c": 1.0}), 1)
    assert moves.proof["open_after"] == {"a": 10, "b": 20, "c": 10}


def test_the_moves_are_the_same_on_any_machine():
    movable = {f"{name}{each}": (name, "cat") for name in "abc" for each in range(9)}
    assert rebalance(Open(movable), weights_of("abcd"), 7).proof["digest"] == "83da2698acc8f3ad"
