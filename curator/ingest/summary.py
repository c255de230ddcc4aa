"""What an ingest found and did: counts, lists, and the lines that tell a person of them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from curator.ingest import verdict
from curator.wording import counted

SHOWN = 8
"""Names in a list before the rest is only counted."""


@dataclass
class Summary:
    """The state of the ingested folder, and what this pass changed."""

    folder: str
    dry_run: bool = False
    pictures: int = 0
    """Different pictures in the folder; files with the same bytes are one."""
    captions: int = 0
    """Different captions of these pictures, by author and slot."""
    authors: tuple[str, ...] = ()
    """Who wrote them, as far as known."""
    new_images: list[str] = field(default_factory=list)
    """Ids of pictures the store did not know."""
    new_captions: int = 0
    changed_captions: int = 0
    """Captions edited on disk since the last ingest."""
    described: int = 0
    """Known pictures whose subject, licence or source changed."""
    read: int = 0
    """Picture and caption files that were opened. The rest is as it was at the last ingest."""
    removed: Counter[str] = field(default_factory=Counter)
    """Personal metadata → pictures of this pass it was cut from."""
    converted: Counter[str] = field(default_factory=Counter)
    """Conversion → pictures of this pass."""
    cleaned: int = 0
    """Pictures of this pass that metadata was cut from."""
    quarantined: dict[str, str] = field(default_factory=dict)
    """File → reason, those of earlier passes with them."""
    same_bytes: list[list[str]] = field(default_factory=list)
    """Groups of files that are one picture."""
    without_caption: list[str] = field(default_factory=list)
    captions_without_picture: list[str] = field(default_factory=list)
    rows_without_picture: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    """Files that hold another picture now; the earlier one is excluded, with its captions."""
    gone: list[str] = field(default_factory=list)
    """Files of earlier passes that are not there any more; what was read from them stays."""
    other_files: list[str] = field(default_factory=list)
    """Neither picture nor caption."""
    unused_columns: list[str] = field(default_factory=list)
    new_members: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether this pass found something that the store did not know."""
        return bool(self.new_images or self.new_captions or self.changed_captions or self.described or self.replaced)

    def note_changes(self, changes: Collection[str]) -> None:
        """Count what was cut from one picture or converted in it."""
        cut = [change.removesuffix(verdict.REMOVED) for change in changes if change.endswith(verdict.REMOVED)]
        self.removed.update(cut)
        self.cleaned += bool(cut)
        self.converted.update(change for change in changes if not change.endswith(verdict.REMOVED))

    def as_json(self) -> dict[str, Any]:
        """Every field, in plain types."""
        return {each.name: getattr(self, each.name) for each in fields(self)} | {"changed": self.changed}

    def lines(self) -> Iterator[str]:
        """The summary for a person."""
        totals = (
            counted(self.pictures, "picture"),
            counted(self.captions, "caption"),
            counted(len(self.authors), "author"),
        )
        yield ", ".join(totals)
        yield self._news()
        if self.removed:
            what = ", ".join(f"{word} {number}" for word, number in self.removed.most_common())
            yield f"metadata cut from {counted(self.cleaned, 'picture')}: {what}"
        if self.converted:
            yield "converted: " + ", ".join(f"{word} {number}" for word, number in self.converted.most_common())
        yield from self._quarantine()
        tables = [name for name in self.other_files if name.lower().endswith(".csv")]
        for heading, names in (
            ("same bytes, one picture", [" = ".join(group) for group in self.same_bytes]),
            ("pictures without caption", self.without_caption),
            ("captions without picture", self.captions_without_picture),
            ("rows of the table without picture", self.rows_without_picture),
            ("files that hold another picture now; the earlier one is excluded", self.replaced),
            ("files gone since the last ingest; what was read from them stays", self.gone),
            ("new contributors", self.new_members),
            ("columns not used (use one with --map OTHER=OURS)", self.unused_columns),
            ("tables, passed over (read one with --table FILE)", tables),
            ("other files, passed over", [name for name in self.other_files if name not in tables]),
        ):
            if names:
                yield f"{heading} ({len(names)}): {_listed(names)}"

    def _news(self) -> str:
        if not self.changed:
            return "nothing new"
        news = (
            (len(self.new_images), "new picture"),
            (self.new_captions, "new caption"),
            (self.changed_captions, "edited caption"),
            (len(self.replaced), "replaced picture"),
            (self.described, "changed description"),
        )
        said = ", ".join(counted(number, word) for number, word in news if number)
        return f"would add {said}" if self.dry_run else said

    def _quarantine(self) -> Iterator[str]:
        if not self.quarantined:
            return
        yield f"quarantined: {counted(len(self.quarantined), 'file')}"
        kinds: defaultdict[str, list[str]] = defaultdict(list)
        for path, reason in self.quarantined.items():
            kinds[verdict.kind(reason)].append(f"{shown(path)}: {reason.partition(': ')[2] or reason}")
        for kind, files in sorted(kinds.items()):
            yield f"  {kind}: {len(files)}"
            yield from (f"    {file}" for file in files[:SHOWN])
            if len(files) > SHOWN:
                yield f"    … and {len(files) - SHOWN} more; --json lists all"


def shown(name: str) -> str:
    """A name on one line: what is not printable in it as an escape."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in name)


def _listed(names: Sequence[str]) -> str:
    some = ", ".join(shown(name) for name in names[:SHOWN])
    return some + (f", … and {len(names) - SHOWN} more; --json lists all" if names[SHOWN:] else "")
