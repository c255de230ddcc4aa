import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.split.assign import Held, split
from curator.split.overlap import Overlap


@st.composite
def sets(draw):
    """Pictures with subjects (some without), one to seven members, and an overlap that is possible."""
    sizes = draw(st.lists(st.integers(1, 12), min_size=1, max_size=8))
    subjects = {f"{number}-{each}": f"s{number}" or None for number, size in enumerate(sizes) for each in range(size)}
    subjects |= {f"loose-{each}": None for each in range(draw(st.integers(0, 5)))}
    members = [chr(ord("a") + each) for each in range(draw(st.integers(1, 7)))]
    by = draw(st.none() | st.integers(1, max(1, len(members) - 1)))
    return subjects, members, Overlap(draw(st.integers(0, len(subjects))), by), draw(st.integers(0, 2**40))


@given(sets())
def test_shares_are_exact_over_all_within_subjects_and_in_load(case):
    subjects, members, overlap, seed = case
    made = split(subjects, members, seed, overlap)
    assert made.owners.keys() == subjects.keys()
    assert made.proof["largest_difference"] <= 1
    assert made.proof["largest_difference_in_a_subject"] <= 1
    assert made.proof["largest_difference_of_loads"] <= 1


@given(sets())
def test_overlap_has_the_size_asked_for_and_never_the_owner(case):
    subjects, members, overlap, seed = case
    made = split(subjects, members, seed, overlap)
    by = min(len(members) - 1 if overlap.by is None else overlap.by, len(members) - 1)
    assert len(made.overlap) == (overlap.pictures if by else 0)
    for picture, others in made.overlap.items():
        assert len(set(others)) == by
        assert made.owners[picture] not in others


@given(sets(), st.randoms(use_true_random=False))
def test_order_of_the_input_does_not_matter(case, shuffler):
    subjects, members, overlap, seed = case
    items = list(subjects.items())
    shuffler.shuffle(items)
    again = split(dict(items), random.Random(seed).sample(members, len(members)), seed, overlap)
    assert again == split(subjects, members, seed, overlap)


WEIGHTS = st.sampled_from([0.1, 0.5, 1.0, 1.5, 2.0, 7.0])


@given(sets(), st.data())
def test_shares_by_weight_are_within_one_over_all_and_within_two_in_a_subject(case, data):
    subjects, members, overlap, seed = case
    weights = {name: data.draw(WEIGHTS) for name in members}
    made = split(subjects, weights, seed, overlap)
    assert made.owners.keys() == subjects.keys()
    number, whole = Counter(made.owners.values()), sum(map(exactly, weights.values()))
    for name, weight in weights.items():
        assert abs(number[name] - len(subjects) * exactly(weight) / whole) < 1
    in_subject = Counter((subjects[picture], owner) for picture, owner in made.owners.items())
    for subject, size in Counter(subjects.values()).items():
        for name, weight in weights.items():
            assert abs(in_subject[subject, name] - size * exactly(weight) / whole) < 2


def exactly(weight):
    return Fraction(str(weight))


@given(sets(), st.integers(0, 100))
def test_a_second_round_keeps_owners_and_is_exact_with_what_everybody_has(case, share):
    subjects, members, _overlap, seed = case
    known = dict(list(subjects.items())[: len(subjects) * share // 100])
    first = split(known, members, seed)
    second = split(subjects, members, seed + 1, held=Held(first.owners))
    everything = {**first.owners, **second.owners}
    assert not first.owners.keys() & second.owners.keys()
    assert everything.keys() == subjects.keys()
    counts = [list(everything.values()).count(name) for name in members]
    assert max(counts) - min(counts) <= 1
    assert second.proof["largest_difference"] == max(counts) - min(counts) or not second.owners


def test_a_newcomer_gets_new_pictures_until_all_own_the_same():
    old = {f"{subject}{each}": subject for subject in "xyz" for each in range(8)}
    first = split(old, "abc", 1)
    new = {f"new {subject}{each}": subject for subject in "xyz" for each in range(4)}
    second = split({**old, **new}, "abcd", 2, held=Held(first.owners))
    assert Counter(second.owners.values()) == {"d": 9, "a": 1, "b": 1, "c": 1}
    assert Counter(new[picture] for picture, owner in second.owners.items() if owner == "d") == dict.fromkeys("xyz", 3)


def test_what_members_who_left_own_does_not_count():
    old = {f"old{each}": None for each in range(30)}
    new = {f"new{each}": None for each in range(10)}
    made = split({**old, **new}, "ab", 1, held=Held(dict.fromkeys(old, "gone")))
    assert Counter(made.owners.values()) == {"a": 5, "b": 5}


def test_weights_are_read_as_written():
    """0.1 in binary is a little more than a tenth: three of it and one of 0.3 are the same nevertheless."""
    made = split({str(each): None for each in range(60)}, {"a": 0.1, "b": 0.1, "c": 0.1, "d": 0.3}, 1)
    assert Counter(made.owners.values()) == {"a": 10, "b": 10, "c": 10, "d": 30}


def test_overlap_is_spread_over_subjects_and_owners():
    subjects = {f"{subject}{each}": subject for subject in "wxyz" for each in range(10)}
    made = split(subjects, "abcd", 7, Overlap(8))
    assert sorted(subjects[picture] for picture in made.overlap) == sorted("wwxxyyzz")
    owners = [made.owners[picture] for picture in made.overlap]
    assert sorted(owners) == sorted("aabbccdd")


def test_the_split_is_the_same_on_any_machine():
    subjects = {f"{subject}{each}": subject for subject in "xyz" for each in range(5)}
    assert split(subjects, "abcd", 7, Overlap(2)).proof["digest"] == "83b3cfaeeaa95cb9"


@pytest.mark.parametrize("seeds", [(1, 2), (7, 8)])
def test_another_seed_gives_another_split(seeds):
    subjects = {str(each): None for each in range(40)}
    first, second = (split(subjects, "abcd", seed) for seed in seeds)
    assert first.owners != second.owners
