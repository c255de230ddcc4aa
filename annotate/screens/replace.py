"""Find and replace in one's own captions: what would change is shown first, and what was changed can be taken back."""

from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from annotate.captioner.desk import Desk
from annotate.replace.cli import marked
from annotate.replace.plan import Plan, Scope, Undone, apply, preview, undo
from annotate.replace.substitution import Request
from annotate.screens.asking import Asking
from annotate.screens.box import Box
from annotate.widgets.tick import Tick
from curator.console import plain
from curator.filter import parse
from curator.identity.gate import known_member
from curator.store import Store

SHOWN = 100
"""Captions that the preview lists."""


class ReplaceScreen(Box[bool], Asking[bool]):
    """Whether captions were changed."""

    DEFAULT_CSS = """
    ReplaceScreen > Vertical { width: 90%; height: 90%; }
    ReplaceScreen Horizontal { height: auto; }
    ReplaceScreen VerticalScroll { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "look", "Look"),
        Binding("ctrl+s,f2", "apply", "Replace"),
        Binding("ctrl+z", "take_back", "Take back"),
    ]

    def __init__(self, desk: Desk, wanted: str) -> None:
        """`wanted` is the filter of the queue: what it hides is left alone."""
        super().__init__()
        self._desk, self._wanted = desk, wanted
        self._plan: Plan | None = None
        self._batch: int | None = None
        self._changed = False

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Find and replace in your captions"
            box.border_subtitle = "Enter looks · Ctrl+S replaces · Ctrl+Z takes back · Esc closes"
            yield Input(placeholder="Find", id="pattern")
            yield Input(placeholder="Replace with; nothing: take it out", id="replacement")
            with Horizontal():
                yield Tick("whole words", id="words")
                yield Tick("upper/lower case", id="case")
                yield Tick("regular expression", id="regex")
            yield Static(self._scope_line(), id="told", markup=False)
            with VerticalScroll(can_focus=True):
                yield Static(id="changes", markup=False)

    def action_leave(self) -> None:
        self.dismiss(self._changed)

    @on(Input.Submitted)
    async def action_look(self) -> None:
        self._plan = None
        plan = await self.ask(self._desk.scribe.call(self._preview), "Nothing was looked for")
        if isinstance(plan, Plan):
            self._plan = plan
            self._show(plan)

    @on(Input.Changed)
    @on(Tick.Changed)
    def _stale(self) -> None:
        self._plan = None
        self.query_one("#told", Static).update(self._scope_line())
        self.query_one("#changes", Static).update("")

    async def action_apply(self) -> None:
        if self._plan is None:
            self.warn("Not yet", "press Enter and look at what would change")
            return
        batch = await self.ask(self._desk.scribe.call(partial(apply, made=self._plan)), "Nothing was replaced")
        if isinstance(batch, int):
            self._batch, self._changed = batch, True
            self._told(f"{len(self._plan.changes)} captions replaced, batch {batch}; Ctrl+Z takes it back")

    async def action_take_back(self) -> None:
        if self._batch is None:
            self.warn("Nothing to take back", "annotate replace --list shows earlier ones, --undo N takes them back")
            return
        done = await self.ask(self._desk.scribe.call(self._take_back), "Nothing was taken back")
        if isinstance(done, Undone):
            self._batch = None
            left = f"; {len(done.left)} were edited since and stay" if done.left else ""
            self._told(f"{len(done.restored)} captions are as they were{left}")

    def _preview(self, store: Store) -> Plan:
        member = known_member(store.team.members(), self._desk.session.member)
        attributes = self._desk.workspace.config.attributes
        scope = Scope(parse(self._wanted, attributes), member.name)
        return preview(store, member, self._request(), scope, attributes)

    def _request(self) -> Request:
        return Request(
            self.query_one("#pattern", Input).value,
            self.query_one("#replacement", Input).value,
            regex=self.query_one("#regex", Tick).value,
            case=self.query_one("#case", Tick).value,
            words=self.query_one("#words", Tick).value,
        )

    def _take_back(self, store: Store) -> Undone:
        assert self._batch is not None
        return undo(store, known_member(store.team.members(), self._desk.session.member), self._batch)

    def _show(self, plan: Plan) -> None:
        held = f"; {len(plan.held)} are left alone" if plan.held else ""
        self.query_one("#told", Static).update(f"{len(plan.changes)} captions would change{held}")
        lines = [f"{plain(change.name)}\n  {plain(marked(change))}" for change in plan.changes[:SHOWN]]
        if len(plan.changes) > SHOWN:
            lines.append(f"and {len(plan.changes) - SHOWN} more")
        lines += [f"left alone: {plain(each.name)}: {each.why}" for each in plan.held[:SHOWN]]
        self.query_one("#changes", Static).update(Text("\n".join(lines)))

    def _told(self, text: str) -> None:
        self._plan = None
        self.query_one("#told", Static).update(text)
        self.query_one("#changes", Static).update("")

    def _scope_line(self) -> str:
        return f"only where {plain(self._wanted)}" if self._wanted else "in all your captions"
