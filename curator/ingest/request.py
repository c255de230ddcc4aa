"""What a caller asks of ingest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from curator.record import UNKNOWN_AUTHOR


@dataclass(frozen=True)
class Request:
    """A folder to read, and what is said of it beside what lies in it."""

    folder: Path
    table: Path | None = None
    """A CSV file; see curator.ingest.table."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The table's own column names → ours."""
    author: str = UNKNOWN_AUTHOR
    """Of captions whose author neither the table nor an earlier ingest names."""
    licence: str | None = None
    """Of pictures without one."""
    dry_run: bool = False
    """Read and judge, but write nothing."""
    batch: int = 50
    """Pictures in one transaction; what was not committed when a pass is cut off is read again by the next."""


@dataclass(frozen=True)
class Phase:
    """A part of the work: draw a bar of `total` steps while running `steps`."""

    label: str
    total: int
    steps: Iterator[str]
    """Yields the path of each file after it was read."""
