"""A sample: one picture with one caption, and where both come from. The row type of records.parquet."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import pyarrow as pa

from curator.record import Split

SCHEMA = pa.schema(
    [
        ("sample_id", pa.string()),
        ("image_id", pa.string()),
        ("source", pa.string()),
        ("caption", pa.string()),
        ("revision", pa.int64()),
        ("author", pa.string()),
        ("subject", pa.string()),
        ("split", pa.string()),
        ("transforms", pa.list_(pa.string())),
        ("parents", pa.list_(pa.string())),
        ("noise_level", pa.float64()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("format", pa.string()),
        ("blob", pa.string()),
        ("licence", pa.string()),
    ]
)


@dataclass(frozen=True)
class Sample:
    sample_id: str
    """Unique in a release; letters, digits and `-` only, so that every format can use it as a file name."""
    image_id: str
    """sha256 of the picture's bytes as the team found them."""
    source: str
    """Path of the picture below the folder it was ingested from."""
    caption: str
    """As written: blanks, lines and case untouched."""
    revision: int
    """The revision the caption is."""
    author: str
    """Member who wrote it; empty when unknown."""
    subject: str | None
    split: Split
    transforms: tuple[str, ...]
    """What was done to the picture, in order; `("identity",)` when nothing was."""
    parents: tuple[str, ...]
    """Sample ids this one was derived from; empty for an original."""
    noise_level: float
    """Standard deviation of the Gaussian noise added, for pixels in [-1, 1]; 0 when none was."""
    width: int
    """In pixels."""
    height: int
    format: str
    """As Pillow names it."""
    blob: str
    """sha256 of the picture's bytes in this release."""
    licence: str | None


def to_table(samples: Sequence[Sample]) -> pa.Table:
    """Samples as an Arrow table with the columns of SCHEMA."""
    return pa.Table.from_pylist([asdict(sample) for sample in samples], schema=SCHEMA)


def from_table(table: pa.Table) -> tuple[Sample, ...]:
    """The samples of an Arrow table. Raises KeyError where a column is missing."""
    names = [field.name for field in fields(Sample)]
    return tuple(Sample(**{name: _value(row[name]) for name in names}) for row in table.to_pylist())


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
