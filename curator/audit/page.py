"""The audit as one HTML page that needs nothing else: pictures as data, no scripts, no network."""

import base64
import io
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from PIL import Image as Pillow

from curator.audit import report
from curator.audit.pixels import opened
from curator.audit.run import Audit
from curator.blobs import Blobs
from curator.console import plain
from curator.record import Finding, Record
from curator.wording import enumerated

THUMB_PX = 192
QUALITY = 72
VISIBLE_BLANK = "\N{NO-BREAK SPACE}"
SHOWN_FINDINGS = 48
"""Findings of one check on the page."""
SHOWN_PICTURES = 6
"""Pictures of one finding on the page."""
SHOWN_SUBJECTS = 60


def page(audit: Audit, blobs: Blobs) -> str:
    """The page. Captions and names in it are escaped, control characters replaced."""
    environment = Environment(
        loader=PackageLoader("curator.audit"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    records = {record.image.id: record for record in audit.records}
    environment.filters["blanks"] = blanks
    environment.filters["code"] = code
    environment.filters["without_names"] = lambda finding: without_names(finding, records)
    return environment.get_template("audit.html").render(
        audit=audit,
        report=report,
        groups=report.groups(audit),
        accepted=report.groups(audit, "accepted"),
        thumbs=thumbnails(audit, blobs),
        records=records,
        longest=_longest(audit),
        shown_findings=SHOWN_FINDINGS,
        shown_pictures=SHOWN_PICTURES,
        shown_subjects=SHOWN_SUBJECTS,
    )


def thumbnails(audit: Audit, blobs: Blobs) -> Mapping[str, str]:
    """Image id → a small JPEG as a data: URI, for the readable pictures that the page shows."""
    broken = {image for each in audit.findings if each.check == "unreadable-picture" for image in each.images}
    wanted = {
        image
        for group in report.groups(audit)
        for finding in group.findings[:SHOWN_FINDINGS]
        for image in finding.images[:SHOWN_PICTURES]
    }
    return {
        record.image.id: thumbnail(blobs.read(record.image.blob))
        for record in audit.records
        if record.image.id in wanted - broken
    }


def thumbnail(content: bytes) -> str:
    """An encoded picture, made small, as a data: URI."""
    small = opened(content)
    small.thumbnail((THUMB_PX, THUMB_PX), Pillow.Resampling.BOX)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def code(text: str) -> Markup:
    """A text of our own in which `commands` stand out."""
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(text.split("`"))
    )


def without_names(finding: Finding, records: Mapping[str, Record]) -> str:
    """A finding's message without the names of its pictures, which the page shows below it."""
    return finding.message.removeprefix(enumerated([records[image].name for image in finding.images]) + ": ")


def blanks(text: str) -> tuple[str, str, str]:
    """A caption in three pieces: its leading blanks, the rest, its trailing blanks, ready to be marked."""
    body = text.strip()
    before, _, after = text.partition(body) if body else (text, "", "")
    return VISIBLE_BLANK * len(before), body, VISIBLE_BLANK * len(after)


def _longest(audit: Audit) -> float:
    """The right end of the length chart, in words."""
    ends = [row.interval[1] if row.interval else row.mean for row in audit.figures.authors.rows]
    return max(ends, default=1.0) or 1.0
