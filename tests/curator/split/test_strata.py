from fractions import Fraction
from itertools import product
from math import ceil, floor

from hypothesis import given, settings
from hypothesis import strategies as st

from curator.split.strata import Sheet, fill

WEIGHTS = st.sampled_from([Fraction(each) for each in ("1", "2", "0.5", "3")])


@st.composite
def sheets(draw, most_subjects=6, most_members=5, most_pictures=12, holding=False):
    """Subjects and members of some weight; with `holding`, members hold some pictures already."""
    subjects = [f"s{number}" for number in range(draw(st.integers(1, most_subjects)))]
    names = "abcde"[: draw(st.integers(1, most_members))]
    low = {subject: {name: draw(st.integers(0, 3)) if holding else 0 for name in names} for subject in subjects}
    sizes = {each: sum(low[each].values()) + draw(st.integers(0, most_pictures)) for each in subjects}
    return Sheet(sizes, {name: draw(WEIGHTS) for name in names}, low)


def columns(counts):
    return {name: sum(row[name] for row in counts.values()) for row in counts.values() for name in row}


def furthest(counts, fair):
    return max(abs(counts[subject][name] - fair[subject][name]) for subject in counts for name in counts[subject])


@given(sheets(), st.integers(0, 99))
def test_a_first_round_is_within_one_over_all_and_within_two_in_each_subject(sheet, seed):
    filled = fill(sheet, seed)
    total = sum(sheet.sizes.values())
    for name, number in columns(filled.counts).items():
        assert abs(number - total * sheet.weights[name] / sum(sheet.weights.values())) < 1
    assert {subject: sum(row.values()) for subject, row in filled.counts.items()} == sheet.sizes
    assert min(min(row.values()) for row in filled.counts.values()) >= 0
    assert furthest(filled.counts, filled.fair) < 2


@given(sheets(), st.integers(0, 99))
def test_equal_weights_differ_by_at_most_one_over_all_and_in_each_subject(sheet, seed):
    counts = fill(Sheet(sheet.sizes, dict.fromkeys(sheet.weights, Fraction(1))), seed).counts
    for row in (*counts.values(), columns(counts)):
        assert max(row.values()) - min(row.values()) <= 1


@given(sheets(holding=True), st.integers(0, 99))
def test_with_earlier_holdings_it_is_exact_over_all_and_nobody_loses_anything(sheet, seed):
    filled = fill(sheet, seed)
    held = columns(sheet.low)
    for name, number in columns(filled.counts).items():
        assert number >= held[name]
        assert abs(number - filled.fair_totals[name]) < 1
    for subject, row in filled.counts.items():
        assert all(row[name] >= sheet.low[subject][name] for name in row)
        assert sum(row.values()) == sheet.sizes[subject]


@settings(max_examples=400)
@given(sheets(most_subjects=4, most_members=4, most_pictures=4, holding=True), st.integers(0, 9))
def test_within_subjects_it_is_within_one_wherever_any_table_with_these_totals_is(sheet, seed):
    filled = fill(sheet, seed)
    wanted = columns(filled.counts)
    if furthest(filled.counts, filled.fair) >= 1:
        assert not any(columns(table) == wanted for table in close_tables(sheet, filled.fair))


def test_a_move_never_takes_a_share_a_whole_picture_from_the_fair_one_without_need():
    """Here the first move that comes to hand would go further from a fair share than it has to."""
    weights = {"a": Fraction(3), "b": Fraction(1), "c": Fraction(2)}
    filled = fill(Sheet({"s0": 1, "s1": 4}, weights), 1)
    assert furthest(filled.counts, filled.fair) < 1


def test_a_move_makes_others_of_the_same_subject_possible():
    """Only giving on what was just received brings all totals right here, and every share near the fair one."""
    weights = {"a": Fraction(8), "b": Fraction(1), "c": Fraction(2), "d": Fraction(3)}
    sizes = {"s0": 11, "s1": 5, "s2": 5, "s3": 0, "s4": 7, "s5": 8}
    held = {"s0": (4, 0, 1, 2), "s1": (2, 0, 1, 2), "s2": (1, 0, 0, 2), "s4": (4, 1, 0, 0), "s5": (4, 2, 0, 0)}
    low = {subject: dict(zip("abcd", numbers, strict=True)) for subject, numbers in held.items()}
    filled = fill(Sheet(sizes, weights, low), 1)
    assert furthest(filled.counts, filled.fair) < 1


def close_tables(sheet, fair):
    """Every table whose numbers are all less than one from the fair shares, with rows that sum up."""
    rows = {
        subject: [
            dict(zip(shares, numbers, strict=True))
            for numbers in product(*({floor(share), ceil(share)} for share in shares.values()))
            if sum(numbers) == sheet.sizes[subject]
        ]
        for subject, shares in fair.items()
    }
    return [dict(zip(rows, table, strict=True)) for table in product(*rows.values())]


@given(sheets(), st.data())
def test_given_totals_are_kept_within_one_in_each_subject(sheet, data):
    pictures = sum(sheet.sizes.values())
    names = sorted(sheet.weights)
    cuts = sorted(data.draw(st.lists(st.integers(0, pictures), min_size=len(names) - 1, max_size=len(names) - 1)))
    totals = {name: end - start for name, start, end in zip(names, [0, *cuts], [*cuts, pictures], strict=True)}
    weights = {name: Fraction(total) for name, total in totals.items()}
    filled = fill(Sheet(sheet.sizes, weights, totals=totals), 3)
    assert columns(filled.counts) == totals
    assert furthest(filled.counts, filled.fair) < 1


def test_pictures_are_moved_within_subjects_until_the_totals_are_right():
    """Each subject by itself would leave the light members without a picture."""
    sizes = {f"s{number}": 1 for number in range(30)}
    weights = {"a": Fraction(8), "b": Fraction(1), "c": Fraction(1)}
    filled = fill(Sheet(sizes, weights), 1)
    assert columns(filled.counts) == {"a": 24, "b": 3, "c": 3}
    assert furthest(filled.counts, filled.fair) < 1


def test_where_subjects_and_totals_disagree_the_totals_win():
    """a has all of s, b all of t; the new pictures of s would all be b's if only subjects counted."""
    low = {"s": {"a": 4, "b": 0}, "t": {"a": 0, "b": 4}}
    filled = fill(Sheet({"s": 8, "t": 4}, {"a": Fraction(1), "b": Fraction(1)}, low), 1)
    assert filled.counts == {"s": {"a": 6, "b": 2}, "t": {"a": 0, "b": 4}}
