"""What a sync found and did, for people and as JSON."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from curator.forks import fork
from curator.ingest.summary import shown
from curator.merging import marked
from curator.sync.apply import offer
from curator.sync.plan import Item, Page, Plan
from curator.sync.threeway import Verdict

SHOWN = 8


@dataclass(frozen=True)
class Conflict:
    """A caption that file and store changed to different words, or whose texts compete in the store."""

    file: str
    picture: str
    slot: int
    base: str | None
    """What both began from, where that is known."""
    store: tuple[str, ...]
    """The store's text, or all that compete there."""
    text: str | None
    """The file's."""
    merged: str | None
    """The words of both sides put together, where they changed different ones; nobody has said that it holds."""


@dataclass
class Report:
    """The state of a folder and what this run did; with `dry_run`, what it would do."""

    folder: str
    dry_run: bool = False
    captions: int = 0
    """Captions that file and store agree on now."""
    taken: list[str] = field(default_factory=list)
    """Files whose text became a revision."""
    given: list[str] = field(default_factory=list)
    """Files that were written."""
    made: list[str] = field(default_factory=list)
    """Files that were not there before."""
    agreed: list[str] = field(default_factory=list)
    """Files that say what the store says, which this run noted."""
    merged: list[str] = field(default_factory=list)
    """Files in which the words of both sides were put together."""
    conflicts: list[Conflict] = field(default_factory=list)
    file_gone: list[str] = field(default_factory=list)
    caption_withdrawn: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    offered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    not_ingested: list[str] = field(default_factory=list)
    without_picture: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether a text or a file was written, or would be."""
        return bool(self.taken or self.given or self.made or self.merged)

    def as_json(self) -> dict[str, Any]:
        """Every field, in plain types."""
        return {**asdict(self), "changed": self.changed}

    def lines(self) -> Iterator[str]:
        """The report for a person."""
        news = [
            f"{len(names)} {word if len(names) == 1 else words}"
            for names, word, words in (
                (self.taken, "file taken", "files taken"),
                (self.given, "file rewritten", "files rewritten"),
                (self.made, "file made", "files made"),
                (self.merged, "merged by words", "merged by words"),
                (self.agreed, "found equal", "found equal"),
            )
            if names
        ]
        would = "would be: " if self.dry_run and news else ""
        captions = "1 caption" if self.captions == 1 else f"{self.captions} captions"
        yield f"{captions} in agreement; {would}{', '.join(news) or 'nothing new'}"
        for each in self.conflicts:
            yield from _conflict(each)
        for path, why in self.refused.items():
            yield f"passed over: {shown(path)}: {why}"
            yield from (f"  one side says: {side}" for side in self.offered.get(path, ()))
        for heading, names in (
            ("files deleted or emptied; the captions stay", self.file_gone),
            ("captions withdrawn; the files stay", self.caption_withdrawn),
            ("caption files without a picture, or with several", self.without_picture),
            (f"pictures not ingested yet (curator ingest {self.folder})", self.not_ingested),
        ):
            if names:
                more = f", … and {len(names) - SHOWN} more; --json lists all" if names[SHOWN:] else ""
                yield f"{heading} ({len(names)}): {', '.join(shown(name) for name in names[:SHOWN])}{more}"


def make_report(folder: str, plan: Plan, refused: dict[str, str], merged: Collection[str], dry_run: bool) -> Report:
    """The report of a plan; `refused`: files that could not be done after all, `merged`: captions put together."""
    report = Report(folder, dry_run, refused={**plan.refused, **refused}, offered=plan.offered)
    report.not_ingested = plan.pairing.not_ingested
    report.without_picture = plan.pairing.without_picture
    for page in plan.pages:
        if page.place.path not in refused:
            for item in page.items:
                _note(report, page, item, item.key in merged)
    for names in (report.taken, report.given, report.made, report.agreed, report.merged):
        names[:] = dict.fromkeys(names)
    return report


def _note(report: Report, page: Page, item: Item, is_merged: bool) -> None:
    path = page.place.path
    lists = {
        Verdict.TAKE: report.taken,
        Verdict.GIVE: report.made if page.content is None else report.given,
        Verdict.AGREED: report.agreed,
        Verdict.FILE_GONE: report.file_gone,
        Verdict.STORE_GONE: report.caption_withdrawn,
    }
    if is_merged:
        report.merged.append(path)
    elif item.verdict is Verdict.CONFLICT:
        texts = tuple(each.text for each in item.competing) or ((item.store,) if item.store else ())
        base = fork(item.competing, item.record.revisions) if item.competing else item.base
        report.conflicts.append(
            Conflict(path, item.record.name, item.slot, base.text if base else None, texts, item.file, offer(item))
        )
    elif item.verdict in lists:
        lists[item.verdict].append(path)
    is_one = item.file is not None or item.verdict is Verdict.GIVE
    report.captions += is_one and (is_merged or item.verdict not in (Verdict.CONFLICT, Verdict.STORE_GONE))


def _conflict(conflict: Conflict) -> Iterator[str]:
    yield f"conflict: {shown(conflict.file)}: all texts are kept; curator conflicts shows them with their numbers"
    if conflict.base is not None:
        yield f"      both began from  {_line(conflict.base)}"
    said = [("the store says ", text) for text in conflict.store]
    said += [("the file says  ", conflict.text)] if conflict.text is not None else []
    for who, text in said:
        yield f"      {who}  {_line(text) if conflict.base is None else marked(_line(conflict.base), _line(text))}"
    if conflict.merged is not None:
        yield f"      both, by words  {_line(conflict.merged)}   (--merge-words takes such merges)"


def _line(text: str) -> str:
    return text.rstrip("\n").replace("\n", "⏎")
