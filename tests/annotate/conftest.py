"""A small team with pictures to caption, and the captioning app driven from a test."""

import asyncio
import fcntl
import inspect
import io
import os
import re
import select
import shlex
import shutil
import struct
import subprocess
import sys
import termios
import threading
import time
import uuid
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace

import pytest
from PIL import Image as Pillow

from curator.blobs import Blobs
from curator.record import Image, Member, Source
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

NAMES = ("bare", "by-ben", "by-ada", "shared", "last")
"""ada's pictures: without caption, imported from ben, imported from ada, captioned blind by both, without caption."""


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """A test that is a coroutine is run to its end in a loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}))
    return True


class Crew:
    """A workspace in which ada has five pictures and ben one, and short ways to look into its store."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.store = open_store(workspace)
        self.images = {source.path.removesuffix(".png"): source.image for source in self.store.pictures.sources()}

    def texts(self, picture, author="ada"):
        """What an author has written of a picture, oldest first."""
        return [each.text for each in self.store.captions.revisions(self.images[picture], author)]

    def draft(self, picture, author="ada"):
        found = self.store.captions.draft(self.images[picture], author)
        return found and found.text

    def state(self, picture, member="ada"):
        return next(task for task in self.store.team.tasks(member) if task.image == self.images[picture]).state

    def write(self, picture, text, author="ada", **more):
        """Write as another session of the author would."""
        return self.store.captions.submit(Writing(self.images[picture], author, text, **more))

    def configure(self, settings):
        """Add settings to curator.toml."""
        file = self.workspace.path / "curator.toml"
        file.write_text(f"{file.read_text(encoding='utf-8')}\n{settings}\n", encoding="utf-8")
        self.workspace = Workspace.find(self.workspace.path)

    def session(self, member="ada", place=None, **more):
        from annotate.captioner.ledger import load_queue, read_line
        from annotate.captioner.session import Session

        session = Session(load_queue(self.store, member), place, **more)
        session.go(session.index, read_line(self.store, member, session.item))
        return session


@pytest.fixture(scope="session")
def crew_folder(tmp_path_factory, picture):
    folder = tmp_path_factory.mktemp("crew")
    (folder / "curator.toml").write_text('name = "dogs"\n', encoding="utf-8")
    workspace = Workspace.find(folder)
    store = open_store(workspace, create=True)
    with store.write():
        for name in ("ada", "ben", "cem"):
            store.team.add(Member(name))
        images = [
            _add(store, Blobs(workspace.blobs), picture(seed), name) for seed, name in enumerate((*NAMES, "of-ben"))
        ]
        bare, by_ben, by_ada, shared, last, of_ben = images
        for image, author in ((by_ben, "ben"), (by_ada, "ada"), (shared, "ben")):
            store.captions.submit(Writing(image, author, f"imported from {author}", origin="import"))
        tasks = [("ada", "own", image) for image in (bare, by_ben, by_ada, shared, last)]
        store.team.add_round(1, "1", None, {}, [*tasks, ("ben", "own", of_ben), ("ben", "overlap", shared)])
    store.close()
    return folder


def _add(store, blobs, content, name):
    blob = blobs.put(content)
    width, height = Pillow.open(io.BytesIO(content)).size
    store.pictures.add(Image(blob, blob, width, height, "PNG", subject="dog"))
    store.pictures.save_source(Source("root", f"{name}.png", "image", len(content), 0, image=blob))
    return blob


@pytest.fixture
def crew(tmp_path, crew_folder):
    folder = tmp_path / "crew"
    shutil.copytree(crew_folder, folder)
    crew = Crew(Workspace.find(folder))
    yield crew
    crew.store.close()


@pytest.fixture
def captioning(need, monkeypatch):
    """`async with captioning(crew) as at:` runs the app without a terminal; `at.session`, `at.pilot`, `at.screen`."""
    need("textual")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")

    @asynccontextmanager
    async def start(crew, member="ada", size=(80, 24), place=None, **more):
        from annotate.captioner.app import CaptionApp
        from annotate.captioner.desk import lay
        from annotate.captioner.ledger import load_queue
        from annotate.captioner.places import write_place

        store = open_store(crew.workspace)
        file = crew.workspace.path / "place.json"
        if place is not None:
            write_place(file, place)
        desk = lay(crew.workspace, store, load_queue(store, member), place=file, timebox=more.pop("timebox", None))
        app = CaptionApp(desk, **more)
        try:
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                yield Captioning(pilot, desk.session, desk.scribe)
        finally:
            desk.scribe.close(5)
            store.close()

    return start


