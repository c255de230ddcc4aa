"""The screen people work in: it carries intents to the session and the scribe, and shows what they answer."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Static, TextArea

from annotate.cells import Paint
from annotate.history import end_of_change
from annotate.keys import bindings
from annotate.ledger import Item, Line, Submission, read_line, skip, submit
from annotate.pictures import Gallery
from annotate.places import write_place
from annotate.screens.skip import SkipScreen
from annotate.scribe import Scribe
from annotate.session import Session
from annotate.status import about, done_line, top_line
from annotate.widgets.caption_editor import CaptionEditor
from annotate.widgets.picture import Picture
from annotate.widgets.queue_list import QueueList
from annotate.widgets.side import Side
from curator.console import plain
from curator.errors import CuratorError, InputError
from curator.record import Revision
from curator.store import Store

T = TypeVar("T")

PATIENCE_S = 2.0
"""The keyboard waits this long for the store; then the member is told, and the text stays where it is."""


@dataclass(frozen=True)
class Desk:
    """What a screen works with."""

    title: str
    """Name of the data set."""
    session: Session
    scribe: Scribe
    gallery: Gallery
    place: Path
    """The file that remembers where the member is."""


class CaptionScreen(Screen[None]):
    """Picture, caption, tokens, other texts, and the queue."""

    AUTO_FOCUS = ""  # nothing can be typed before the first text is shown
    BINDINGS: ClassVar[list[BindingType]] = bindings("pictures")

    class DraftKept(Message, bubble=False):
        """Everything typed is on disk."""

    @dataclass
    class DraftTrouble(Message, bubble=False):
        """A draft could not be written and is tried again."""

        error: Exception

    @dataclass
    class Answered(Message, bubble=False):
        """A submission that took long is through, or failed."""

        submission: Submission
        future: "Future[tuple[Revision, Line]]"

    def __init__(self, desk: Desk, paint: Paint) -> None:
        super().__init__()
        self._desk, self._paint = desk, paint
        self._session, self._scribe = desk.session, desk.scribe
        self._ready = False
        self._sending = False
        self._in_trouble = False

    def compose(self) -> ComposeResult:
        yield Static(id="top", markup=False)
        with Horizontal(id="desk"):
            yield Picture(self._desk.gallery, self._paint, id="picture")
            yield Side(self._session, lambda: self._scribe.behind_s)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._scribe.on_kept = self._say_kept
        self._scribe.on_trouble = self._say_trouble
        self._ready = True
        self._show()
        self.query_one(CaptionEditor).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Keys that come in before the text is shown do nothing."""
        return self._ready

    def _say_kept(self) -> None:
        self.post_message(self.DraftKept())

    def _say_trouble(self, error: Exception) -> None:
        self.post_message(self.DraftTrouble(error))

    # ---- what the keys do

    async def action_submit(self) -> None:
        if self._sending:
            self._warn("Still submitting", "the store has not answered yet; your text is kept")
            return
        self.note_typing()
        try:
            submission = self._session.submission()
        except InputError as error:
            self._warn("Not submitted", str(error))
            return
        if submission is None:
            await self._go_on()
            return
        self._sending = True
        future = self._scribe.call(partial(submit, submission=submission))
        if await _answered(future):
            await self._take_answer(submission, future)
        else:
            self._warn("Still submitting", "the store is busy; your text is kept and sent as soon as it can be")
            future.add_done_callback(lambda done: self.post_message(self.Answered(submission, done)))

    async def action_next(self) -> None:
        await self._step(1, "This is the last picture.")

    async def action_back(self) -> None:
        await self._step(-1, "This is the first picture.")

    async def action_skip(self) -> None:
        item = self._session.item
        if self._sending:
            self._warn("Still submitting", "wait until the store has answered")
            return
        if item.task.state == "submitted":
            self._warn("Not skipped", "this picture has your caption already; submit another one to replace it")
            return
        self.note_typing()
        self.app.push_screen(SkipScreen(plain(item.name)), partial(self._skip, item))

    async def action_undo(self) -> None:
        self._edit(self._session.undo, "Nothing to undo.")

    async def action_redo(self) -> None:
        self._edit(self._session.redo, "Nothing to redo.")

    async def action_take(self) -> None:
        self._edit(self._session.take_other, "There is no other text.")

    async def action_queue(self) -> None:
        editor, queue = self.query_one(CaptionEditor), self.query_one(QueueList)
        (editor if queue.has_focus else queue).focus()

    # ---- what the widgets and the scribe say

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self.note_typing():
            self.query_one(Side).tell()

    @on(QueueList.Chosen)
    async def _chosen(self, message: QueueList.Chosen) -> None:
        self.query_one(CaptionEditor).focus()
        await self._leave_for(message.index)

    @on(QueueList.Left)
    def _back_to_caption(self) -> None:
        self.query_one(CaptionEditor).focus()

    @on(DraftKept)
    def _kept(self) -> None:
        self._in_trouble = False
        self.query_one(Side).tell_state()

    @on(DraftTrouble)
    def _not_kept(self, message: DraftTrouble) -> None:
        if not self._in_trouble:
            self._warn("Your draft is not on disk", f"{message.error}\nIt stays here and is tried again.", "error")
        self._in_trouble = True

    @on(Answered)
    async def _late(self, message: Answered) -> None:
        await self._take_answer(message.submission, message.future)

    # ---- steps

    async def settle(self) -> bool:
        """Bring all that was typed to disk; False (and a message) where that is not possible now."""
        if not self._ready:
            return True
        editor = self.query_one(CaptionEditor)
        drained = asyncio.Event()
        editor.call_later(drained.set)  # letters that wait in the editor's queue come first
        with suppress(TimeoutError):
            await asyncio.wait_for(drained.wait(), PATIENCE_S)
        self.note_typing()
        return await self._ask(self._scribe.flush(), "Your draft is not on disk") is not _NOTHING

    def note_typing(self) -> bool:
        """Take over what the editor holds and have it on disk soon; False if nothing changed."""
        if not self._ready:
            return False
        changed = self._session.typed(self.query_one(CaptionEditor).caption)
        if changed:
            self._keep(self._session.item.image.id, self._session.slot)
        return changed

    async def _step(self, by: int, at_end: str) -> None:
        index = self._session.step(by)
        if index is None:
            self.notify(at_end, timeout=2)
        else:
            await self._leave_for(index)

    async def _leave_for(self, index: int) -> None:
        if self._sending:
            self._warn("Still submitting", "wait until the store has answered")
        else:
            await self._go(index)

    async def _go_on(self) -> None:
        index = self._session.next_open()
        if index is not None:
            await self._go(index)
            return
        self.notify(done_line(self._session), title="All pictures done")
        self._show()

    async def _go(self, index: int) -> None:
        reading = partial(self._read, item=self._session.items[index])
        while isinstance(line := await self._ask(self._scribe.call(reading), "The picture cannot be opened"), Line):
            if self.note_typing():
                continue  # letters came in while the store was asked: they belong to the picture being left
            self._session.go(index, line)
            self._show()
            return

    def _read(self, store: Store, item: Item) -> Line:
        line = read_line(store, self._session.member, item)
        with suppress(OSError):  # without a home folder, the next start is at the first open picture
            write_place(self._desk.place, item.image.id)
        return line

    async def _take_answer(self, submission: Submission, future: "Future[tuple[Revision, Line]]") -> None:
        self._sending = False
        answer = await self._ask(future, "Not submitted; your text is kept")
        if not isinstance(answer, tuple):
            return
        revision, line = answer
        self.note_typing()
        settled = self._session.submitted(submission, revision, line)
        self._keep(submission.item.image.id, submission.writing.slot)
        if settled:
            await self._go_on()
            return
        self._show()
        if self._session.conflict:
            self._warn("Another text of yours was stored meanwhile", "Both are kept. Submit the one that holds.")

    async def _skip(self, item: Item, reason: str | None) -> None:
        if reason is None:
            return
        done = await self._ask(self._scribe.call(partial(skip, item=item, reason=reason)), "Not skipped")
        if done is not _NOTHING:
            self._session.skipped(item, reason)
            await self._go_on()

    async def _ask(self, future: "Future[T]", what: str) -> "T | object":
        """The answer of the scribe, or _NOTHING after telling the member that `what` failed or takes too long."""
        if not await _answered(future):
            self._warn(what, "the store is busy: try again in a moment", "error")
            return _NOTHING
        try:
            return future.result()
        except (CuratorError, OSError) as error:
            self._warn(what, str(error), "error")
            return _NOTHING

    def _edit(self, move: Callable[[], bool], otherwise: str) -> None:
        self.note_typing()
        before = self._session.text
        if not move():
            self.notify(otherwise, timeout=2)
            return
        text = self._session.text
        self.query_one(CaptionEditor).show(text, end_of_change(before, text))
        self._keep(self._session.item.image.id, self._session.slot)
        self.query_one(Side).tell()

    # ---- what is shown

    def _show(self) -> None:
        item = self._session.item
        ahead = self._session.step(1)
        following = None if ahead is None else self._session.items[ahead].image.blob
        self.query_one(Picture).show(item.image.blob, about(item), following)
        self.query_one(Side).show()
        self._tell_top()

    def _tell_top(self) -> None:
        self.query_one("#top", Static).update(top_line(self._desk.title, self._session, self.size.width))

    def on_resize(self) -> None:
        self._tell_top()

    def _warn(self, title: str, message: str, severity: str = "warning") -> None:
        self.notify(plain(message), title=title, severity="error" if severity == "error" else "warning", markup=False)


_NOTHING = object()


async def _answered(future: "Future[T]") -> bool:
    """Whether a future is done within the time a keyboard may wait; it is never cancelled."""
    done, _ = await asyncio.wait([asyncio.wrap_future(future)], timeout=PATIENCE_S)
    return bool(done)
