"""What a folder and the store say of each caption, in one snapshot, and the verdict on it. Writes nothing."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from curator.captions import ADJUDICATED, IMPORT, is_machine
from curator.ingest.scan import read
from curator.ingest.verdict import MAX_CAPTION_BYTES, Refused
from curator.record import Record, Revision, Source
from curator.store.synced import Agreed
from curator.sync.habits import Habits, read_habits, usual, words_of
from curator.sync.markers import sides
from curator.sync.pairing import Pairing, Place
from curator.sync.threeway import Verdict, decide


@dataclass(frozen=True)
class Item:
    """One caption: a file, or a line of one where every line is a caption."""

    key: str
    """Names it among the agreements of the folder."""
    record: Record
    slot: int
    file: str | None
    base: Revision | None
    """The text that both last agreed on."""
    chosen: Revision | None
    """The store's caption."""
    competing: tuple[Revision, ...]
    """Texts of the caption that are in conflict in the store already."""
    verdict: Verdict

    @property
    def store(self) -> str | None:
        """The text of the store's caption."""
        return None if self.chosen is None else self.chosen.text


@dataclass(frozen=True)
class Page:
    """A caption file with its captions."""

    place: Place
    content: bytes | None
    """As it was read; None where there is no file yet."""
    habits: Habits
    items: tuple[Item, ...]


@dataclass
class Plan:
    """A folder against the store."""

    pairing: Pairing
    pages: list[Page] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Caption file → why it is passed over."""
    offered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Caption file with git's marks → the two texts between them, where they are whole."""


@dataclass(frozen=True)
class Known:
    """What the store knew when the plan was made."""

    records: Mapping[str, Record]
    """By image; excluded pictures are not among them."""
    agreed: Mapping[str, Agreed]
    """By key."""
    sources: Mapping[str, Source]
    """Caption files of this folder as ingest left them, by path."""
    versions: Callable[[str], Iterable[str]] = lambda _path: ()
    """Path of a file → what it said at earlier commits, newest first. Asked only where file and store never met."""


def make_plan(pairing: Pairing, known: Known, slot_per_line: bool) -> Plan:
    """Read the caption files and judge each caption. A file that cannot be taken is passed over and stops no other."""
    plan = Plan(pairing, refused=dict(pairing.refused))
    held: list[tuple[Place, bytes, str, Habits]] = []
    for place in pairing.places:
        if place.entry is None:
            continue
        try:
            content = read(place.entry, MAX_CAPTION_BYTES)
            body, habits = read_habits(content)
        except Refused as refusal:
            plan.refused[place.path] = refusal.reason
            continue
        if (found := sides(body)) is not None:
            plan.refused[place.path] = "git's conflict marks stand in it: leave the text that holds, without the marks"
            plan.offered[place.path] = found
            continue
        held.append((place, content, body, habits))
    common = usual(habits for *_, habits in held)
    for place, content, body, habits in held:
        _judge(plan, known, place, content, body, habits, slot_per_line)
    for place in pairing.places:
        if place.entry is None:
            _judge(plan, known, place, None, "", common, slot_per_line)
    plan.pages.sort(key=lambda page: page.place.path)
    return plan


def _judge(
    plan: Plan, known: Known, place: Place, content: bytes | None, body: str, habits: Habits, slot_per_line: bool
) -> None:
    record = known.records[place.image]
    if not slot_per_line:
        slot = _slot(known, place, record)
        plan.pages.append(Page(place, content, habits, (_item(known, place.path, place, record, slot, body),)))
        return
    lines, habits = _lines(body, habits)
    met = [int(key.rpartition("#")[2]) for key in known.agreed if key.rpartition("#")[0] == place.path]
    if body.strip() and met and len(lines) <= max(met):
        plan.refused[place.path] = (
            f"it has {len(lines)} lines and had {max(met) + 1}: which caption was taken out cannot be known;"
            " leave its line empty instead"
        )
        return
    count = max([len(lines), *(caption.slot + 1 for caption in record.captions), *(slot + 1 for slot in met)])
    lines += [""] * (count - len(lines))
    items = tuple(_item(known, f"{place.path}#{slot}", place, record, slot, line) for slot, line in enumerate(lines))
    if broken := next((item for item in items if item.verdict is Verdict.GIVE and "\n" in (item.store or "")), None):
        plan.refused[place.path] = (
            f"caption {broken.slot + 1} has several lines, and each line of the file is a caption"
        )
        return
    plan.pages.append(Page(place, content, habits, items))


