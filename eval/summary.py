"""Rows as a table for the terminal."""

from collections.abc import Iterable, Sequence

from eval.comparison import Compared
from eval.row import Row
from eval.wording import change, interval, number, probability

COLUMNS = ("split", "size", "figure", "n real", "n each", "original", "finetuned", "difference", "95 %", "p")
COMPARED_COLUMNS = ("split", "size", "figure", "A", "B", "A 95 %", "B 95 %", "B is")


def summary(rows: Iterable[Row]) -> list[Sequence[object]]:
    """One line a row; an unmeasured one says why."""
    return [_line(row) for row in rows]


def _line(row: Row) -> Sequence[object]:
    size = "" if row.resolution is None else f"{row.resolution} px"
    start = (row.role, size or row.stage, row.metric, row.n_real, row.n_fake)
    if row.figures is None:
        return *start, f"not measured: {row.reason}", None, None, None, None
    difference = row.figures.difference
    return (
        *start,
        number(row.figures.original.value),
        number(row.figures.finetuned.value),
        change(difference.value),
        interval(difference.interval) if difference.interval else None,
        probability(difference.p).removeprefix("p = "),
    )


def compared_table(rows: Iterable[Compared]) -> list[Sequence[object]]:
    """One line a figure that both runs have."""
    return [
        (
            row.role,
            row.stage,
            row.metric,
            number(row.first),
            number(row.second),
            interval(row.first_interval) if row.first_interval else None,
            interval(row.second_interval) if row.second_interval else None,
            row.second_is,
        )
        for row in rows
    ]
