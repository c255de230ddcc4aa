"""The column beside the picture: name, caption, state, tokens, other texts, and the list of pictures."""

from collections.abc import Callable

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from annotate.keys import ordered_keys
from annotate.session import Session
from annotate.status import about, late, state_line
from annotate.widgets.caption_editor import CaptionEditor
from annotate.widgets.other_texts import OtherTexts
from annotate.widgets.queue_list import QueueList
from annotate.widgets.token_bar import TokenBar
from curator.tokens import glide_token_count

LATE_EVERY_S = 1.0


class Side(Vertical):
    """Shows what the session holds; `behind_s` says how long something typed has waited for the disk."""

    def __init__(self, session: Session, behind_s: Callable[[], float]) -> None:
        super().__init__(id="side")
        self._session, self._behind_s = session, behind_s
        self._counts_tokens = False

    def compose(self) -> ComposeResult:
        yield Static(id="name", markup=False)
        yield CaptionEditor(ordered_keys(), id="caption")
        yield Static(id="state", markup=False)
        yield TokenBar(id="tokens")
        yield OtherTexts(id="others")
        yield QueueList(self._session, id="queue")

    def on_mount(self) -> None:
        self.set_interval(LATE_EVERY_S, self._tell_if_late)
        self._load_vocabulary()

    def show(self) -> None:
        """Show the picture and the text the session is at."""
        self.query_one("#name", Static).update(about(self._session.item))
        editor = self.query_one(CaptionEditor)
        if editor.caption != self._session.text:
            editor.show(self._session.text)
        self.tell()

    def tell(self) -> None:
        """Show what follows from the text, after it changed."""
        if self._counts_tokens:
            self.query_one(TokenBar).tokens = glide_token_count(self._session.text)
        self.query_one(OtherTexts).show(self._session.others)
        self.query_one(QueueList).show()
        self.tell_state()

    def tell_state(self) -> None:
        """Show where the text comes from and whether it is on disk."""
        behind_s = self._behind_s()
        state = self.query_one("#state", Static)
        state.update(state_line(self._session, behind_s))
        state.set_class(self._session.conflict or late(behind_s), "-alarm")

    def _tell_if_late(self) -> None:
        if late(self._behind_s()):
            self.tell_state()

    @work(thread=True, exit_on_error=False)
    def _load_vocabulary(self) -> None:
        glide_token_count("")  # reading the vocabulary takes half a second, once
        self._counts_tokens = True
        self.app.call_from_thread(self.tell)
