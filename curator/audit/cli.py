"""`curator audit`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from curator import console
from curator.errors import GateError

if TYPE_CHECKING:
    from curator.audit.run import Audit

SHOWN_FINDINGS = 8
SHOWN_PLACES = 8
SHOWN_SUBJECTS = 30


def audit_command(
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write Markdown.", show_default="reports/audit.md")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write HTML.", show_default="reports/audit.html")
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning"] | None,
        typer.Option(help="Exit with code 4 if there is an open finding this severe, or severer."),
    ] = None,
    as_json: console.AsJson = False,
    _folder: console.InFolder = None,
) -> None:
    """Look for duplicates, faulty captions and lop-sidedness, and write the report.

    Findings are kept in the store. Nothing else is changed.
    """
    from curator.audit.markdown import markdown as as_markdown
    from curator.audit.page import page
    from curator.audit.report import as_dict
    from curator.audit.run import audit
    from curator.blobs import Blobs
    from curator.files import write_text
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find()
    store, blobs = open_store(workspace), Blobs(workspace.blobs)
    with console.bar("audit", store.pictures.count()) as tracker:
        result = audit(store, blobs, workspace.config, tracker.advance)
    markdown, html = markdown or workspace.reports / "audit.md", html or workspace.reports / "audit.html"
    write_text(markdown, as_markdown(result))
    write_text(html, page(result, blobs))
    if as_json:
        console.print_json(as_dict(result))
    else:
        _print(result)
    console.say(f"reports: {_near(markdown)}, {_near(html)}")
    _gate(result, fail_on, html)


def _gate(audit: "Audit", fail_on: str | None, html: Path) -> None:
    failing = {None: [], "error": ["error"], "warning": ["error", "warning"]}[fail_on]
    if number := sum(audit.counts[severity] for severity in failing):
        told = "finding" if number == 1 else "findings"
        raise GateError(
            f"audit: {number} open {told} with severity {' or '.join(reversed(failing))}", hint=f"see {_near(html)}"
        )


def _print(audit: "Audit") -> None:
    from curator.audit import report

    console.put(f"{audit.name}: {report.subject_line(audit)}")
    for group in report.groups(audit):
        console.put(f"\n{group.label}: {group.title} ({len(group.findings)})")
        for finding in group.findings[:SHOWN_FINDINGS]:
            console.put(f"  {' '.join(finding.message.split())}")
        if len(group.findings) > SHOWN_FINDINGS:
            console.put(f"  and {len(group.findings) - SHOWN_FINDINGS} more")
    _print_figures(audit)
    console.put(f"\n{report.summary(audit)}")


def _print_figures(audit: "Audit") -> None:
    from curator.audit import report

    figures = audit.figures
    if figures.authors.rows:
        equal = figures.authors.equal_words
        console.put("\nauthors" + (f" (distinct-n at {equal} words)" if equal else ""))
        console.print_table(report.AUTHOR_COLUMNS, report.author_rows(figures.authors.rows))
        console.put(f"\n{figures.comparisons.verdict}")
    if rows := report.comparison_rows(audit):
        console.print_table(report.COMPARISON_COLUMNS, rows)
    if figures.places.subjects:
        shown = figures.places.places[:SHOWN_PLACES]
        console.put(f"\nsubjects and places ({len(shown)} of {len(figures.places.places)} places that captions name)")
        rows = report.place_rows(figures.places, shown)
        console.print_table(["subject", "pictures", *shown, "not named"], rows[:SHOWN_SUBJECTS])
        if len(rows) > SHOWN_SUBJECTS:
            console.put(f"and {len(rows) - SHOWN_SUBJECTS} more subjects")
    for note in audit.notes:
        console.put(f"\n{note}")


def _near(path: Path) -> Path:
    """A path as seen from the current folder, where it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
