from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from curator.split.assign import Held, split
from curator.split.overlap import Overlap

SUBJECTS = {f"{subject}{each}": subject for subject in "xyz" for each in range(20)}
WEIGHTS = st.sampled_from([0.1, 0.5, 1.0, 1.5, 2.0, 7.0])


@given(st.lists(WEIGHTS, min_size=2, max_size=6), st.integers(0, 60), st.integers(1, 5), st.integers(0, 99))
def test_every_overlap_picture_has_as_many_distinct_captioners_as_asked_for(weights, pictures, by, seed):
    members = dict(zip("abcdef", weights, strict=False))
    by = min(by, len(members) - 1)
    made = split(SUBJECTS, members, seed, Overlap(pictures, by))
    assert len(made.overlap) == pictures
    for picture, others in made.overlap.items():
        assert len({made.owners[picture], *others}) == by + 1
    assert made.proof["loads"] == {
        name: made.proof["own"][name] + sum(name in others for others in made.overlap.values()) for name in members
    }


def test_loads_are_by_weight_where_the_overlap_leaves_a_choice():
    made = split(SUBJECTS, {"a": 3, "b": 2, "c": 1}, 1, Overlap(12, by=1))
    assert made.proof["own"] == {"a": 30, "b": 20, "c": 10}
    assert made.proof["loads"] == {"a": 36, "b": 24, "c": 12}
    assert Counter(made.owners[picture] for picture in made.overlap) == {"a": 6, "b": 4, "c": 2}


def test_where_all_caption_the_overlap_it_says_how_far_loads_are_from_the_weights():
    made = split(SUBJECTS, {"a": 3, "b": 2, "c": 1}, 1, Overlap(12))
    assert made.proof["loads"] == {"a": 36, "b": 28, "c": 20}
    assert made.proof["furthest_of_loads"] == 6


def test_earlier_rounds_count_in_the_loads():
    first = split(SUBJECTS, "abc", 1)
    new = {f"new{each}": None for each in range(12)}
    held = Held(first.owners, {"a": 9, "b": 3})
    made = split({**SUBJECTS, **new}, "abc", 2, Overlap(12, by=1), held)
    assert made.proof["own"] == {"a": 4, "b": 4, "c": 4}
    assert made.proof["loads_with_earlier"]["a"] == 20 + 9 + 4
    assert sorted(made.proof["loads_with_earlier"].values()) == [31, 32, 33]


def test_who_owns_no_new_picture_gives_none_to_the_overlap():
    """The newcomer gets all new pictures, and the others caption them blind."""
    first = split(SUBJECTS, "abc", 1)
    new = {f"new{each}": None for each in range(3)}
    made = split({**SUBJECTS, **new}, "abcd", 2, Overlap(3), Held(first.owners))
    assert set(made.owners.values()) == {"d"}
    assert made.overlap == dict.fromkeys(sorted(new), ("a", "b", "c"))
