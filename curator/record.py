"""The nouns of the project: what the store holds and the packages hand to each other. All of it is immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Split = Literal["train", "test"]
ImageStatus = Literal["ok", "excluded"]
TaskKind = Literal["own", "overlap", "recaption", "adjudicate", "collect"]
TaskState = Literal["open", "submitted", "skipped", "passed"]
"""`passed`: given on to another member; the task that took it over is of a later round."""
Severity = Literal["error", "warning", "info"]
Role = Literal["lead", "annotator", "reviewer", "contributor"]
"""What a member may do: see curator.identity.roles. A contributor wrote captions that were imported, and no more."""

UNKNOWN_AUTHOR = ""
"""Author of an imported caption that came without a name."""


@dataclass(frozen=True)
class Image:
    id: str
    """sha256 of the bytes as found, hexadecimal."""
    blob: str
    """sha256 of the bytes kept: upright, without personal metadata. The same as `id` when nothing had to change."""
    width: int
    """Of the kept picture, in pixels."""
    height: int
    format: str
    """Of the kept picture, as Pillow names it: JPEG, PNG, WEBP, …"""
    subject: str | None = None
    licence: str | None = None
    origin: str | None = None
    """Where the picture comes from, in words or as an address."""
    status: ImageStatus = "ok"
    reason: str | None = None
    """Why the picture is excluded."""
    changes: tuple[str, ...] = ()
    """What ingest removed or converted, in words."""
    split: Split | None = None


@dataclass(frozen=True)
class Source:
    """A file as ingest found it. A quarantined one has a reason, and an image or line only if it had one before."""

    root: str
    """The ingested folder."""
    path: str
    """Path below `root`, with forward slashes."""
    kind: Literal["image", "caption"]
    size: int
    """In bytes."""
    mtime_ns: int
    image: str | None = None
    line: int | None = None
    """The line a caption file was read into."""
    reason: str | None = None


@dataclass(frozen=True)
class Member:
    name: str
    role: Role = "annotator"
    weight: float = 1.0
    joined: str | None = None
    left: str | None = None


@dataclass(frozen=True)
class Task:
    id: int
    round: int
    member: str
    kind: TaskKind
    image: str | None
    finding: int | None = None
    state: TaskState = "open"
    reason: str | None = None


@dataclass(frozen=True)
class Revision:
    """One text of a line (image, author, slot). Never changed and never deleted."""

    id: int
    """Its sequence number: a later write has a larger one."""
    line: int
    image: str
    author: str
    slot: int
    text: str
    origin: str
    """`import`, `tui`, `studio`, `pack`, `folder`, `replace`, `draft:MODEL` or `adjudicated`."""
    base: int | None
    """The revision of this line that the writer saw, or None."""
    merges: int | None
    """A second revision that this one settles, or None."""
    written: str
    """UTC, ISO 8601."""
    seconds: float | None
    """Time the writer spent on it."""
    state: Literal["submitted", "withdrawn"]
    source: int | None = None
    """The revision of another line whose text was taken over: a machine draft, an import, an adjudicator's pick."""
    writer: str | None = None
    """Who wrote it, where that is not the line's author."""
    reason: str | None = None
    """Why: of an adjudication or a replacement."""
    batch: int | None = None
    """The find-and-replace that it belongs to."""


@dataclass(frozen=True)
class Batch:
    """A find-and-replace over many captions, as one act."""

    id: int
    member: str
    what: Mapping[str, Any]
    """Pattern, replacement, scope and counts, for people to read."""
    undoes: int | None
    """The batch that this one takes back, or None."""
    written: str
    """UTC, ISO 8601."""


@dataclass(frozen=True)
class Answer:
    """What a member said of a picture beside its caption. Never changed: the newest per member and key counts."""

    id: int
    image: str
    member: str
    key: str
    """An attribute of curator.toml, `rating`, `flag`, `note`, `gold.…` or `approve.SLOT`."""
    value: Any
    written: str
    """UTC, ISO 8601."""


@dataclass(frozen=True)
class Draft:
    """What a member is typing: kept across crashes, never exported."""

    image: str
    author: str
    slot: int
    text: str
    steps: tuple[str, ...]
    """Earlier texts, oldest first, for undo."""
    base: int | None
    """The revision of this line that the typing began from."""
    source: int | None = None
    """The revision of another line whose text was taken over, or None."""


@dataclass(frozen=True)
class Caption:
    """The caption of a picture in one slot, as it would be exported now."""

    slot: int
    text: str
    author: str
    origin: str
    revision: int


@dataclass(frozen=True)
class Record:
    """A picture with all that is known of it, in one snapshot of the store."""

    image: Image
    name: str
    """Path of its first source below the ingested folder."""
    sources: tuple[str, ...]
    owner: str | None
    """The member whose own share it is in, or None before the split."""
    captions: tuple[Caption, ...]
    revisions: tuple[Revision, ...]
    conflicts: tuple[tuple[Revision, ...], ...] = ()
    """Groups of texts that compete; empty when the captions are settled."""
    answers: Mapping[str, Any] = field(default_factory=dict)
    """The newest answer per key (attributes, rating, flag, notes)."""
    waits: str | None = None
    """Why an adjudicated text does not count yet under the two-person rule (curator.approval); None: none waits."""

    @property
    def unready(self) -> str | None:
        """Why the picture cannot be exported, or None when it can."""
        if self.conflicts:
            return "conflict"
        if self.waits:
            return self.waits
        return None if any(caption.text.strip() for caption in self.captions) else "no caption"


@dataclass(frozen=True)
class Finding:
    """What an audit check found, with the figure that made it and what to do about it."""

    check: str
    severity: Severity
    message: str
    images: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    figure: float | None = None
    threshold: float | None = None
    advice: str = ""
    state: Literal["open", "accepted", "resolved"] = "open"
    id: int | None = None
