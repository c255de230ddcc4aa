"""A program for tests to run on a terminal that they play: shows the picture files named on the command line.

n: the next one; +, -, 0: zoom; l: pan to the right; t: a note over it; m: a box over it; q: quit.
"""

import os
import sys
from pathlib import Path

from textual.app import App
from textual.containers import Center
from textual.screen import ModalScreen
from textual.widgets import Static

from annotate.pictures.choice import asked_for, choose
from annotate.pictures.gallery import GRAPHICS_PX, Gallery
from annotate.pictures.terminal import look
from annotate.widgets.picture import Picture


class Box(ModalScreen):
    CSS = "Box { align: center middle; } Box Center { width: 12; height: 3; } Box Static { width: 12; height: 3; }"

    def compose(self):
        with Center():
            yield Static("a box\nover\nit")

    def key_escape(self):
        self.dismiss()


class Showing(App):
    def __init__(self, paint, files):
        super().__init__()
        self.picture = Picture(Gallery(lambda name: Path(name).read_bytes(), side_px=GRAPHICS_PX), paint)
        self.files = files

    def compose(self):
        yield self.picture

    def on_mount(self):
        self.key_n()

    def key_n(self):
        self.picture.show(self.files.pop(0), "a picture", None)

    def key_plus(self):
        self.picture.zoom(4)

    def key_minus(self):
        self.picture.zoom(0.25)

    def key_0(self):
        self.picture.reset()

    def key_l(self):
        self.picture.pan(0.5, 0)

    def key_t(self):
        self.notify("a note over it", timeout=60)

    def key_m(self):
        self.push_screen(Box())

    def key_q(self):
        self.exit()


if __name__ == "__main__":
    chosen = choose(look(os.environ, sys.__stdin__, sys.__stderr__), asked_for(None, os.environ))
    Showing(chosen, sys.argv[1:]).run()
