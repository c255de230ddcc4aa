"""The column beside the picture: name, caption, state, remarks, tokens, other texts, and the list of pictures."""

from collections.abc import Callable

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from annotate.captioner.desk import Desk
from annotate.captioner.keys import ordered_keys
from annotate.captioner.status import about, late, slot_title, state_line
from annotate.widgets.caption_editor import CaptionEditor
from annotate.widgets.lint_line import LintLine
from annotate.widgets.other_texts import OtherTexts
from annotate.widgets.queue_list import QueueList
from annotate.widgets.token_bar import TokenBar

LATE_EVERY_S = 1.0
SOON_S = 0.05
"""What helps with writing comes after the letter, or the picture, that it is about."""
PAUSE_S = 1.0
"""Who has not typed for so long has finished the word at the cursor."""


class Side(Vertical):
    """Shows what the session holds, and what there is to say of it."""

    class Helped(Message):
        """All that helps with writing has been read."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(id="side")
        self._desk, self._session = desk, desk.session
        self._helped = False
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="name", markup=False)
        yield CaptionEditor(ordered_keys(), id="caption")
        yield Static(id="state", markup=False)
        yield LintLine(id="remarks")
        yield TokenBar(id="tokens")
        yield OtherTexts(id="others")
        yield QueueList(self._session, id="queue")

    def on_mount(self) -> None:
        self.set_interval(LATE_EVERY_S, self._tell_if_late)
        self._load_aids()

    def show(self) -> None:
        """Show the picture and the text the session is at."""
        self.query_one("#name", Static).update(about(self._session.item))
        editor = self.query_one(CaptionEditor)
        editor.border_title = slot_title(self._session)
        if editor.caption != self._session.text:
            editor.show(self._session.text)
        self.tell()

    def tell(self) -> None:
        """Show what follows from the text, after it changed."""
        if self._helped:
            self._after(SOON_S, self._help)
        self.query_one(OtherTexts).show(self._session.others)
        self.query_one(QueueList).show()
        self.tell_state()

    def tell_state(self) -> None:
        """Show where the text comes from and whether it is on disk."""
        behind_s = self._desk.scribe.behind_s
        state = self.query_one("#state", Static)
        state.update(state_line(self._session, behind_s))
        state.set_class(self._session.conflict or late(behind_s), "-alarm")

    def _help(self) -> None:
        editor = self.query_one(CaptionEditor)
        self._remark(editor.cursor_index)
        self.query_one(TokenBar).show(self._session.text)
        editor.offer(self._desk.aids.completion(self._session.text, editor.cursor_index))
        self._after(PAUSE_S, lambda: self._remark(None))

    def _after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do this after so many seconds in which nothing else was asked for."""
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(seconds, action)

    def _remark(self, typing: int | None) -> None:
        """Say what there is to say of the text; the word at the cursor `typing` may not be finished."""
        pixels = self._desk.gallery.ready(self._session.item.image.blob)
        remarks = self._desk.aids.remarks(self._session, typing, pixels)
        self.query_one(CaptionEditor).show_remarks(remarks)
        self.query_one(LintLine).show(remarks)

    def _tell_if_late(self) -> None:
        if late(self._desk.scribe.behind_s):
            self.tell_state()

    @work(thread=True, exit_on_error=False)
    def _load_aids(self) -> None:
        self._desk.aids.load()
        self._helped = True
        self.app.call_from_thread(self.tell)
        self.post_message(self.Helped())