class Captioning(SimpleNamespace):
    """A running app."""

    def __init__(self, pilot, session, scribe):
        super().__init__(pilot=pilot, app=pilot.app, session=session, scribe=scribe)

    @property
    def screen(self):
        return self.app.screen

    @property
    def editor(self):
        return self.app.screen_stack[1].query_one("#caption")

    def shown(self, selector):
        """The text that a widget shows."""
        return str(self.app.screen_stack[1].query_one(selector).render())

    async def press(self, *keys):
        await self.pilot.press(*keys)

    async def type(self, text):
        await self.pilot.press(*("space" if letter == " " else letter for letter in text))

    async def until(self, condition):
        """Wait for what another thread brings about; a test that waits in vain fails."""
        for _ in range(500):
            if condition():
                return
            await asyncio.sleep(0.01)
            await self.pilot.pause()
        pytest.fail("it did not happen within five seconds")

    async def helped(self):
        """Wait until what helps with writing has been read."""
        for _ in range(30):
            await asyncio.sleep(0.1)
            if self.app.desk.aids.vocabulary is not None:
                await self.pilot.pause()
                return
        pytest.fail("the aids were not read")

    def on_top(self):
        """The characters of the screen that is shown, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    async def at_picture(self, name):
        await self.until(lambda: self.session.item.name == f"{name}.png")


class Window:
    """A tmux of its own with one window, in which a command line of `annotate` runs."""

    def __init__(self, tmux, folder, line, begun):
        self._command = [str(tmux), "-L", f"annotate-{uuid.uuid4().hex}", "-f", "/dev/null"]
        self._folder, self._line, self._begun = folder, line, begun

    def tmux(self, *arguments):
        return subprocess.run(
            [*self._command, *arguments], check=True, capture_output=True, encoding="utf-8", timeout=20
        ).stdout

    def start(self, *more, **environment):
        """Start the command and give its process id as soon as it shows what it begins with."""
        app = shlex.join([sys.executable, "-P", "-m", "annotate", *self._line, *more])
        line = f"sh -c {shlex.quote(f'echo $$ > app.pid; exec {app}')}; echo $? > app.code"
        known = {"TERM": "tmux-256color", "COLORTERM": "truecolor", "HOME": os.environ["HOME"], "LANG": "C.UTF-8"}
        settings = [part for name, value in {**known, **environment}.items() for part in ("-e", f"{name}={value}")]
        size = ("-x", "80", "-y", "24")
        self.tmux("new-session", "-d", "-s", "one", *size, "-c", str(self._folder), *settings, line)
        self.until(lambda: re.search(self._begun, self.screen()))
        return int((self._folder / "app.pid").read_text())

    def type(self, text):
        self.tmux("send-keys", "-t", "one", "-l", "--", text)

    def press(self, key):
        self.tmux("send-keys", "-t", "one", key)

    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", "one")

    def underlined(self):
        """The words that are drawn underlined, in order."""
        shown = self.tmux("capture-pane", "-p", "-e", "-t", "one")
        return re.findall(r"\x1b\[(?:\d+;)*4m(?:\x1b\[[\d;]*m)*(\w+)", shown)

    def close(self):
        subprocess.run([*self._command, "kill-server"], capture_output=True, check=False)

    def exit_code(self):
        """Waits for the app's end. (tmux itself loses an exit code now and then.)"""
        code = self._folder / "app.code"
        self.until(lambda: code.exists() and code.read_text().strip())
        return int(code.read_text())

    def until(self, condition):
        end = time.monotonic() + 30
        while not condition():
            if time.monotonic() > end:
                pytest.fail(f"it did not happen within 30 seconds; the screen:\n{self.screen()}")
            time.sleep(0.05)


@pytest.fixture
def window(need):
    """`window(folder, ["tui", "--as", "ada"], "F1 Help")`: a Window that is closed after the test; not started yet."""
    need("textual")
    opened = []

    def make(folder, line, begun):
        opened.append(Window(need("tmux"), folder, line, begun))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


class Played:
    """A pseudo-terminal whose terminal the test plays: it answers what it is asked, and keeps all that is written."""

    def __init__(self, answers, cells, cell_px):
        self._answers = dict(answers)
        self.master, self.slave = os.openpty()
        (columns, rows), (width, height) = cells, cell_px
        size = struct.pack("4H", rows, columns, columns * width, rows * height)
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, size)
        self._written = bytearray()
        self._processes = []
        self._open = True
        self._thread = threading.Thread(target=self._play)
        self._thread.start()

    @property
    def written(self):
        """Everything that was written so far."""
        return bytes(self._written)

    def run(self, *line, **environment):
        """Start a program on the terminal."""
        surroundings = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
        for name in ("TMUX", "STY", "TERM_PROGRAM", "VTE_VERSION"):
            if name not in environment:
                surroundings.pop(name, None)
        files = dict.fromkeys(("stdin", "stdout", "stderr"), self.slave)
        process = subprocess.Popen(line, env=surroundings, start_new_session=True, **files)
        self._processes.append(process)
        return process

    def type(self, keys):
        os.write(self.master, keys.encode())

    def until(self, condition):
        end = time.monotonic() + 60
        while not condition(self.written):
            if time.monotonic() > end:
                pytest.fail(f"it did not happen within a minute; written: {self.written[-2000:]!r}")
            time.sleep(0.02)

    def settled(self):
        """What was written, once nothing more comes."""
        count = -1
        while count != len(self._written):
            count = len(self._written)
            time.sleep(0.5)
        return self.written

    def close(self):
        for process in self._processes:
            process.kill()
            process.wait()
        self._open = False
        self._thread.join()
        os.close(self.master)
        os.close(self.slave)

    def _play(self):
        seen = 0
        while self._open:
            if not select.select([self.master], [], [], 0.05)[0]:
                continue
            with suppress(OSError):
                self._written += os.read(self.master, 65536)
            asked = [(self._written.find(question, seen), question) for question in self._answers]
            for place, question in sorted(each for each in asked if each[0] >= 0):
                os.write(self.master, self._answers[question])
                seen = place + len(question)


@pytest.fixture
def play():
    """`play({question: answer})`: a terminal of 30 × 10 cells of 10 × 20 pixels that gives these answers."""
    played = []

    def start(answers, cells=(30, 10), cell_px=(10, 20)):
        played.append(Played(answers, cells, cell_px))
        return played[-1]

    yield start
    for terminal in played:
        terminal.close()
