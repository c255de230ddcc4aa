import pytest

from eval.wording import change, interval, number, probability


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1e-12, "0"),
        (0.01234, "0.0123"),
        (-0.5, "−0.500"),
        (12.34, "12.3"),
        (410.4, "410"),
        (12345.6, "12346"),
    ],
)
def test_numbers_have_three_digits(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("p", "text"), [(1.0, "p = 1"), (0.125, "p = 0.125"), (0.0421, "p = 0.042"), (1 / 2001, "p = 0.0005")]
)
def test_probabilities(p, text):
    assert probability(p) == text


def test_changes_have_a_sign():
    assert (change(0.5), change(-0.5), change(0)) == ("+0.500", "−0.500", "0")
    assert interval((-1.0, 2.0)) == "−1.00 to 2.00"
