"""The screen of an adjudicator: it carries intents to the sitting and the scribe, and shows what they answer."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Static, TextArea

from annotate.adjudication.actions import KEYBOARD
from annotate.adjudication.bench import Bench
from annotate.adjudication.cases import Case
from annotate.adjudication.decisions import approve, decide, read_cases, refuse, take_back
from annotate.adjudication.keys import bindings, calls, case_bindings
from annotate.adjudication.words import about, state_line, top_line
from annotate.pictures.cells import Paint
from annotate.screens.asking import NOTHING
from annotate.screens.reason import ReasonScreen
from annotate.screens.viewing import Viewing
from annotate.widgets.caption_editor import CaptionEditor
from annotate.widgets.judged_texts import JudgedTexts
from annotate.widgets.picture import Picture
from curator.console import plain
from curator.errors import InputError
from curator.record import Revision

CALLS = calls()
CASE_ACTIONS = frozenset(action.name for action in KEYBOARD.of("pictures"))
EDITOR_ACTIONS = frozenset(action.name for action in KEYBOARD.of("caption"))
DECIDING = ("pick", "approve", "refuse")
"""What must not be done to a case by a key that was pressed before the case was to be seen."""


class AdjudicateScreen(Viewing):
    """Picture, the texts, an editor when one is wanted."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*case_bindings(), *bindings("caption")]

    def __init__(self, bench: Bench, paint: Paint) -> None:
        super().__init__()
        self._bench, self._paint, self._busy = bench, paint, False
        self._sitting, self._scribe = bench.sitting, bench.scribe
        self._asked: ReasonScreen | None = None
        self._shown_at = 0.0

    def compose(self) -> ComposeResult:
        yield Static(id="top", markup=False)
        with Horizontal(id="desk"):
            yield Picture(self._bench.gallery, self._paint, id="shown")
            with Vertical(id="bench"):
                yield Static(id="name", markup=False)
                yield Static(id="why", markup=False)
                yield JudgedTexts(id="texts")
                ordered = {key: action.name for action in KEYBOARD.of("caption") for key in action.keys}
                yield CaptionEditor(ordered, id="verdict")
                yield Static(id="state", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(CaptionEditor).border_subtitle = "Ctrl+S decides · Esc goes back"
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """While a text is written, the keys of the editor are to be seen, else those of the cases."""
        writing = self._sitting.writing is not None
        return not writing if action in CASE_ACTIONS else writing if action in EDITOR_ACTIONS else True

    def on_resize(self) -> None:
        self._tell_top()

    async def on_key(self, event: events.Key) -> None:
        """Carry keys out in their order: as bindings they would wait while letters typed after them are lost."""
        letter = event.character if event.is_printable else None
        if self._asked is not None and self._asked.is_attached:
            if letter:
                self._asked.take(letter)
        elif self._sitting.writing is not None:
            if letter:  # typed before the editor had the focus
                self.query_one(CaptionEditor).insert(letter)
        elif event.key in CALLS:
            if not (CALLS[event.key].startswith(DECIDING) and event.time < self._shown_at):
                await self.run_action(CALLS[event.key])
        else:
            return
        event.stop()
        event.prevent_default()

    # ---- what the keys do

    async def action_pick(self, number: int) -> None:
        if not await self._may_decide():
            return
        try:
            text = self._sitting.decision(number, "").text
        except InputError as error:
            self.warn("Not decided", str(error))
            return
        self._with_reason(f"Decide for text {number}?", text, partial(self._decide, number))

    async def action_merge(self) -> None:
        await self._write(merge=True)

    async def action_rewrite(self) -> None:
        await self._write(merge=False)

    async def action_submit(self) -> None:
        self.note_typing()
        text = self._sitting.writing or ""
        if text.strip():
            self._with_reason("Decide for this text?", text, partial(self._decide, None))
        else:
            self.warn("Not decided", "the editor is empty")

    async def action_leave(self) -> None:
        self.note_typing()
        self._sitting.close()
        self._show()

    async def action_reason(self) -> None:
        if self._sitting.case is not None:
            self._ask_why(ReasonScreen("Why?", "for the next decision", self._sitting.reason), self._keep_reason)

    async def action_approve(self) -> None:
        case = self._to_approve()
        if case is not None:
            job = partial(approve, case=case, member=self._sitting.member)
            await self._carry_out(job, case, "approved: it counts now", "Not approved")

    async def action_refuse(self) -> None:
        case = self._to_approve()
        if case is not None:
            ask = ReasonScreen("Refuse this decision?", "it goes back, with your reason, to be decided anew")
            self._ask_why(ask, partial(self._refuse, case))

    async def action_undo(self) -> None:
        last = self._sitting.last()
        if last is None:
            self.notify("There is no decision of this session to take back.", timeout=3)
            return
        case, revision = last
        job = partial(take_back, case=case, revision=revision, member=self._sitting.member)
        if await self.ask(self._scribe.call(job), "Not taken back") is not NOTHING:
            self._sitting.taken_back(case.key)
            self.notify("Taken back; it stays in the history.", timeout=3)
            self._show()

    async def action_next(self) -> None:
        self._step(1, "This is the last case.")

    async def action_back(self) -> None:
        self._step(-1, "This is the first case.")

    # ---- steps

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self.note_typing()

    def note_typing(self) -> bool:
        """Take over what the editor holds and have it on disk soon; False if nothing changed."""
        case = self._sitting.case
        changed = case is not None and self._sitting.typed(self.query_one(CaptionEditor).caption)
        if changed and case is not None:
            self._scribe.keep(*case.key, self._sitting.draft())
        return changed

    async def settle(self) -> bool:
        """Bring what was written to disk; False (and a message) where that is not possible now."""
        self.note_typing()
        return await self.ask(self._scribe.flush(), "What you wrote is not on disk") is not NOTHING

    async def _write(self, merge: bool) -> None:
        if not await self._may_decide():
            return
        text = self._sitting.open(merge)
        editor = self.query_one(CaptionEditor)
        editor.border_title = "Merge" if merge else "Rewrite"
        editor.show(text)
        self._show()
        self.set_focus(editor)

    async def _may_decide(self) -> bool:
        case = self._sitting.case
        if case is None:
            return False
        if case.pending is not None:
            self.warn("This is decided", "approve it with a, or refuse it with x and say why")
            return False
        if case.key in self._sitting.done:
            self.warn("This is decided", "take the decision back first, with u")
            return False
        return True

    def _to_approve(self) -> Case | None:
        case = self._sitting.case
        if case is None or case.pending is None or case.key in self._sitting.done:
            self.warn(
                "Nothing to approve here", "only what somebody else decided, under the two-person rule, waits for it"
            )
            return None
        return case

    def _with_reason(self, title: str, text: str, then: Callable[[str | None], Any]) -> None:
        if self._sitting.reason:
            self.call_later(then, self._sitting.reason)
            return
        self._ask_why(ReasonScreen(title, text), then)

    def _ask_why(self, question: ReasonScreen, then: Callable[[str | None], Any]) -> None:
        self._asked = question
        self.app.push_screen(question, then)

    def _keep_reason(self, reason: str | None) -> None:
        if reason is not None:
            self._sitting.reason = reason
            self._tell_state()

    async def _decide(self, number: int | None, reason: str | None) -> None:
        case = self._sitting.case
        if reason is None or case is None:
            return
        decision = self._sitting.decision(number, reason)
        what = f"decided for text {number}" if number else "decided for your text"
        await self._carry_out(
            partial(decide, decision=decision, member=self._sitting.member), case, what, "Not decided"
        )

    async def _refuse(self, case: Case, reason: str | None) -> None:
        if reason is not None:
            job = partial(refuse, case=case, member=self._sitting.member, reason=reason)
            await self._carry_out(job, case, "refused: it is to be decided anew", "Not refused")

    async def _carry_out(self, job: Callable[[Any], Any], case: Case, what: str, failing: str) -> None:
        if self._busy:
            self.warn(failing, "the store has not answered yet")
            return
        self._busy = True
        future: Future[Any] = self._scribe.call(job)
        answer = await self.ask(future, failing)
        self._busy = False
        if answer is NOTHING:
            return
        self._sitting.decided(case.key, what, answer if isinstance(answer, Revision) else None)
        self.notify(f"{plain(case.record.name)}: {what}", timeout=3, markup=False)
        await self._go_on()

    async def _go_on(self) -> None:
        index = self._sitting.next_open()
        if index is None:
            await self.action_again()
            return
        self._sitting.go(index)
        self._show()

    async def action_again(self) -> None:
        self.note_typing()
        job = partial(read_cases, config=self._bench.config, member=self._sitting.member)
        found = await self.ask(self._scribe.call(job), "The cases cannot be read")
        if isinstance(found, list) and (found or self._sitting.left):
            self._sitting.again(found)
        self._show()

    def _step(self, by: int, at_end: str) -> None:
        index = self._sitting.step(by)
        if index is None:
            self.notify(at_end, timeout=2)
            return
        self.note_typing()
        self._sitting.go(index)
        self._show()

    # ---- what is shown

    def _show(self) -> None:
        case = self._sitting.case
        self._shown_at = time.monotonic()
        self.set_class(self._sitting.writing is not None, "writing")
        if self._sitting.writing is None:
            self.set_focus(None)
        self.query_one(JudgedTexts).show(self._sitting.shown())
        if case is not None:
            ahead = self._sitting.step(1)
            following = None if ahead is None else self._sitting.cases[ahead].record.image.blob
            self.query_one(Picture).show(case.record.image.blob, case.record.name, following)
        self.query_one("#name", Static).update("" if case is None else about(case))
        self.query_one("#why", Static).update("Nothing to decide." if case is None else plain(case.why))
        self.refresh_bindings()
        self._tell_top()
        self._tell_state()

    def _tell_state(self) -> None:
        self.query_one("#state", Static).update(plain(state_line(self._sitting)))

    def _tell_top(self) -> None:
        self.query_one("#top", Static).update(top_line(self._bench.config.name, self._sitting, self.size.width))
