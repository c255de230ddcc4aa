"""The report of a run: RUN.json for programs, RUN.html for people, both without a clock or a path of this machine."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from curator.files import write_json, write_text
from eval import wording
from eval.card import Card
from eval.gallery import Gallery
from eval.row import Row
from eval.verdict import Verdict

LAYOUT = 1
TEMPLATES = Path(__file__).parent / "templates"
ROLE_TITLES = {"train": "Train pictures", "test": "Test pictures, which training never saw"}


@dataclass(frozen=True)
class Report:
    run: str
    card: Card
    verdict: Verdict
    rows: tuple[Row, ...]

    def content(self) -> dict[str, Any]:
        """What RUN.json holds."""
        return {
            "layout": LAYOUT,
            "run": self.run,
            "card": asdict(self.card),
            "verdict": asdict(self.verdict),
            "rows": [{**asdict(row), "better": row.better} for row in self.rows],
        }


def json_path(reports: Path, run: str) -> Path:
    return reports / f"{run}.json"


def write_report(report: Report, gallery: Gallery, reports: Path) -> Path:
    """Write both files into the folder `reports`; gives the path of the page."""
    page = reports / f"{report.run}.html"
    write_text(page, render(report, gallery))
    write_json(json_path(reports, report.run), report.content())
    return page


def render(report: Report, gallery: Gallery) -> str:
    """The page: one file, no network, every caption escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=wording.number,
        change=wording.change,
        interval=wording.interval,
        probability=wording.probability,
        spread=wording.spread,
        trust=wording.trust,
        told=told,
    )
    page = environment.get_template("report.html").render(
        report=report, gallery=gallery, sections=sections(report.rows), titles=ROLE_TITLES
    )
    return page + "\n"


def sections(rows: Iterable[Row]) -> list[list[Row]]:
    """Rows in the order of the report, those of one split and size together."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.role, row.stage), []).append(row)
    return list(found.values())


def told(value: Any) -> str:
    """A value of the card as text; hashes by their first twelve digits."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {told(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(told(inner) for inner in value) or "none"
    text = "none" if value is None else str(value)
    return f"{text[:12]}…" if len(text) == 64 and text.isalnum() else text