def _lines(body: str, habits: Habits) -> tuple[list[str], Habits]:
    """The lines of a file in which each is a caption: an empty one at the end is one as well."""
    text = body + habits.final
    return text.removesuffix("\n").split("\n"), replace(habits, final="\n" if text.endswith("\n") else "")


def _slot(known: Known, place: Place, record: Record) -> int:
    """Which of the picture's captions a file holds: the one it held before, else the first."""
    agreed, source = known.agreed.get(place.path), known.sources.get(place.path)
    line = agreed.line if agreed else source.line if source else None
    return next((each.slot for each in record.revisions if each.line == line), 0)


def _item(known: Known, key: str, place: Place, record: Record, slot: int, text: str) -> Item:
    file = text if words_of(text) else None
    of_slot = [each for each in record.revisions if each.slot == slot and not is_machine(each.origin)]
    caption = next((each for each in record.captions if each.slot == slot), None)
    chosen = next((each for each in of_slot if caption and each.id == caption.revision), None)
    base = _base(known, key, place, of_slot, file)
    competing = tuple(each for group in record.conflicts for each in group if each.slot == slot)
    overtaken = [each.text for each in _ancestors(chosen, of_slot) if base and each.id > base.id]
    is_first = known.agreed.get(key) is None and file is not None
    verdict = decide(base.text if base else None, chosen.text if chosen else None, file, overtaken)
    verdict = Verdict.AGREED if is_first and verdict is Verdict.SAME else verdict
    item = Item(key, record, slot, file, base, chosen, competing, verdict)
    return replace(item, verdict=_with_care(item))


def _with_care(item: Item) -> Verdict:
    """The verdict, also where the store's side is not plain: texts compete already, or a text was decided on."""
    is_gone = item.verdict in (Verdict.FILE_GONE, Verdict.STORE_GONE)
    if item.competing and not is_gone and (item.file is not None or item.verdict is Verdict.GIVE):
        return Verdict.CONFLICT
    return Verdict.CONFLICT if item.verdict is Verdict.TAKE and not _would_stand(item) else item.verdict


def _would_stand(item: Item) -> bool:
    """Whether a text written upon the store's caption would be the caption.

    Upon a verdict over somebody else's line it would not be, where the owner or another member has a text of their own.
    """
    chosen = item.chosen
    if chosen is None or chosen.origin != ADJUDICATED or chosen.author == item.record.owner:
        return True
    newest = {each.line: each for each in item.record.revisions if each.slot == item.slot}
    return not any(
        each.line != chosen.line and each.state == "submitted" and each.origin != IMPORT and not is_machine(each.origin)
        for each in newest.values()
    )


def _base(known: Known, key: str, place: Place, texts: Sequence[Revision], file: str | None) -> Revision | None:
    """What file and store last agreed on; at their first meeting, what the store knows that the file says.

    That is any of its texts with the same words; else the newest committed version of the file that it knows; else what
    the file said when it was ingested.
    """
    agreed = known.agreed.get(key)
    if agreed is not None:
        return next((each for each in texts if each.id == agreed.revision), None)
    if file is None:
        return None
    said = {words_of(each.text): each for each in texts if each.state == "submitted"}
    if (words := words_of(file)) in said:
        return said[words]
    if texts:
        line = None if key == place.path else int(key.rpartition("#")[2])
        for version in known.versions(place.path):
            part = version if line is None else "".join(version.split("\n")[line : line + 1])
            if part.strip() and words_of(part) in said:
                return said[words_of(part)]
    source = known.sources.get(place.path)
    imported = [each for each in texts if source and each.line == source.line and each.origin == IMPORT]
    return imported[-1] if imported else None


def _ancestors(revision: Revision | None, texts: Collection[Revision]) -> list[Revision]:
    """The texts that a revision was built upon, over any number of steps, without itself."""
    by_id = {each.id: each for each in texts}
    waiting, found = [revision] if revision else [], {}
    while waiting:
        here = waiting.pop()
        for parent in (here.base, here.merges):
            if parent in by_id and parent not in found:
                found[parent] = by_id[parent]
                waiting.append(by_id[parent])
    return list(found.values())
