"""Scrolling texts and looking at the picture, for a screen that shows both."""

from annotate.adjudication.keys import PAN
from annotate.screens.working import Working
from annotate.widgets.judged_texts import JudgedTexts
from annotate.widgets.picture import Picture

ZOOM = 1.6


class Viewing(Working[None]):
    """A screen with a Picture and JudgedTexts."""

    def action_scroll(self, by: int) -> None:
        """Scroll the texts by lines."""
        self.query_one(JudgedTexts).scroll_relative(y=by, animate=False)

    def action_closer(self, way: int) -> None:
        """Look more closely (1), less closely (-1), or at the whole picture (0)."""
        picture = self.query_one(Picture)
        picture.zoom(ZOOM**way) if way else picture.reset()

    def action_pan(self, way: str) -> None:
        """Move what is seen to a side."""
        self.query_one(Picture).pan(*PAN[way])
