"""What a team wants to see of a set: its state in one glance, a list, one picture, and who wrote what. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from curator.record import Record
from curator.store import Store


def status(store: Store) -> dict[str, Any]:
    """The state of the set in figures."""
    with store.read():
        records = store.records.all(excluded=True)
        counts = store.team.task_counts()
        members = store.team.members()
        quarantined = sum(source.reason is not None for source in store.pictures.sources())
        releases = store.history.releases()
        findings = Counter(finding.severity for finding in store.findings.all(state="open"))
    kept = [record for record in records if record.image.status == "ok"]
    unready = Counter(record.unready for record in kept if record.unready)
    return {
        "pictures": len(kept),
        "excluded": len(records) - len(kept),
        "quarantined_files": quarantined,
        "captions": sum(len(record.captions) for record in kept),
        "unready": dict(unready),
        "subjects": dict(sorted(Counter(record.image.subject or "" for record in kept).items())),
        "split": dict(sorted(Counter(record.image.split or "not drawn" for record in kept).items())),
        "members": [
            {"name": member.name, "role": member.role, **_work(counts.get(member.name, {}), member.name, kept)}
            for member in members
        ],
        "findings": dict(findings),
        "newest_release": releases[-1].name if releases else None,
    }


def _work(states: dict[str, int], name: str, records: Sequence[Record]) -> dict[str, int]:
    return {
        "own": sum(record.owner == name for record in records),
        "tasks": sum(states.values()),
        "open": states.get("open", 0),
        "submitted": states.get("submitted", 0),
        "skipped": states.get("skipped", 0),
        "captions": sum(caption.author == name for record in records for caption in record.captions),
    }


def row(record: Record) -> dict[str, Any]:
    """One line of the list of pictures."""
    image = record.image
    return {
        "name": record.name,
        "id": image.id,
        "subject": image.subject,
        "split": image.split,
        "owner": record.owner,
        "state": image.reason or "excluded" if image.status == "excluded" else record.unready or "ready",
        "captions": [asdict(caption) for caption in record.captions],
    }


def details(record: Record) -> dict[str, Any]:
    """All that is known of one picture."""
    image = asdict(record.image)
    return {
        **row(record),
        **{key: image[key] for key in ("blob", "width", "height", "format", "licence", "origin", "changes")},
        "sources": list(record.sources),
        "conflicts": [[asdict(each) for each in group] for group in record.conflicts],
        "answers": dict(record.answers),
        "revisions": len(record.revisions),
    }
