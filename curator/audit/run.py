"""One audit: a snapshot of the set, every check on it, the figures, and the findings in the store."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from curator.audit.checks import CHECKS
from curator.audit.context import Context
from curator.audit.figures import Figures, figures
from curator.audit.pixels import measure
from curator.blobs import Blobs
from curator.config import Config
from curator.record import Finding, Record, Severity
from curator.store import Store
from curator.tokens import clip_token_count
from curator.version import __version__

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
CLIP_ABSENT = "Not measured: caption length in CLIP tokens, because CLIP's vocabulary is not installed (extra eval)."


@dataclass(frozen=True)
class Audit:
    """What an audit found, and what it was made from. The same store and settings give an equal audit."""

    name: str
    version: str
    """Of the tool."""
    sequence: int
    """Of the newest revision in the store that was read."""
    thresholds: Mapping[str, float]
    findings: tuple[Finding, ...]
    """By severity, then in the order of the checks, then by picture."""
    figures: Figures
    notes: tuple[str, ...]
    """What could not be measured, and why."""
    records: tuple[Record, ...]
    """The pictures that were looked at, ordered by name."""

    def open(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity that nobody accepted."""
        return tuple(each for each in self.findings if each.severity == severity and each.state == "open")

    @property
    def counts(self) -> dict[str, int]:
        """severity → open findings, and accepted findings."""
        counts: dict[str, int] = {severity: len(self.open(severity)) for severity in SEVERITIES}
        return {**counts, "accepted": sum(each.state == "accepted" for each in self.findings)}


def audit(store: Store, blobs: Blobs, config: Config, step: Callable[[], None] = lambda: None) -> Audit:
    """Audit the set, store the findings, and return them with the figures. `step` is called once per picture.

    Excluded pictures are not looked at. A picture that cannot be read is a finding.
    """
    with store.read():
        records, sequence = store.records.all(), store.captions.sequence()
    measured = {}
    for record in records:
        measured[record.image.id] = measure(record.image, blobs)
        step()
    context = Context.of(records, measured, config.audit)
    found = store.findings.replace(examine(context))
    return Audit(
        name=config.name,
        version=__version__,
        sequence=sequence,
        thresholds={
            "near_duplicate_bits": config.audit.near_duplicate_bits,
            "min_words": config.audit.min_words,
        },
        findings=tuple(_ordered(found, context)),
        figures=figures(context),
        notes=(CLIP_ABSENT,) if clip_token_count("") is None else (),
        records=context.records,
    )


def examine(context: Context) -> list[Finding]:
    """What all checks find, in order."""
    return _ordered((finding for check in CHECKS for finding in check.run(context)), context)


def _ordered(found: Iterable[Finding], context: Context) -> list[Finding]:
    order = {check.name: index for index, check in enumerate(CHECKS)}
    place = {record.image.id: index for index, record in enumerate(context.records)}

    def key(finding: Finding) -> tuple[int, int, list[int], str]:
        severity = SEVERITIES.index(finding.severity)
        return severity, order[finding.check], [place[image] for image in finding.images], finding.message

    return sorted(found, key=key)
