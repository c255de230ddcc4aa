import json

import pytest

from curator.errors import InputError
from eval.comparison import compare


def report(value=0.5, interval=(0.4, 0.6), guidance=3.0, metric="KID-X"):
    figure = {"value": value, "interval": interval, "p": 0.1}
    return {
        "layout": 1,
        "card": {"conditions": {"extractors": {"X": {"sha256": "1"}}, "sampling": {"32": {"guidance": guidance}}}},
        "rows": [
            {"metric": metric, "role": "train", "stage": "base", "better": "lower", "figures": {"finetuned": figure}},
            {"metric": "FID", "role": "train", "stage": "base", "better": "lower", "figures": None},
        ],
    }


@pytest.fixture
def reports(tmp_path):
    """`reports(a=report(), b=report())`: a folder of them."""

    def write(**contents):
        for name, content in contents.items():
            (tmp_path / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content))
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (report(0.2, (0.1, 0.3)), "lower"),
        (report(0.9, (0.8, 1.0)), "higher"),
        (report(0.55, (0.45, 0.65)), "not told apart"),
        (report(0.2, None), "no interval"),
    ],
)
def test_what_both_have_is_compared(reports, second, told):
    (row,) = compare(reports(a=report(), b=second), "a", "b")
    assert (row.metric, row.first, row.second, row.second_is) == (
        "KID-X",
        0.5,
        second["rows"][0]["figures"]["finetuned"]["value"],
        told,
    )


def test_unlike_cards_are_refused_with_the_fields(reports):
    with pytest.raises(InputError, match=r"sampling 32 guidance: 3\.0 and 4\.0"):
        compare(reports(a=report(), b=report(guidance=4.0)), "a", "b")


def test_figures_that_one_lacks_are_left_out(reports):
    assert compare(reports(a=report(), b=report(metric="KID-Y")), "a", "b") == []


@pytest.mark.parametrize("content", ["{", "[]", '{"layout": 99}'])
def test_what_is_no_report_is_refused(reports, content):
    with pytest.raises(InputError, match=r"b\.json"):
        compare(reports(a=report(), b=content), "a", "b")


def test_a_missing_report_is_named_with_the_next_step(reports):
    with pytest.raises(InputError, match="known: a") as caught:
        compare(reports(a=report()), "a", "b")
    assert caught.value.hint == "measure it: evaluate run b"
