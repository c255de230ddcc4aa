"""The app on a real pseudo-terminal, and what is on disk when it is ended in the middle of a word."""

import os
import random
import signal
import time

import pytest

ALLOWED_S = 0.3
EVERY_S = 0.1
LETTERS = "abcdefghijklmnopqrstuvwxyz "


@pytest.fixture
def terminal(window, crew):
    return window(crew.workspace.path, ["tui", "--as", "ada"], r"\d/128")


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
