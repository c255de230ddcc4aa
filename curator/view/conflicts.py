"""The texts that compete, picture by picture, with what they go back to and what each of them changed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from curator.forks import fork
from curator.merging import marked, merged
from curator.record import Record, Revision
from curator.store import Store


@dataclass(frozen=True)
class Contest:
    """A group of texts that compete for being the caption of a picture in one slot."""

    record: Record
    texts: tuple[Revision, ...]
    """In the order in which they were written."""
    base: Revision | None
    """The text that all of them go back to, or None."""

    @property
    def slot(self) -> int:
        return self.texts[0].slot

    @property
    def merge(self) -> str | None:
        """The words of two texts put together, where they changed different ones; nobody has said that it holds."""
        ends = [each for each in self.texts if each.state == "submitted"]
        if self.base is None or len(ends) != 2 or len(self.texts) != 2:
            return None
        return merged(self.base.text.rstrip("\n"), *(each.text.rstrip("\n") for each in ends))

    def change(self, revision: Revision) -> str:
        """A text on one line, with what it changed marked where it is known what it goes back to."""
        text = _line(revision.text)
        return text if self.base is None else marked(_line(self.base.text), text)

    def as_json(self) -> dict[str, Any]:
        """Every field, in plain types."""
        return {
            "name": self.record.name,
            "image": self.record.image.id,
            "slot": self.slot,
            "base": None if self.base is None else asdict(self.base),
            "texts": [{**asdict(each), "change": self.change(each)} for each in self.texts],
            "merge": self.merge,
        }


def contests(store: Store) -> list[Contest]:
    """Every conflict of the set, in the order of the pictures."""
    return [each for record in store.records.all() for each in of_record(record)]


def of_record(record: Record) -> list[Contest]:
    """The conflicts of one picture."""
    groups = [tuple(sorted(group, key=lambda each: each.id)) for group in record.conflicts]
    return [Contest(record, group, fork(group, record.revisions)) for group in groups]


def lines(contest: Contest) -> Iterator[str]:
    """A conflict for a person: the texts below each other, each with its number, its change and its writer."""
    name, caption = contest.record.name, f", caption {contest.slot + 1}" if contest.slot else ""
    yield f"{name}{caption}: {len(contest.texts)} texts compete"
    if contest.base is not None:
        yield f"{contest.base.id:>10}  {_line(contest.base.text)}"
        yield f"{'':>10}  is what they go back to; {{+put in+}} and [-taken out-] since:"
    for each in contest.texts:
        yield f"{each.id:>10}  {contest.change(each)}"
        yield f"{'':>10}  by {by(each)}"
    if contest.merge is not None:
        yield f"{'together':>10}  {_line(contest.merge)}"
    yield f"{'':>10}  settle it: curator settle {name} --keep N --as MEMBER"


def by(revision: Revision) -> str:
    """Who wrote a text, where and when, in a few words."""
    who = revision.author or "author unknown"
    if revision.writer is not None and revision.writer != revision.author:
        who = f"{revision.writer or 'author unknown'} in the line of {who}"
    withdrawn = ", withdrawn" if revision.state == "withdrawn" else ""
    return f"{who}, {revision.origin}, {revision.written[:16].replace('T', ' ')} UTC{withdrawn}"


def _line(text: str) -> str:
    return text.rstrip("\n").replace("\n", "⏎")
