import random
from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from curator.split.assign import weights_of
from curator.split.handover import Left, hand_over

EQUAL = weights_of("abc")


@st.composite
def lefts(draw):
    """What `z` has left, with others on some of the pictures, and one to four members who could take over."""
    names = "abcd"[: draw(st.integers(1, 4))]
    subject = st.sampled_from(["cat", "dog", "owl", ""])
    own = {f"own{each}": draw(subject) for each in range(draw(st.integers(0, 25)))}
    overlap = {f"blind{each}": draw(subject) for each in range(draw(st.integers(0, 8)))}
    states = st.dictionaries(st.sampled_from(names), st.sampled_from(["open", "submitted", "skipped"]))
    captioners = {picture: found for picture in (*own, *overlap) if (found := draw(st.just({}) | states))}
    authors = {picture: frozenset(draw(st.sets(st.sampled_from(names)))) for picture in overlap}
    weights = {name: draw(st.sampled_from([0.5, 1.0, 2.0])) for name in names}
    return Left(own, overlap, captioners, authors), weights_of(weights), draw(st.integers(0, 99))


@given(lefts())
def test_every_own_picture_gets_one_new_owner_and_every_overlap_picture_one_or_is_named(case):
    left, weights, seed = case
    made = hand_over(left, weights, seed)
    assert made.own.keys() == left.own.keys()
    assert made.overlap.keys() | set(made.stuck) == left.overlap.keys()
    assert not made.overlap.keys() & set(made.stuck)
    assert {*made.own.values(), *made.overlap.values()} <= weights.keys()


@given(lefts())
def test_nobody_is_on_a_picture_twice_or_captions_blind_what_they_have_captioned(case):
    left, weights, seed = case
    made = hand_over(left, weights, seed)
    for picture, member in made.own.items():
        on_it = left.captioners.get(picture, {})
        assert (member in on_it) == (picture in made.promoted)
        assert picture not in made.promoted or weights.keys() <= on_it.keys()
    for picture, member in made.overlap.items():
        assert member not in left.captioners.get(picture, {})
        assert member not in left.authors[picture]
    for picture in made.stuck:
        assert weights.keys() <= left.captioners.get(picture, {}).keys() | left.authors[picture]


@given(lefts())
def test_pictures_that_anybody_may_take_are_shared_by_weight(case):
    left, weights, seed = case
    made = hand_over(Left(left.own), weights, seed)
    whole = sum(weights.values())
    counts = Counter(made.own.values())
    for name, weight in weights.items():
        assert abs(counts[name] - len(left.own) * weight / whole) < 1
    for subject in set(left.own.values()):
        here = [picture for picture, each in left.own.items() if each == subject]
        for name in weights:
            fair = Fraction(len(here) * counts[name], len(left.own))
            assert abs(sum(made.own[picture] == name for picture in here) - fair) < 1


@given(lefts(), st.randoms(use_true_random=False))
def test_order_of_the_input_does_not_matter(case, shuffler):
    left, weights, seed = case

    def shuffled(mapping):
        items = list(mapping.items())
        shuffler.shuffle(items)
        return dict(items)

    again = Left(*(shuffled(each) for each in (left.own, left.overlap, left.captioners, left.authors)))
    assert hand_over(again, shuffled(weights), seed) == hand_over(left, weights, seed)


def test_what_only_some_may_take_is_made_up_for_by_the_rest():
    """Only a may caption the four overlap pictures blind, so that b and c get more of the others."""
    blind = {f"blind{each}": "cat" for each in range(4)}
    own = {f"own{each}": "cat" for each in range(8)}
    made = hand_over(Left(own, blind, {each: {"b": "open", "c": "open"} for each in blind}), EQUAL, 1)
    assert set(made.overlap.values()) == {"a"}
    assert Counter(made.own.values()) == {"b": 4, "c": 4}
    assert made.proof["furthest"] == 0


def test_a_picture_that_everybody_captions_goes_first_to_who_has_still_to_caption_it():
    on_it = {"p": {"a": "submitted", "b": "open", "c": "skipped"}, "q": dict.fromkeys("abc", "submitted")}
    made = hand_over(Left({"p": "cat", "q": "cat"}, captioners=on_it), EQUAL, 1)
    assert made.promoted.keys() == {"p", "q"}
    assert made.own["p"] == "b"


def test_the_handover_is_the_same_on_any_machine():
    own = {f"{subject}{each}": subject for subject in "xyz" for each in range(random.Random(subject).randint(3, 9))}
    assert hand_over(Left(own, {"blind": "x"}), EQUAL, 7).proof["digest"] == "b090c4250c00864a"
