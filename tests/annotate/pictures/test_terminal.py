"""The app on a real pseudo-terminal, and what is on disk when it is ended in the middle of a word."""

import os
import random
import re
import shlex
import signal
import subprocess
import sys
import time
import uuid

import pytest

ALLOWED_S = 0.3
EVERY_S = 0.1
LETTERS = "abcdefghijklmnopqrstuvwxyz "


class Terminal:
    """A tmux of its own with one window."""

    def __init__(self, tmux, folder):
        self._command = [str(tmux), "-L", f"annotate-{uuid.uuid4().hex}", "-f", "/dev/null"]
        self._folder = folder

    def tmux(self, *arguments):
        return subprocess.run(
            [*self._command, *arguments], check=True, capture_output=True, encoding="utf-8", timeout=20
        ).stdout

    def start(self, member="ada"):
        """Start the app and give its process id as soon as it shows a picture."""
        app = shlex.join([sys.executable, "-P", "-m", "annotate", "tui", "--as", member])
        line = f"sh -c {shlex.quote(f'echo $$ > app.pid; exec {app}')}; echo $? > app.code"
        environment = {"TERM": "tmux-256color", "COLORTERM": "truecolor", "HOME": os.environ["HOME"], "LANG": "C.UTF-8"}
        settings = [part for name, value in environment.items() for part in ("-e", f"{name}={value}")]
        size = ("-x", "80", "-y", "24")
        self.tmux("new-session", "-d", "-s", "one", *size, "-c", str(self._folder), *settings, line)
        self.until(lambda: re.search(r"\d/128", self.screen()))
        return int((self._folder / "app.pid").read_text())

    def type(self, text):
        self.tmux("send-keys", "-t", "one", "-l", "--", text)

    def press(self, key):
        self.tmux("send-keys", "-t", "one", key)

    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", "one")

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
def terminal(need, crew):
    need("textual")
    terminal = Terminal(need("tmux"), crew.workspace.path)
    yield terminal
    terminal.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_killed_while_typing_at_most_the_last_letters_are_missing(crew, terminal, seed):
    chance = random.Random(seed)
    process = terminal.start()
    sent, stalled = [], 0.0
    due = time.monotonic()
    end = due + chance.uniform(1.0, 3.0)
    while due < end:
        letter = chance.choice(LETTERS)
        terminal.type(letter)
        sent.append((time.monotonic(), letter))
        due += EVERY_S
        time.sleep(max(0.0, min(due, end) - time.monotonic()))
        stalled = max(stalled, time.monotonic() - min(due, end))
    killed = time.monotonic()
    os.kill(process, signal.SIGKILL)
    assert terminal.exit_code() == 128 + signal.SIGKILL
    typed = "".join(letter for _, letter in sent)
    # A machine so busy that this loop falls behind holds the app up as well: by so much more may be missing.
    safe = "".join(letter for at, letter in sent if at < killed - ALLOWED_S - stalled)
    kept = crew.draft("bare") or ""
    assert typed.startswith(kept)
    assert len(kept) >= len(safe), f"typed {typed!r}, on disk {kept!r}, stalled for {stalled:.2f} s"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
def test_asked_to_end_nothing_is_missing(crew, terminal, number):
    process = terminal.start()
    terminal.type("a dog in the snow")
    terminal.until(lambda: "snow" in terminal.screen())
    os.kill(process, number)
    assert terminal.exit_code() == 130
    assert crew.draft("bare") == "a dog in the snow"


def test_a_closed_window_ends_the_app_and_keeps_the_draft(crew, terminal):
    process = terminal.start()
    terminal.type("a dog in the snow")
    terminal.until(lambda: "snow" in terminal.screen())
    terminal.close()

    def gone():
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        return False

    terminal.until(gone)
    assert crew.draft("bare") == "a dog in the snow"


def test_a_session_at_a_real_terminal(crew, terminal):
    terminal.start()
    terminal.type("ein Hund 犬 😀 é")
    terminal.press("C-s")
    terminal.type(", typed ahead")
    terminal.until(lambda: "typed ahead" in terminal.screen())
    assert crew.texts("bare") == ["ein Hund 犬 😀 é"]
    terminal.tmux("set-buffer", "-b", "clip", " and\npasted")
    terminal.tmux("paste-buffer", "-p", "-b", "clip", "-t", "one")
    terminal.until(lambda: "pasted" in terminal.screen())
    terminal.press("C-q")
    assert terminal.exit_code() == 0
    assert crew.draft("by-ben") == "imported from ben, typed ahead and\npasted"


def test_the_picture_is_painted_in_every_cell(crew, terminal):
    terminal.start()
    shown = terminal.tmux("capture-pane", "-p", "-e", "-N", "-t", "one").splitlines()[1:-1]
    assert len(shown) == 22
    assert all(line.count("▀") == 44 for line in shown)
    assert all("38;2;" in line for line in shown)
