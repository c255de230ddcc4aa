"""The screen people work in: it carries intents to the session and the scribe, and shows what they answer."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Footer, Static, TextArea

from annotate.captioner.desk import Desk
from annotate.captioner.history import end_of_change
from annotate.captioner.keys import bindings
from annotate.captioner.ledger import Line, Submission, read_line, skip, submit
from annotate.captioner.places import write_place
from annotate.captioner.status import about, done_line, top_line
from annotate.pictures.cells import Paint
from annotate.screens.asking import NOTHING, PATIENCE_S, answered
from annotate.screens.rooms import Rooms
from annotate.screens.skip import SkipScreen
from annotate.widgets.caption_editor import CaptionEditor
from annotate.widgets.look import Look
from annotate.widgets.queue_list import QueueList
from annotate.widgets.side import Side
from curator.console import plain
from curator.errors import InputError
from curator.record import Revision
from curator.store import Store
from curator.store.queues import Item

LIKELY = (1, 2, 3, -1)
"""Where one goes from a picture: these are prepared while it is looked at, the most likely first."""


class CaptionScreen(Rooms):
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

    def __init__(self, desk: Desk, paint: Paint, show_only: str = "") -> None:
        super().__init__(desk, paint, show_only)
        self._session, self._scribe = desk.session, desk.scribe
        self._ready = False
        self._sending = False
        self._in_trouble = self._told_over = False

    def compose(self) -> ComposeResult:
        yield Static(id="top", markup=False)
        with Horizontal(id="desk"):
            yield Look(self.desk.gallery, self.paint, id="picture")
            yield Side(self.desk)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._scribe.on_kept = self._say_kept
        self._scribe.on_trouble = self._say_trouble
        self._ready = True
        self._show()
        self.query_one(CaptionEditor).focus()
        if self.desk.timebox is not None:
            self.set_interval(1, self._tick)

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
            self.warn("Still submitting", "the store has not answered yet; your text is kept")
            return
        self.note_typing()
        try:
            submission = self._session.submission()
        except InputError as error:
            self.warn("Not submitted", str(error))
            return
        if submission is None:
            await self._go_on()
            return
        self._sending = True
        future = self._scribe.call(partial(submit, submission=submission))
        if await answered(future):
            await self._take_answer(submission, future)
        else:
            self.warn("Still submitting", "the store is busy; your text is kept and sent as soon as it can be")
            future.add_done_callback(lambda done: self.post_message(self.Answered(submission, done)))

    async def action_next(self) -> None:
        await self._step(1, "This is the last picture.")

    async def action_back(self) -> None:
        await self._step(-1, "This is the first picture.")

    async def action_slot(self) -> None:
        await self.leave_for(self._session.index, self._session.turn_slot())

    async def action_skip(self) -> None:
        item = self._session.item
        if self._sending:
            self.warn("Still submitting", "wait until the store has answered")
            return
        if item.task.state == "submitted":
            self.warn("Not skipped", "this picture has your caption already; submit another one to replace it")
            return
        self.note_typing()
        self.app.push_screen(SkipScreen(plain(item.name)), partial(self._skip, item))

    async def action_undo(self) -> None:
        self.edit(self._session.undo, "Nothing to undo.")

    async def action_redo(self) -> None:
        self.edit(self._session.redo, "Nothing to redo.")

    async def action_take(self) -> None:
        self.edit(self._session.take_other, "There is no other text.")

    async def action_queue(self) -> None:
        editor, queue = self.query_one(CaptionEditor), self.query_one(QueueList)
        (editor if queue.has_focus else queue).focus()

    async def action_look(self) -> None:
        self.query_one(Look).focus()

    # ---- what the widgets and the scribe say

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self.note_typing():
            self.query_one(Side).tell()

    @on(QueueList.Chosen)
    async def _chosen(self, message: QueueList.Chosen) -> None:
        self.query_one(CaptionEditor).focus()
        await self.leave_for(message.index)

    @on(QueueList.Left)
    @on(Look.Left)
    def _back_to_caption(self) -> None:
        self.query_one(CaptionEditor).focus()

    @on(DraftKept)
    def _kept(self) -> None:
        self._in_trouble = False
        self.query_one(Side).tell_state()

    @on(DraftTrouble)
    def _not_kept(self, message: DraftTrouble) -> None:
        if not self._in_trouble:
            self.warn("Your draft is not on disk", f"{message.error}\nIt stays here and is tried again.", "error")
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
        return await self.ask(self._scribe.flush(), "Your draft is not on disk") is not NOTHING

    def note_typing(self) -> bool:
        """Take over what the editor holds and have it on disk soon; False if nothing changed."""
        if not self._ready:
            return False
        changed = self._session.typed(self.query_one(CaptionEditor).caption)
        if changed:
            self._keep(self._session.item.image.id, self._session.slot)
        return changed

    async def leave_for(self, index: int, slot: int = 0) -> None:
        """Go to another picture, or to another caption of this one, unless a submission is on its way."""
        if self._sending:
            self.warn("Still submitting", "wait until the store has answered")
        else:
            await self._go(index, slot)

    def edit(self, move: Callable[[], bool], otherwise: str) -> None:
        """Change the text by a step of the session, or say that there is none."""
        self.note_typing()
        before = self._session.text
        if not move():
            self.notify(otherwise, timeout=2)
            return
        text = self._session.text
        self.query_one(CaptionEditor).show(text, end_of_change(before, text))
        self._keep(self._session.item.image.id, self._session.slot)
        self.query_one(Side).tell()

    def _keep(self, image: str, slot: int) -> None:
        self._scribe.keep(image, slot, self._session.draft())

    async def _step(self, by: int, at_end: str) -> None:
        index = self._session.step(by)
        if index is None:
            self.notify(at_end, timeout=2)
        else:
            await self.leave_for(index)

    async def _go_on(self) -> None:
        slot = self._session.next_slot()
        if slot is not None:
            await self._go(self._session.index, slot)
        else:
            await self._go_to_open()

    async def _go_to_open(self) -> None:
        index = self._session.next_open()
        if index is not None:
            await self._go(index)
            return
        self.notify(done_line(self._session), title="All pictures done")
        self._show()

    async def _go(self, index: int, slot: int = 0) -> None:
        reading = partial(self._read, item=self._session.items[index], slot=slot)
        while isinstance(line := await self.ask(self._scribe.call(reading), "The picture cannot be opened"), Line):
            if self.note_typing():
                continue  # letters came in while the store was asked: they belong to the picture being left
            self._session.go(index, line, slot)
            self._show()
            self._scribe.call(partial(self._note_place, image=self._session.item.image.id))
            return

    def _read(self, store: Store, item: Item, slot: int) -> Line:
        return read_line(store, self._session.member, item, slot)

    def _note_place(self, _store: Store, image: str) -> None:
        with suppress(OSError):  # without a home folder, the next start is at the first open picture
            write_place(self.desk.place, image)

    async def _take_answer(self, submission: Submission, future: "Future[tuple[Revision, Line]]") -> None:
        self._sending = False
        answer = await self.ask(future, "Not submitted; your text is kept")
        if not isinstance(answer, tuple):
            return
        revision, line = answer
        self.note_typing()
        settled = self._session.submitted(submission, revision, line)
        self._keep(submission.item.image.id, submission.writing.slot)
        self.note_submitted(revision)
        if settled:
            await self._go_on()
            return
        self._show()
        if self._session.conflict:
            self.warn("Another text of yours was stored meanwhile", "Both are kept. Submit the one that holds.")

    async def _skip(self, item: Item, reason: str | None) -> None:
        if reason is None:
            return
        done = await self.ask(self._scribe.call(partial(skip, item=item, reason=reason)), "Not skipped")
        if done is not NOTHING:
            self._session.skipped(item, reason)
            if self.desk.timebox is not None:
                self.desk.timebox.skip()
            await self._go_to_open()

    # ---- what is shown

    def _show(self) -> None:
        item = self._session.item
        likely = [place for by in LIKELY if (place := self._session.step(by)) is not None]
        following = [self._session.items[place].image.blob for place in likely]
        self.query_one(Look).show(item.image.blob, about(item), following)
        self.query_one(Side).show()
        self.tell_top()

    def _tick(self) -> None:
        self.tell_top()
        if self.desk.timebox is not None and self.desk.timebox.is_over and not self._told_over:
            self._told_over = True
            self.notify("Finish this caption; Ctrl+Q leaves and sums it up.", title="Time is up", timeout=10)

    def tell_top(self) -> None:
        """Show set, member and place."""
        self.query_one("#top", Static).update(top_line(self.desk, self.size.width))

    def on_resize(self) -> None:
        self.tell_top()
