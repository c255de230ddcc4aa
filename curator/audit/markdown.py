"""The audit as Markdown. Captions and names are other people's text: their marks are escaped."""

import re
from collections.abc import Iterable, Sequence

from curator.audit.report import (
    AUTHOR_COLUMNS,
    COMPARISON_COLUMNS,
    WORDS_FOR,
    author_rows,
    comparison_rows,
    empty_lines,
    groups,
    place_rows,
    sizes_line,
    subject_line,
    summary,
)
from curator.audit.run import Audit
from curator.console import plain

MARKS = re.compile(r"([\\`*_{}\[\]<>#|&~!])")
SHOWN = 100
"""Findings of one check that are written out."""


def markdown(audit: Audit) -> str:
    """The report, ending in a newline."""
    lines = [
        f"# Audit of {escaped(audit.name)}",
        "",
        f"{subject_line(audit)}.",
        "",
        f"**{summary(audit)}**",
        "",
        *_findings(audit),
        *_authors(audit),
        *_comparisons(audit),
        *_places(audit),
        "## Sizes",
        "",
        sizes_line(audit) or "no pictures",
        "",
        *(f"{note}\n" for note in audit.notes),
        f"glide-curator {audit.version}, store at revision {audit.sequence}.",
    ]
    return "\n".join(lines) + "\n"


def escaped(text: object) -> str:
    """A text on one line that Markdown shows as it is."""
    return MARKS.sub(r"\\\1", " ".join(plain(str(text)).split()))


def _findings(audit: Audit) -> list[str]:
    lines = ["## Findings", ""]
    for group in groups(audit):
        lines += [f"### {group.title}: {len(group.findings)} ({WORDS_FOR[group.severity][0]})", ""]
        lines += [f"- {escaped(finding.message)}" for finding in group.findings[:SHOWN]]
        if len(group.findings) > SHOWN:
            lines.append(f"- and {len(group.findings) - SHOWN} more: `curator audit --json`")
        lines += ["", group.advice, ""]
    accepted = [finding for group in groups(audit, "accepted") for finding in group.findings]
    if accepted:
        lines += [
            f"### Accepted: {len(accepted)}",
            "",
            *(f"- {escaped(each.message)}" for each in accepted[:SHOWN]),
            "",
        ]
    return lines if len(lines) > 2 else [*lines, "None.", ""]


def _authors(audit: Audit) -> list[str]:
    authors = audit.figures.authors
    if not authors.rows:
        return []
    at = f" distinct-n is taken at {authors.equal_words} words of each author." if authors.equal_words else ""
    own = [f"- {escaped(row.name)}: {escaped(', '.join(row.own_words))}" for row in authors.rows if row.own_words]
    lines = ["## Authors", "", *_table(AUTHOR_COLUMNS, author_rows(authors.rows)), ""]
    lines += [f"Intervals: bootstrap over captions.{at}", ""]
    return [*lines, "Words that only one author uses:", "", *own, ""] if own and len(authors.rows) > 1 else lines


def _comparisons(audit: Audit) -> list[str]:
    comparisons = audit.figures.comparisons
    lines = ["## Author or picture?", "", escaped(comparisons.verdict), ""]
    if rows := comparison_rows(audit):
        lines += [*_table(COMPARISON_COLUMNS, rows), ""]
    if comparisons.apart:
        lines += ["Without a common subject: " + ", ".join(escaped(" – ".join(pair)) for pair in comparisons.apart), ""]
    for shared in comparisons.shared:
        said = "; ".join(f"{name} says {', '.join(words)}" for name, words in shared.words.items() if words)
        if said:
            lines.append(f"- {escaped(shared.subject)}: {escaped(said)}")
    return [*lines, ""] if comparisons.shared else lines


def _places(audit: Audit) -> list[str]:
    table = audit.figures.places
    lines = ["## Subjects and places", "", "Pictures whose captions name the place.", ""]
    lines += [*_table(["subject", "pictures", *table.places, "not named"], place_rows(table, table.places)), ""]
    if table.empty:
        lines += ["Empty cells:", ""]
        lines += [f"- {escaped(subject)}: {escaped(places)}" for subject, places in empty_lines(table)]
        lines.append("")
    return [*lines, f"Named by no caption: {escaped(', '.join(table.never) or 'none')}", ""]


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    cells = [[escaped(value) for value in row] for row in (columns, *rows)]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return [lines[0], "|" + " --- |" * len(columns), *lines[1:]]
