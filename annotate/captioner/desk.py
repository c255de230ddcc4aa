"""What a captioning session works with, put together in one place; and the few things done with several of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.captioner.aids import Aids
from annotate.captioner.ledger import Queue, read_line
from annotate.captioner.places import place_file, read_place
from annotate.captioner.scribe import Scribe
from annotate.captioner.session import Session
from annotate.pictures.gallery import Gallery
from curator.blobs import Blobs
from curator.store import Store
from curator.workspace import Workspace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from annotate.progress.timebox import TimeBox


def lay(
    workspace: Workspace,
    store: Store,
    queue: Queue,
    gallery: Gallery | None = None,
    place: Path | None = None,
    timebox: "TimeBox | None" = None,
) -> "Desk":
    """Everything for a session over a queue; it starts where the member was last, as `place` says."""
    place = place or place_file(workspace.path, queue.member)
    session = Session(queue, read_place(place), slots=workspace.config.captioning.slots)
    session.go(session.index, read_line(store, queue.member, session.item))
    return Desk(
        workspace=workspace,
        session=session,
        scribe=Scribe(store, queue.member),
        gallery=gallery or Gallery(Blobs(workspace.blobs).read),
        place=place,
        aids=Aids(workspace, store, queue.member),
        timebox=timebox,
    )


@dataclass(frozen=True)
class Desk:
    """One member's session on one set."""

    workspace: Workspace
    session: Session
    scribe: Scribe
    gallery: Gallery
    place: Path
    """The file that remembers where the member is."""
    aids: Aids
    timebox: "TimeBox | None" = None
    """The time box of `annotate session`."""

    @property
    def title(self) -> str:
        """Name of the data set."""
        return self.workspace.config.name

    @property
    def blobs(self) -> Blobs:
        """The pictures' bytes."""
        return Blobs(self.workspace.blobs)

    def count(self, text: str) -> int:
        """How many pictures of the queue a filter lets through. Raises InputError for a wrong one."""
        return int(self._mask(text).sum())

    def show_only(self, text: str) -> int:
        """Show the pictures that a filter lets through, all for an empty one; returns the place to go to.

        Raises InputError for a wrong filter, and where no picture is left; nothing changes then.
        """
        return self.session.show_only(self._mask(text).tolist() if text.strip() else None)

    def wall(self, store: Store, width: int) -> list[str]:
        """The progress of the team, and of this session, as lines of text at most `width` columns wide."""
        from annotate.progress.figures import read
        from annotate.progress.wall import lines

        told = lines(read(store), width)
        return told if self.timebox is None else [*self.timebox.lines(width), "", *told]

    def _mask(self, text: str) -> "NDArray[np.bool_]":
        found = self.aids.matching(text)
        assert self.aids.columns is not None
        rows = self.aids.columns.rows_of(self.session.items.all_images)
        return found[rows] & (rows >= 0)
