"""The adjudication app on a real pseudo-terminal, to its end and into the middle of a word."""

import os
import signal

import pytest

WHITE, BROWN = "a white dog on a sofa", "a brown dog on a sofa"


@pytest.fixture
def disputed(crew):
    """`shared`, with captions of ada and ben that contradict each other."""
    crew.write("shared", WHITE)
    imported = crew.store.captions.revisions(crew.images["shared"], "ben")[-1]
    crew.write("shared", BROWN, "ben", base=imported.id)
    return crew


@pytest.fixture
def terminal(window, disputed):
    return window(
        disputed.workspace.path, ["adjudicate", "--as", "cem", "--pictures", "half"], r"to decide[\s\S]*1 · A"
    )


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
