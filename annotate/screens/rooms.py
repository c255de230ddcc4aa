"""The ways from the captioning screen into the other screens, and what is done with what they bring back.

Screens are imported when they are opened first: who only captions waits for none of them.
"""

from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on

from annotate.captioner.desk import Desk
from annotate.pictures.cells import Paint
from annotate.screens.asking import NOTHING
from annotate.screens.working import Working
from annotate.widgets.caption_editor import CaptionEditor
from annotate.widgets.queue_list import QueueList
from annotate.widgets.side import Side
from curator.errors import CuratorError
from curator.record import Revision

if TYPE_CHECKING:
    from annotate.writing.answers import Answers
    from curator.columns import Columns


class Rooms(Working[None]):
    """A screen with doors. What it needs of the captioning screen stands at the end."""

    def __init__(self, desk: Desk, paint: Paint, show_only: str) -> None:
        super().__init__()
        self.desk, self.paint = desk, paint
        self._filter = show_only

    @on(Side.Helped)
    async def _helped(self) -> None:
        """The set is read: a filter that was asked for at the start can be applied."""
        if self._filter:
            await self._show_only(self._filter)

    async def action_sheet(self) -> None:
        from annotate.screens.sheet import SheetScreen

        self.note_typing()
        self.app.push_screen(SheetScreen(self.desk.session, self.desk.gallery, self.paint), self._go_to)

    async def action_filter(self) -> None:
        from annotate.screens.filtering import FilterScreen

        if self.desk.aids.columns is None:
            self.warn("Not yet", "the set is still being read for filters: try again in a moment")
            return
        self.note_typing()
        self.app.push_screen(FilterScreen(self._filter, self.desk.count), self._show_only)

    async def action_answers(self) -> None:
        from annotate.captioner.ledger import read_answers
        from annotate.screens.answers import AnswersScreen
        from annotate.writing.answers import Answers

        item, attributes = self.desk.session.item, self.desk.workspace.config.attributes
        read = partial(read_answers, member=self.desk.session.member, image=item.image.id, attributes=attributes)
        current = await self.ask(self.desk.scribe.call(read), "The answers cannot be read")
        if isinstance(current, Answers):
            self.app.push_screen(
                AnswersScreen(item.name, attributes, current), partial(self._answer, item.image.id, current)
            )

    async def action_phrases(self) -> None:
        from annotate.screens.phrases import PhrasesScreen

        phrases = self.desk.aids.phrases
        if not phrases:
            self.notify("No phrases yet: they come from what you submit.", timeout=2)
            return
        self.app.push_screen(PhrasesScreen(phrases), self._insert)

    async def action_replace(self) -> None:
        from annotate.screens.replace import ReplaceScreen

        if not await self.settle():
            return
        self.app.push_screen(ReplaceScreen(self.desk, self._filter), self._replaced)

    async def action_wall(self) -> None:
        from annotate.screens.wall import WallScreen

        self.app.push_screen(
            WallScreen("Progress", lambda width: self.desk.scribe.call(partial(self.desk.wall, width=width)))
        )

    async def action_guide(self) -> None:
        from annotate.screens.guide import GuideScreen
        from annotate.writing.guide import read_guide

        try:
            self.app.push_screen(GuideScreen(read_guide(self.desk.workspace)))
        except CuratorError as error:
            self.warn("No style guide", str(error))

    async def action_view(self) -> None:
        from annotate.pictures.viewer import show

        item = self.desk.session.item
        try:
            show(self.desk.blobs.read(item.image.blob), item.image.format, item.name)
        except CuratorError as error:
            self.warn("Not shown", str(error))

    async def _go_to(self, index: int | None) -> None:
        if index is not None:
            await self.leave_for(index)

    async def _show_only(self, text: str | None) -> None:
        if text is None:
            return
        try:
            index = self.desk.show_only(text)
        except CuratorError as error:
            self.warn("Not filtered", str(error))
            return
        self._filter = text
        self.query_one(QueueList).show()
        await self.leave_for(index)

    async def _answer(self, image: str, before: "Answers", after: "Answers | None") -> None:
        from annotate.captioner.ledger import answer

        if after is None or after == before:
            return
        write = partial(answer, member=self.desk.session.member, image=image, before=before, after=after)
        if await self.ask(self.desk.scribe.call(write), "Not kept") is not NOTHING:
            if self.desk.timebox is not None and after.get("flag") and not before.get("flag"):
                self.desk.timebox.flag()
            self.run_worker(self._renew(image))
            self.query_one(Side).tell_state()

    def _insert(self, phrase: str | None) -> None:
        if phrase is not None:
            self.query_one(CaptionEditor).put(phrase)

    async def _replaced(self, done: bool | None) -> None:
        if done:
            await self.leave_for(self.desk.session.index, self.desk.session.slot)

    def note_submitted(self, revision: Revision) -> None:
        """Count a caption for the time box, and let it help with writing."""
        self.desk.aids.learn(revision)
        if self.desk.timebox is not None:
            self.desk.timebox.submitted(revision)
        self.run_worker(self._renew(revision.image))

    async def _renew(self, image: str) -> None:
        read = partial(self.desk.aids.reread, image=image)
        one = await self.ask(self.desk.scribe.call(read), "Filters do not know of this yet")
        if one is not NOTHING:
            self.desk.aids.put(cast("Columns | None", one))

    # ---- what the captioning screen does

    async def leave_for(self, index: int, slot: int = 0) -> None:
        """Go to another picture, or to another caption of this one."""
        raise NotImplementedError
