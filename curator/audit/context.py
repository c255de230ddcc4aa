"""What every check is given: the records in one order, their pixels, and the settings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from curator.audit.pixels import Broken, Pixels
from curator.config import AuditSettings
from curator.record import Caption, Record
from curator.wording import enumerated


@dataclass(frozen=True)
class Context:
    """One snapshot of the set. Checks read it and change nothing."""

    records: tuple[Record, ...]
    """Ordered by name and id."""
    pixels: Mapping[str, Pixels | Broken]
    """Image id → what was measured on the decoded picture, or why it could not be decoded."""
    settings: AuditSettings

    @classmethod
    def of(cls, records: Iterable[Record], pixels: Mapping[str, Pixels | Broken], settings: AuditSettings) -> "Context":
        """A context whose order does not depend on the order of `records`."""
        ordered = sorted(records, key=lambda record: (record.name, record.image.id))
        return cls(tuple(ordered), pixels, settings)

    @cached_property
    def by_id(self) -> Mapping[str, Record]:
        return {record.image.id: record for record in self.records}

    def captions(self) -> Iterator[tuple[Record, Caption]]:
        """Every caption as it would be exported now, with its picture."""
        for record in self.records:
            for caption in record.captions:
                yield record, caption

    def in_order(self, images: Iterable[str]) -> tuple[str, ...]:
        """Image ids without repeats, in the order of the records."""
        wanted = set(images)
        return tuple(record.image.id for record in self.records if record.image.id in wanted)

    def names(self, images: Iterable[str]) -> str:
        """The pictures' names in one line, the first few of them where there are many."""
        return enumerated([self.by_id[image].name for image in self.in_order(images)])
