"""The adjudication app on a real pseudo-terminal, to its end and into the middle of a word."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
import uuid

import pytest

WHITE, BROWN = "a white dog on a sofa", "a brown dog on a sofa"


class Terminal:
    """A tmux of its own with one window that runs the app."""

    def __init__(self, tmux, folder):
        self._command = [str(tmux), "-L", f"adjudicate-{uuid.uuid4().hex}", "-f", "/dev/null"]
        self._folder = folder

    def tmux(self, *arguments):
        return subprocess.run(
            [*self._command, *arguments], check=True, capture_output=True, encoding="utf-8", timeout=20
        ).stdout

    def start(self, member="cem", **environment):
        """Start the app and give its process id as soon as it shows a case."""
        app = shlex.join([sys.executable, "-P", "-m", "annotate", "adjudicate", "--as", member, "--pictures", "half"])
        line = f"sh -c {shlex.quote(f'echo $$ > app.pid; exec {app}')}; echo $? > app.code"
        known = {"TERM": "tmux-256color", "COLORTERM": "truecolor", "HOME": os.environ["HOME"], "LANG": "C.UTF-8"}
        settings = [part for name, value in {**known, **environment}.items() for part in ("-e", f"{name}={value}")]
        size = ("-x", "80", "-y", "24")
        self.tmux("new-session", "-d", "-s", "one", *size, "-c", str(self._folder), *settings, line)
        self.until(lambda: "to decide" in self.screen() and "1 · A" in self.screen())
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
def disputed(crew):
    """`shared`, with captions of ada and ben that contradict each other."""
    crew.write("shared", WHITE)
    imported = crew.store.captions.revisions(crew.images["shared"], "ben")[-1]
    crew.write("shared", BROWN, "ben", base=imported.id)
    return crew


@pytest.fixture
def terminal(need, disputed):
    need("textual")
    terminal = Terminal(need("tmux"), disputed.workspace.path)
    yield terminal
    terminal.close()


def test_a_decision_at_a_real_terminal(disputed, terminal):
    terminal.start()
    shown = terminal.screen()
    assert "colour: brown / white" in shown
    assert WHITE in shown
    assert BROWN in shown
    assert not {"ada", "ben"} & set(shown.split())
    assert terminal.underlined() == ["white", "brown"]
    terminal.press("m")
    terminal.press("End")
    terminal.type("; 犬 😀 é")
    terminal.until(lambda: "犬" in terminal.screen())
    terminal.press("C-s")
    terminal.until(lambda: "Decide for this text?" in terminal.screen())
    terminal.type("both are right")
    terminal.press("Enter")
    terminal.until(lambda: "0 to decide" in terminal.screen())
    written = disputed.store.captions.revisions(disputed.images["shared"], "cem")[-1]
    assert written.text.endswith("; 犬 😀 é")
    assert (written.origin, written.reason) == ("adjudicated", "both are right")
    terminal.press("q")
    assert terminal.exit_code() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_asked_to_end_nothing_is_missing(disputed, terminal, number):
    process = terminal.start()
    terminal.press("e")
    terminal.type("a cream dog")
    terminal.until(lambda: "a cream dog" in terminal.screen())
    os.kill(process, number)
    assert terminal.exit_code() == 130
    assert disputed.draft("shared", "cem") == "a cream dog"


def test_killed_the_text_is_there_again(disputed, terminal):
    process = terminal.start()
    terminal.press("e")
    terminal.type("a cream dog")
    terminal.until(lambda: disputed.draft("shared", "cem") == "a cream dog")
    os.kill(process, signal.SIGKILL)
    assert terminal.exit_code() == 128 + signal.SIGKILL
    (disputed.workspace.path / "app.code").unlink()
    terminal.close()
    terminal.start()
    terminal.until(lambda: "a text of yours is kept" in terminal.screen())
    terminal.press("e")
    terminal.until(lambda: "a cream dog" in terminal.screen())


def test_without_colour(disputed, terminal):
    terminal.start(NO_COLOR="1", COLORTERM="")
    assert WHITE in terminal.screen()
    assert terminal.underlined() == ["white", "brown"]
