"""Authors on common ground: by hand, exact, and against planted and unplanted bias."""

import random
from math import comb

import pytest

from curator.audit.comparison import compare, findings, permutation_p, within
from curator.audit.texts import Text


def text(author, image, subject, length):
    return Text(author, image, subject, ("word",) * length)


def test_within_by_hand():
    assert within([((10, 12), (14,)), ((5,), (5,))]) == pytest.approx((2 / 3 * 3 + 1 / 2 * 0) / (2 / 3 + 1 / 2))


@pytest.mark.parametrize(
    ("strata", "p", "least"),
    [
        ([((1, 2, 3), (10, 11))], 1 / comb(5, 2), 1 / comb(5, 2)),
        ([((5, 5, 5), (5, 5))], 1.0, 1.0),
        ([((1,), (9,))] * 6, 2 / 2**6, 2 / 2**6),
    ],
    ids=["as far apart as can be", "no difference", "pairs"],
)
def test_exact_permutation_by_hand(strata, p, least):
    assert permutation_p(strata) == (pytest.approx(p), pytest.approx(least))


def test_shuffles_come_near_the_exact_p():
    strata = [((4, 9, 7, 8, 6), (5, 6, 3, 4, 9)), ((3, 8), (6, 6)), ((7,), (9,))]
    exact, _ = permutation_p(strata)
    many = [*strata, *([((5,), (5,))] * 10)]  # ties add arrangements and nothing else
    shuffled, _ = permutation_p(many)
    assert shuffled == pytest.approx(exact, abs=0.02)


def test_authors_of_different_subjects_cannot_be_told_apart():
    texts = [text("ada", f"a{n}", "cat", 20) for n in range(10)] + [text("ben", f"b{n}", "dog", 5) for n in range(10)]
    found = compare(texts)
    assert (found.rows, found.apart, found.shared) == ((), (("ada", "ben"),), ())
    assert "cannot be told apart at all" in found.verdict
    assert findings(found) == []


def test_the_difference_of_subjects_is_not_blamed_on_the_author():
    """Ada writes more over all, only because she has the subject on which everybody writes more."""
    draw = random.Random(2)
    texts = []
    for subject, length, shares in (("long", 30, (16, 4)), ("short", 8, (4, 16))):
        for author, share in zip(("ada", "ben"), shares, strict=True):
            texts += [
                text(author, f"{subject}{author}{n}", subject, length + draw.randint(-2, 2)) for n in range(share)
            ]
    (row,) = compare(texts).rows
    assert row.overall < -10
    assert abs(row.difference) < 1.5
    assert findings(compare(texts)) == []


def test_a_planted_author_is_found_on_common_pictures():
    draw = random.Random(4)
    texts = []
    for n in range(12):
        length = draw.randint(6, 14)
        texts += [text(author, f"{n}", "dog", length + draw.randint(-1, 1)) for author in ("ada", "ben")]
        texts.append(text("cleo", f"{n}", "dog", length + 8))
    found = compare(texts)
    assert {row.ground for row in found.rows} == {"pictures"}
    assert {finding.members for finding in findings(found)} == {("ada", "cleo"), ("ben", "cleo")}
    assert all("cleo writes" in finding.message for finding in findings(found))


def test_authors_alike_are_rarely_found():
    """Sixty sets without any bias, three pairs each: about one set in twenty may raise a false alarm."""
    alarms = 0
    for seed in range(60):
        draw = random.Random(seed)
        texts = [
            text(author, f"{subject}{author}{n}", subject, draw.randint(6, 18))
            for subject in ("cat", "dog")
            for author in ("ada", "ben", "cleo")
            for n in range(5)
        ]
        alarms += bool(findings(compare(texts)))
    assert alarms <= 7


def test_words_that_one_author_alone_uses_for_a_subject():
    texts = [
        Text("ada", "1", "dog2", ("proud", "chow", "chow", "lying")),
        Text("ada", "2", "dog2", ("a", "chow", "chow", "standing")),
        Text("ben", "3", "dog2", ("tiny", "tan", "dog", "standing")),
        Text("ben", "4", "cat", ("a", "chow")),
    ]
    (shared,) = compare(texts).shared
    assert shared.subject == "dog2"
    assert shared.captions == {"ada": 2, "ben": 1}
    assert shared.words == {"ada": ("chow", "lying", "proud"), "ben": ("dog", "tan", "tiny")}


@pytest.mark.parametrize(
    ("shared", "told"),
    [
        (0, "cannot be told apart at all"),
        (1, "for most of the set: only 1 of 4"),
        (2, "through 2 of 4"),
        (4, "each of"),
    ],
)
def test_the_verdict_says_how_far_author_and_subject_are_told_apart(shared, told):
    texts = [text("ada", f"a{n}", f"subject{n}", 5) for n in range(4)]
    texts += [text("ben", f"b{n}", f"subject{n}", 5) for n in range(shared)]
    texts.append(text("ben", "b", None, 5))
    assert told in compare(texts).verdict


def test_the_verdict_without_authors_or_subjects():
    assert "one author" in compare([text("ada", "a", "dog", 5)]).verdict
    assert "no subjects" in compare([text("ada", "a", None, 5), text("ben", "b", None, 5)]).verdict
