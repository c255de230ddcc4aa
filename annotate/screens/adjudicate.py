"""The screen of an adjudicator: it carries intents to the sitting and the scribe, and shows what they answer."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Static, TextArea

from annotate.adjudicate_actions import of
from annotate.adjudicate_keys import PAN, bindings, case_bindings
from annotate.adjudicate_words import about, state_line, top_line
from annotate.adjudication import approve, decide, read_cases, refuse, take_back
from annotate.cases import Case
from annotate.cells import Paint
from annotate.pictures import Gallery
from annotate.screens.asking import NOTHING, Asking
from annotate.screens.reason import ReasonScreen
from annotate.scribe import Scribe
from annotate.sitting import Sitting
from annotate.widgets.caption_editor import CaptionEditor
from annotate.widgets.judged_texts import JudgedTexts
from annotate.widgets.picture import Picture
from curator.config import Config
from curator.console import plain
from curator.errors import InputError
from curator.record import Revision

ZOOM = 1.6
CASE_ACTIONS = frozenset(action.name for action in of("pictures"))
EDITOR_ACTIONS = frozenset(action.name for action in of("caption"))


@dataclass(frozen=True)
class Bench:
    """What the screen works with."""

    config: Config
    sitting: Sitting
    scribe: Scribe
    gallery: Gallery


class AdjudicateScreen(Asking[None]):
    """Picture, the texts, an editor when one is wanted."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    AdjudicateScreen {
        & #desk { height: 1fr; }
        & #shown { width: 2fr; height: 100%; }
        & #bench { width: 3fr; height: 100%; min-width: 40; padding-left: 1; }
        & #why { height: auto; max-height: 4; padding: 0 1; text-style: bold; }
        & #name, & #state { height: auto; max-height: 2; padding: 0 1; color: $text-muted; }
        & #verdict { height: 1fr; min-height: 5; max-height: 10; display: none; }
        &.writing #verdict { display: block; }
        &.-roomy JudgedTexts { layout: grid; grid-size: 2; grid-rows: auto; }
        &.-narrow #desk { layout: vertical; }
        &.-narrow #shown { width: 100%; height: 1fr; }
        &.-narrow #bench { width: 100%; height: 2fr; padding-left: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*case_bindings(), *bindings("caption")]

    def __init__(self, bench: Bench, paint: Paint) -> None:
        super().__init__()
        self._bench, self._paint = bench, paint
        self._sitting, self._scribe = bench.sitting, bench.scribe
        self._busy = False

    def compose(self) -> ComposeResult:
        yield Static(id="top", markup=False)
        with Horizontal(id="desk"):
            yield Picture(self._bench.gallery, self._paint, id="shown")
            with Vertical(id="bench"):
                yield Static(id="name", markup=False)
                yield Static(id="why", markup=False)
                yield JudgedTexts(id="texts")
                yield CaptionEditor({key: action.name for action in of("caption") for key in action.keys}, id="verdict")
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

    # ---- what the keys do

    async def action_pick(self, number: int) -> None:
        if not await self._may_decide():
            return
        try:
            self._sitting.decision(number, "")
        except InputError as error:
            self.warn("Not decided", str(error))
            return
        self._with_reason(f"Decide for text {number}?", partial(self._decide, number))

    async def action_merge(self) -> None:
        await self._write(merge=True)

    async def action_rewrite(self) -> None:
        await self._write(merge=False)

    async def action_submit(self) -> None:
        self.note_typing()
        if not (self._sitting.writing or "").strip():
            self.warn("Not decided", "the editor is empty")
            return
        self._with_reason("Decide for this text?", partial(self._decide, None))

    async def action_leave(self) -> None:
        self.note_typing()
        self._sitting.close()
        self._show()

    async def action_reason(self) -> None:
        if self._sitting.case is not None:
            self.app.push_screen(ReasonScreen("Why?", "for the next decision", self._sitting.reason), self._keep_reason)

    async def action_approve(self) -> None:
        case = self._to_approve()
        if case is not None:
            job = partial(approve, case=case, member=self._sitting.member)
            await self._carry_out(job, case, "approved: it counts now", "Not approved")

    async def action_refuse(self) -> None:
        case = self._to_approve()
        if case is not None:
            ask = ReasonScreen("Refuse this decision?", "it goes back, with your reason, to be decided anew")
            self.app.push_screen(ask, partial(self._refuse, case))

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

    def action_scroll(self, by: int) -> None:
        self.query_one(JudgedTexts).scroll_relative(y=by, animate=False)

    def action_closer(self, way: int) -> None:
        picture = self.query_one(Picture)
        if way:
            picture.zoom(ZOOM**way)
        else:
            picture.reset()

    def action_pan(self, way: str) -> None:
        self.query_one(Picture).pan(*PAN[way])

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
        editor.focus()

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

    def _with_reason(self, title: str, then: Callable[[str | None], Any]) -> None:
        if self._sitting.reason:
            self.call_later(then, self._sitting.reason)
            return
        self.app.push_screen(ReasonScreen(title, self._sitting.case.why if self._sitting.case else ""), then)

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
        top = top_line(self._bench.config.name, self._sitting, self.size.width)
        self.query_one("#top", Static).update(top)
