from eval.comparison import Compared
from eval.row import Difference, Figure, Figures, Row
from eval.summary import COLUMNS, COMPARED_COLUMNS, compared_table, summary


def test_one_line_a_row_measured_or_not():
    figures = Figures(Figure(12.34), Figure(10.0), Difference(-2.34, (-3.0, -1.0), 0.0005))
    measured = Row("frechet", "FD-X", "train", "base", 32, 31, 30, figures=figures)
    absent = Row("frechet", "FID", "test", "upsampled", None, 6, 0, reason="weights absent")
    lines = summary([measured, absent])
    assert lines[0] == ("train", "32 px", "FD-X", 31, 30, "12.3", "10.0", "−2.34", "−3.00 to −1.00", "0.0005")
    assert lines[1][:6] == ("test", "upsampled", "FID", 6, 0, "not measured: weights absent")
    assert {len(line) for line in lines} == {len(COLUMNS)}


def test_one_line_a_compared_figure():
    (line,) = compared_table([Compared("FD-X", "train", "base", "lower", 1.0, 2.0, None, (1.5, 2.5), "no interval")])
    assert line == ("train", "base", "FD-X", "1.00", "2.00", None, "1.50 to 2.50", "no interval")
    assert len(line) == len(COMPARED_COLUMNS)
