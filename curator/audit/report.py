"""An audit arranged for reading: findings in groups, tables as rows of text, the whole as JSON values."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from curator.audit.authors import Author
from curator.audit.checks import CHECKS
from curator.audit.places import NOT_NAMED, PlaceTable
from curator.audit.run import SEVERITIES, Audit
from curator.record import Finding, Severity
from curator.wording import counted

WORDS_FOR = {"error": ("error", "errors"), "warning": ("warning", "warnings"), "info": ("note", "notes")}
"""What people read for a severity: for one, for several."""


@dataclass(frozen=True)
class Group:
    """All open findings of one check."""

    check: str
    title: str
    severity: Severity
    advice: str
    findings: tuple[Finding, ...]

    @property
    def label(self) -> str:
        return WORDS_FOR[self.severity][0]


def groups(audit: Audit, state: str = "open") -> list[Group]:
    """The findings in one state, a group per check, the severest first."""
    titles = {check.name: check.title for check in CHECKS}
    chosen = (finding for finding in audit.findings if finding.state == state)
    found = []
    for (check, severity), members in groupby(chosen, key=lambda each: (each.check, each.severity)):
        findings = tuple(members)
        found.append(Group(check, titles[check], severity, findings[0].advice, findings))
    return found


def summary(audit: Audit) -> str:
    """How many findings of each severity, in one line."""
    counts = audit.counts
    told = [counted(counts[severity], *WORDS_FOR[severity]) for severity in SEVERITIES]
    return ", ".join(told) + (f" ({counts['accepted']} accepted)" if counts["accepted"] else "")


def subject_line(audit: Audit) -> str:
    """What the set consists of, in one line."""
    counts = audit.figures.counts
    parts = [
        counted(counts.pictures, "picture"),
        counted(counts.captions, "caption"),
        counted(counts.authors, "author"),
        counted(counts.subjects, "subject"),
        *(f"{number} {split}" for split, number in counts.splits.items()),
    ]
    return ", ".join(parts)


def sizes_line(audit: Audit) -> str:
    """The pictures' sizes, in a few sentences; "" for an empty set."""
    sizes = audit.figures.sizes
    if sizes is None:
        return ""
    formats = ", ".join(f"{number} {name}" for name, number in sizes.formats.items())
    return (
        f"Width {_spread(sizes.width)}, height {_spread(sizes.height)}. "
        f"{counted(sizes.square, 'square picture')}, {sizes.small} with a side below 256 px. {formats}."
    )


AUTHOR_COLUMNS = (
    "author", "captions", "words", "words a caption", "95 % interval", "sd", "distinct-1", "distinct-2", "own words",
)  # fmt: skip


def author_rows(rows: Sequence[Author]) -> list[list[object]]:
    """One row an author; distinct-n at the common number of words."""
    return [
        [
            row.name,
            row.captions,
            row.words,
            f"{row.mean:.1f}",
            "–" if row.interval is None else f"{row.interval[0]:.1f}–{row.interval[1]:.1f}",
            "–" if row.sd is None else f"{row.sd:.1f}",
            *(["–", "–"] if row.distinct_equal is None else [f"{value:.2f}" for value in row.distinct_equal]),
            "–" if row.own_share is None else f"{row.own_share:.0%}",
        ]
        for row in rows
    ]


COMPARISON_COLUMNS = ("authors", "on the same", "captions", "difference", "over all", "p", "smallest p")


def comparison_rows(audit: Audit) -> list[list[object]]:
    """One row a pair of authors on common ground; differences in words a caption, second minus first."""
    return [
        [
            f"{row.second} – {row.first}",
            counted(row.number, row.ground.removesuffix("s")),
            f"{row.captions[1]}, {row.captions[0]}",
            f"{row.difference:+.1f}",
            f"{row.overall:+.1f}",
            f"{row.p:.3f}",
            f"{row.least_p:.3f}",
        ]
        for row in audit.figures.comparisons.rows
    ]


def place_rows(table: PlaceTable, places: Sequence[str]) -> list[list[object]]:
    """One row a subject: its pictures, those in each place, those whose captions name none."""
    columns = (*places, NOT_NAMED)
    return [
        [subject, table.pictures[subject], *(table.counts[subject][place] for place in columns)]
        for subject in table.subjects
    ]


def empty_lines(table: PlaceTable) -> list[tuple[str, str]]:
    """(subject, the places that none of its captions names)."""
    return [
        (subject, ", ".join(place for _, place in cells))
        for subject, cells in ((key, list(group)) for key, group in groupby(table.empty, key=lambda cell: cell[0]))
    ]


def as_dict(audit: Audit) -> dict[str, Any]:
    """The audit as JSON values. Pictures of findings have their names beside their ids."""
    names = {record.image.id: record.name for record in audit.records}
    return {
        "name": audit.name,
        "version": audit.version,
        "sequence": audit.sequence,
        "thresholds": dict(audit.thresholds),
        "counts": audit.counts,
        "findings": [
            {**asdict(finding), "names": [names[image] for image in finding.images]} for finding in audit.findings
        ],
        "figures": asdict(audit.figures),
        "notes": list(audit.notes),
    }


def _spread(values: tuple[int, float, int]) -> str:
    least, median, most = values
    return f"{least} px" if least == most else f"{least} to {most} px (median {median:g})"
