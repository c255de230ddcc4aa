"""The way into a captioning session and out of it: the desk is laid, the app is run, drafts are rescued."""

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from curator import console
from curator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from annotate.progress.timebox import TimeBox
    from curator.store import Store
    from curator.workspace import Workspace


@dataclass(frozen=True)
class Wishes:
    """How somebody wants to caption."""

    member: str
    pictures: str | None = None
    """How to paint pictures; None: as the terminal can."""
    show_only: str = ""
    """A filter."""
    timebox: "TimeBox | None" = None


def caption(workspace: "Workspace", store: "Store", wishes: Wishes) -> int:
    """Run a session to its end and return the exit code.

    Raises InputError for a member without pictures or a wrong filter, UsageError without a terminal.
    """
    from annotate.captioner.ledger import load_queue
    from curator.identity import acting

    acting(workspace, store, wishes.member)
    queue = load_queue(store, wishes.member)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):  # Textual reads stdin and draws on stderr
        raise UsageError("captioning needs a terminal", hint="run it in one, without redirecting stdin or stderr")
    # Textual takes a third of a second to import: only those who caption wait for it.
    from annotate.captioner.app import CaptionApp
    from annotate.captioner.desk import lay
    from annotate.captioner.rescue import rescue
    from annotate.pictures.choice import asked_for, choose, needs_answers
    from annotate.pictures.gallery import GRAPHICS_PX, THUMBNAIL_PX, Gallery
    from annotate.pictures.shelf import thumbnails
    from annotate.pictures.terminal import describe, look
    from annotate.screens.working import CLOSING_S
    from curator.blobs import Blobs

    asked = asked_for(wishes.pictures, os.environ)
    terminal = (
        look(os.environ, sys.__stdin__, sys.__stderr__)
        if needs_answers(asked)
        else describe(os.environ, sys.__stderr__)
    )
    paint = choose(terminal, asked)
    side_px = GRAPHICS_PX if paint.graphics else THUMBNAIL_PX
    gallery = Gallery(Blobs(workspace.blobs).read, thumbnails(), side_px)
    desk = lay(workspace, store, queue, gallery, timebox=wishes.timebox)
    captioning = CaptionApp(desk, paint, wishes.show_only)
    try:
        captioning.run()
    finally:
        desk.gallery.close()
        left = desk.scribe.close(CLOSING_S)
        for draft in left:
            where = rescue(draft)
            console.complain(
                f"the store did not take your last draft of picture {draft.image[:12]}", f"it is in {where}"
            )
    if wishes.timebox is not None:
        from annotate.progress.timebox import finish, lines

        for line in lines(finish(store, wishes.timebox)):
            console.put(line)
    return ExitCode.INPUT if left else captioning.return_code or ExitCode.DONE
