"""What an export would write: the samples of the store as it stands, before a single byte is copied."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from curator.errors import GateError
from curator.record import Caption, Record
from curator.release.options import Options
from curator.release.reader import LAYOUT_VERSION
from curator.release.sample import Sample
from curator.store import Store
from curator.version import TOOL
from curator.workspace import Workspace

ID_DIGITS = 20


@dataclass(frozen=True)
class Plan:
    samples: tuple[Sample, ...]
    left_out: tuple[tuple[str, str], ...]
    """(picture, reason) of what is not exported."""
    about: dict[str, Any]
    """release.json without the files: no clock and no absolute path in it."""

    @property
    def digest(self) -> str:
        return str(self.about["digest"])


def make_plan(workspace: Workspace, store: Store, options: Options) -> Plan:
    """Read one snapshot of the store and decide what is exported.

    Raises GateError where pictures are in conflict, without caption or awaiting approval and `skip_unready` is off,
    or where nothing is left to export.
    """
    with store.read():
        records = store.records.all()
        sequence = store.captions.sequence()
        findings = [finding.severity for finding in store.findings.all(state="open")]
        hold_out = store.pictures.hold_out()
    left_out = tuple((record.name, record.unready) for record in records if record.unready)
    if left_out and not options.skip_unready:
        raise _unready(left_out)
    samples = tuple(
        sorted(
            (sample for record in records if not record.unready for sample in _samples(record, options.anonymous)),
            key=lambda sample: sample.sample_id,
        )
    )
    if not samples:
        raise GateError("there is nothing to export: no picture has a caption", hint="curator ingest, annotate tui")
    about = {
        "layout": LAYOUT_VERSION,
        "tool": TOOL,
        "dataset": workspace.config.name,
        "format": options.format,
        "anonymous": options.anonymous,
        "hold_out": None if hold_out is None else hold_out[1],
        "counts": _counts(samples),
        "left_out": [list(each) for each in left_out],
    }
    about["digest"] = _digest(about, samples)
    about["sequence"] = sequence
    about["audit"] = {severity: findings.count(severity) for severity in ("error", "warning", "info")}
    return Plan(samples, left_out, about)


def _samples(record: Record, anonymous: bool) -> list[Sample]:
    """A sample for each caption of a picture that is not blank."""
    return [_sample(record, caption, anonymous) for caption in record.captions if caption.text.strip()]


def _sample(record: Record, caption: Caption, anonymous: bool) -> Sample:
    image = record.image
    assert image.split is not None, "the hold-out is drawn before the plan is made"
    return Sample(
        sample_id=f"{image.id[:ID_DIGITS]}-{caption.slot}",
        image_id=image.id,
        source=record.name,
        caption=caption.text,
        revision=caption.revision,
        author="" if anonymous else caption.author,
        subject=image.subject,
        split=image.split,
        transforms=("identity",),
        parents=(),
        noise_level=0.0,
        width=image.width,
        height=image.height,
        format=image.format,
        blob=image.blob,
        licence=image.licence,
    )


def _counts(samples: Sequence[Sample]) -> dict[str, Any]:
    splits = {split: sum(sample.split == split for sample in samples) for split in ("train", "test")}
    subjects = {sample.subject for sample in samples if sample.subject}
    images = {sample.image_id for sample in samples}
    return {"samples": len(samples), "images": len(images), **splits, "subjects": len(subjects)}


def _digest(about: dict[str, Any], samples: Sequence[Sample]) -> str:
    content = json.dumps([about, [asdict(sample) for sample in samples]], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _unready(left_out: Sequence[tuple[str, str | None]]) -> GateError:
    shown = "\n".join(f"  {name}: {reason}" for name, reason in left_out[:20])
    more = f"\n  … and {len(left_out) - 20} more" if len(left_out) > 20 else ""
    return GateError(
        f"{len(left_out)} pictures are not ready:\n{shown}{more}",
        hint="caption, settle or approve them (annotate tui, curator settle, annotate adjudicate), or leave them out: "
        "curator export --skip-unready",
    )
