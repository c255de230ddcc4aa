"""The contact sheet: many pictures of the queue at once, each with its sign and name, to see the set and to jump."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Grid, Vertical
from textual.screen import Screen
from textual.widgets import Footer, Static

from annotate.captioner.keys import bindings
from annotate.captioner.session import Session
from annotate.pictures.cells import Paint
from annotate.pictures.gallery import Gallery
from annotate.widgets.picture import Picture
from annotate.widgets.queue_list import label

TILE = (20, 8)
"""Least width and height of a tile, in cells; the last line holds the name."""


def grid(width: int, height: int, pictures: int) -> tuple[int, int]:
    """Columns and rows of tiles in so many cells: the largest tiles that show all pictures, else as many as can be."""
    for rows in range(1, max(1, height // TILE[1]) + 1):
        columns = max(1, width * TILE[1] * rows // (height * TILE[0])) if height else 1
        if columns * rows >= pictures:
            return min(columns, max(1, width // TILE[0])), rows
    return max(1, width // TILE[0]), max(1, height // TILE[1])


class Tile(Vertical):
    """A small picture above its name."""

    DEFAULT_CSS = """
    Tile Picture { height: 1fr; }
    Tile Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Tile.here Static { text-style: reverse bold; }
    """

    def __init__(self, gallery: Gallery, paint: Paint) -> None:
        super().__init__()
        self._gallery, self._paint = gallery, paint

    def compose(self) -> ComposeResult:
        yield Picture(self._gallery, self._paint)
        yield Static(markup=False)

    def show(self, session: Session, index: int, here: bool) -> None:
        """Show the picture at a place of the queue, or nothing beyond its end."""
        self.set_class(here, "here")
        self.visible = index < len(session.items)
        if self.visible:
            item = session.items[index]
            self.query_one(Picture).show(item.image.blob, item.name, None)
            self.query_one(Static).update(label(session, index))


class SheetScreen(Screen[int | None]):
    """The place of the picture to go to, or None."""

    DEFAULT_CSS = """
    SheetScreen #sheet-top { height: 1; background: $panel; text-style: bold; }
    SheetScreen Grid { height: 1fr; grid-gutter: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("sheet")

    def __init__(self, session: Session, gallery: Gallery, paint: Paint) -> None:
        super().__init__()
        self._session, self._gallery, self._paint = session, gallery, paint
        self._cursor = session.index
        self._columns = self._rows = 1

    def compose(self) -> ComposeResult:
        yield Static(id="sheet-top", markup=False)
        yield Grid()
        yield Footer(show_command_palette=False)

    async def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        columns, rows = grid(width, height - 2, len(self._session.items))
        tiles = self.query_one(Grid)
        if (columns, rows) != (self._columns, self._rows) or not tiles.children:
            self._columns, self._rows = columns, rows
            tiles.styles.grid_size_columns, tiles.styles.grid_size_rows = columns, rows
            await tiles.remove_children()
            await tiles.mount_all(Tile(self._gallery, self._paint) for _ in range(columns * rows))
        self.call_after_refresh(self._show)

    def action_left(self) -> None:
        self._move(-1)

    def action_right(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-self._columns)

    def action_down(self) -> None:
        self._move(self._columns)

    def action_page_up(self) -> None:
        self._move(-self._columns * self._rows)

    def action_page_down(self) -> None:
        self._move(self._columns * self._rows)

    def action_first(self) -> None:
        self._move(-len(self._session.items))

    def action_last(self) -> None:
        self._move(len(self._session.items))

    def action_choose(self) -> None:
        self.dismiss(self._cursor)

    def action_leave(self) -> None:
        self.dismiss(None)

    def _move(self, by: int) -> None:
        self._cursor = max(0, min(self._cursor + by, len(self._session.items) - 1))
        self._show()

    def _show(self) -> None:
        room = self._columns * self._rows
        first = self._cursor // room * room
        for number, tile in enumerate(self.query(Tile)):
            tile.show(self._session, first + number, first + number == self._cursor)
        total = len(self._session.items)
        shown = f" pictures {first + 1} to {min(first + room, total)} of {total}"
        self.query_one("#sheet-top", Static).update(shown)
