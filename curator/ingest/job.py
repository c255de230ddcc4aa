"""An ingest from end to end: scan, pair, read what is new, store it in batches, and say what was found.

Every batch is one transaction, and a blob is written before the row that names it: whatever kills the process leaves
a good state, and the next ingest goes on from there.
"""

from collections.abc import Iterator
from pathlib import Path

from curator.blobs import Blobs
from curator.errors import InputError
from curator.ingest.caption_pass import CaptionPass
from curator.ingest.known import Known, Place
from curator.ingest.layout import Layout, arrange
from curator.ingest.picture_pass import PicturePass
from curator.ingest.request import Phase, Request
from curator.ingest.scan import scan
from curator.ingest.sniff import FORMATS
from curator.ingest.summary import Summary
from curator.ingest.table import read_table
from curator.store import Store
from curator.workspace import Workspace


class Job:
    """One ingest. Run the steps of each phase in turn; `summary` is complete after the last."""

    def __init__(self, workspace: Workspace, store: Store, request: Request) -> None:
        self._store, self._request = store, request
        self._blobs = Blobs(workspace.blobs)
        folder = request.folder.absolute()
        own = own_paths(workspace)
        self._entries = scan(folder, passed_over=own.__contains__)
        if any(folder.resolve().is_relative_to(each) for each in own):
            raise InputError(f"{folder} belongs to the workspace itself", hint="name the folder with your own files")
        self._root = str(folder.resolve())
        self._table = read_table(request.table, request.columns) if request.table else None
        self._table_name = self._table.name if self._table else None
        self._layout = self._arranged(folder)
        self.summary = Summary(self._root, request.dry_run)

    def phases(self) -> Iterator[Phase]:
        """The pictures, then their captions, if there are new ones. Run a phase's steps before asking for the next."""
        known = Known(self._store)
        gone = self._gone(known)
        store, request, summary = self._store, self._request, self.summary
        first = PicturePass(store, self._blobs, request, self._root, known, summary)
        pictures = first.to_read(self._layout.pictures)
        if pictures:
            yield Phase("pictures", len(pictures), first.run(pictures))
        ids = first.finish(self._layout.pictures)
        second = CaptionPass(store, request, self._root, self._table_name, known, summary, gone)
        second.refuse(entry for entry in self._entries if entry.kind == "caption" and entry.problem)
        captions = second.to_place(self._layout.pictures, ids)
        if captions:
            yield Phase("captions", sum(len(each.files) for each in captions), second.run(captions))
        second.finish()
        self._conclude(known, ids, second.captioned, gone)

    def _arranged(self, folder: Path) -> Layout:
        layout = arrange(
            [entry for entry in self._entries if entry.kind != "caption" or entry.problem is None], self._table
        )
        if not layout.pictures:
            accepted = " ".join(sorted(FORMATS))
            raise InputError(f"{folder} holds no pictures", hint=f"extensions that are pictures: {accepted}")
        return layout

    def _gone(self, known: Known) -> frozenset[Place]:
        """Sources of this folder and table that are not there any more."""
        present = {(self._root, entry.path) for entry in self._entries}
        roots = {self._root}
        if self._table:
            roots.add(self._table.name)
            present |= {(self._table.name, row.key) for picture in self._layout.pictures for row in picture.rows}
        return frozenset(place for place in known.sources if place[0] in roots and place not in present)

    def _conclude(self, known: Known, ids: dict[str, str], captioned: set[str], gone: frozenset[Place]) -> None:
        """Fill the lists of the summary and leave a note in the store's history."""
        summary, layout = self.summary, self._layout
        looked_at = [(self._root, entry.path) for entry in self._entries]
        ours = [known.sources[place] for place in looked_at if place in known.sources]
        summary.quarantined = {source.path: source.reason for source in ours if source.reason is not None}
        summary.without_caption = [path for path, image in ids.items() if image not in captioned]
        summary.captions_without_picture += layout.captions_without_picture
        summary.rows_without_picture += layout.rows_without_picture
        tables = {self._request.table.resolve()} if self._request.table else set()
        summary.other_files += [entry.path for entry in layout.other_files if entry.real not in tables]
        summary.unused_columns += self._table.unused if self._table else ()
        summary.gone = self._still_missed(known, gone)
        if summary.changed and not self._request.dry_run:
            self._store.history.note(
                "ingest",
                folder=self._root,
                pictures=len(summary.new_images),
                captions=summary.new_captions,
                edited=summary.changed_captions,
            )

    def _still_missed(self, known: Known, gone: frozenset[Place]) -> list[str]:
        """The files that are gone and nowhere else; the sources of others, which were moved or held nothing, go."""
        left = [source for place, source in known.sources.items() if place not in gone]
        images = {source.image for source in left if source.kind == "image"} | {None}
        lines = {source.line for source in left} | {None}
        missed = []
        with self._store.write():
            for place in sorted(gone):
                source = known.sources[place]
                if source.image not in images if source.kind == "image" else source.line not in lines:
                    missed += [source.path] if source.root == self._root else []
                elif not self._request.dry_run:
                    self._store.pictures.drop_source(*place)
        return missed


def ingest(workspace: Workspace, store: Store, request: Request) -> Summary:
    """Read a folder into a workspace and say what was found; the same again changes nothing.

    A file that cannot be taken is quarantined with a reason and stops nothing. Raises InputError where the folder
    cannot be read or holds no pictures, and where the table cannot be understood.
    """
    job = Job(workspace, store, request)
    for phase in job.phases():
        for _path in phase.steps:
            pass
    return job.summary


def own_paths(workspace: Workspace) -> frozenset[Path]:
    """What a workspace keeps for itself: nobody's pictures, nobody's captions."""
    folders = (workspace.blobs, workspace.releases, workspace.runs, workspace.reports, workspace.path / "backups")
    return frozenset(path.resolve() for path in (*folders, *workspace.path.glob("curator.*")))
