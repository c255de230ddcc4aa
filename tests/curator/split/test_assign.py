import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.split.assign import Overlap, split


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


@given(sets(), st.integers(0, 100))
def test_a_second_round_keeps_owners_and_stays_exact_within_subjects(case, share):
    subjects, members, _overlap, seed = case
    known = dict(list(subjects.items())[: len(subjects) * share // 100])
    first = split(known, members, seed)
    second = split(subjects, members, seed + 1, owned=first.owners)
    everything = {**first.owners, **second.owners}
    assert not first.owners.keys() & second.owners.keys()
    assert everything.keys() == subjects.keys()
    for subject in set(subjects.values()):
        owners = [everything[picture] for picture in subjects if subjects[picture] == subject]
        counts = [owners.count(name) for name in members]
        assert max(counts) - min(counts) <= 1


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
