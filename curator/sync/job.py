"""A sync from end to end: scan, pair, compare, carry out, report. The same again changes nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.errors import InputError
from curator.ingest.job import own_paths
from curator.ingest.scan import scan
from curator.store import Store
from curator.sync.apply import Doing, needs_work, offer
from curator.sync.authors import Authors, ask_git, read_map
from curator.sync.clone import folder_name
from curator.sync.git import versions
from curator.sync.pairing import pair
from curator.sync.plan import Known, Page, make_plan
from curator.sync.report import Report, make_report
from curator.sync.threeway import Verdict
from curator.workspace import Workspace

Progress = Callable[[Iterable[str], int], Iterable[Any]]


@dataclass(frozen=True)
class Wish:
    """What a caller asks of a sync."""

    folder: Path
    slot_per_line: bool = False
    """Every line of a file is a caption of its own: the first line the first slot, and so on."""
    author: str | None = None
    """The member who wrote what git cannot tell the author of."""
    authors: tuple[str, ...] = ()
    """`NAME_OR_EMAIL=MEMBER` each."""
    merge_words: bool = False
    """Put the words of both sides together where they changed different ones."""
    dry_run: bool = False


def sync_folder(
    workspace: Workspace, store: Store, wish: Wish, progress: Progress = lambda items, total: items
) -> Report:
    """Bring a folder of caption files and the store up to each other, and say what was done.

    Raises InputError where the folder cannot be read, is the workspace's own, or has nothing of this set.
    """
    folder = wish.folder.absolute()
    own = own_paths(workspace)
    entries = scan(folder, passed_over=own.__contains__)
    root = folder.resolve()
    if any(root.is_relative_to(each) for each in own):
        raise InputError(f"{folder} belongs to the workspace itself", hint="name the folder with your own files")
    name = folder_name(root, keep=not wish.dry_run)
    with store.read():
        records = store.records.all(excluded=True)
        sources = store.pictures.sources()
        agreed = store.synced.all(name)
        members = [member.name for member in store.team.members()]
    authors = read_map(wish.authors, members)
    images = {record.image.id: record.image.status == "ok" for record in records}
    pairing = pair(root, entries, sources, images)
    files = {each.path: each for each in sources if each.root == str(root) and each.kind == "caption"}
    kept = {record.image.id: record for record in records if images[record.image.id]}
    known = Known(kept, agreed, files, lambda path: versions(root, path))
    plan = make_plan(pairing, known, wish.slot_per_line)
    pages = [page for page in plan.pages if needs_work(page, wish.merge_words)]
    if wish.dry_run:
        return make_report(str(wish.folder), plan, {}, _to_merge(pages) if wish.merge_words else (), dry_run=True)
    news = {
        page.place.path
        for page in pages
        if any(item.verdict in (Verdict.TAKE, Verdict.CONFLICT) for item in page.items)
    }
    people: Authors = ask_git(root, news, authors, wish.author)
    doing = Doing(store, root, name, known, people.of, wish.merge_words)
    for _path in progress(doing.run(pages), len(pages)):
        pass
    report = make_report(str(wish.folder), plan, doing.refused, doing.merged_words, dry_run=False)
    if report.changed:
        written = len(report.given) + len(report.made) + len(report.merged)
        store.history.note("synced", folder=str(root), taken=len(report.taken), written=written)
    return report


def _to_merge(pages: Iterable[Page]) -> set[str]:
    """The captions that `merge_words` would put together."""
    conflicts = (item for page in pages for item in page.items if item.verdict is Verdict.CONFLICT)
    return {item.key for item in conflicts if offer(item) is not None}
