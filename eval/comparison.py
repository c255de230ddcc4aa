"""Two runs side by side, from their reports; only on equal evaluation cards."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from curator.errors import InputError
from eval.card import differences
from eval.report import LAYOUT, json_path
from eval.resampling import Interval

Told = Literal["lower", "higher", "not told apart", "no interval"]


@dataclass(frozen=True)
class Compared:
    """One figure of the finetuned models of two runs."""

    metric: str
    role: str
    stage: str
    better: str
    first: float
    second: float
    first_interval: Interval | None
    second_interval: Interval | None
    second_is: Told
    """By intervals that do not overlap: a strict test, for the two share prompts and noise."""


def compare(reports: Path, first: str, second: str) -> list[Compared]:
    """The figures that both runs have. Raises InputError for a missing report, or naming what differs in the cards."""
    one, other = read_report(reports, first), read_report(reports, second)
    unlike = differences(one["card"]["conditions"], other["card"]["conditions"])
    if unlike:
        raise InputError(
            f"{first} and {second} were measured under different conditions:\n  " + "\n  ".join(unlike),
            hint="sample and evaluate both in the same way, then compare",
        )
    theirs = {_key(row): row for row in other["rows"]}
    return [
        _compared(row, theirs[_key(row)])
        for row in one["rows"]
        if row["figures"] and theirs.get(_key(row), {}).get("figures")
    ]


def read_report(reports: Path, run: str) -> dict[str, Any]:
    """The content of RUN.json. Raises InputError where there is none, or one of another version."""
    path = json_path(reports, run)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(sorted(file.stem for file in reports.glob("*.json"))) or "there is none"
        raise InputError(f"no report of run {run!r}; known: {known}", hint=f"measure it: evaluate run {run}") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not readable: {error}", hint=f"measure it again: evaluate run {run}") from error
    if not isinstance(content, dict) or content.get("layout") != LAYOUT:
        raise InputError(f"{path}: not a report of this version", hint=f"measure it again: evaluate run {run}")
    return content


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["metric"], row["role"], row["stage"]


def _compared(one: dict[str, Any], other: dict[str, Any]) -> Compared:
    mine, theirs = one["figures"]["finetuned"], other["figures"]["finetuned"]
    return Compared(
        *_key(one),
        one["better"],
        mine["value"],
        theirs["value"],
        mine["interval"],
        theirs["interval"],
        second_is=_told(mine["interval"], theirs["interval"]),
    )


def _told(first: Interval | None, second: Interval | None) -> Told:
    if first is None or second is None:
        return "no interval"
    if second[1] < first[0]:
        return "lower"
    return "higher" if second[0] > first[1] else "not told apart"
