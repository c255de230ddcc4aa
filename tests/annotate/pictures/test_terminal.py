import os
import termios
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.pictures.terminal import (
    ASK_ATTRIBUTES,
    ASK_CELL,
    ASK_KITTY,
    ASK_NAME,
    Answers,
    ask,
    depth,
    describe,
    look,
    multiplexer,
    parsed,
    silence,
)


def program(name, version):
    return {"TERM_PROGRAM": name, "TERM_PROGRAM_VERSION": version}


NOISE = b"typed ahead\x1b[A\x1b[?1;2y"


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"", Answers()),
        (b"\x1b[?1;2c", Answers(attributes=(1, 2))),
        (b"\x1bP>|tmux 3.4\x1b\\\x1b[?1;2;4c", Answers("tmux 3.4", attributes=(1, 2, 4))),
        (b"\x1bP>|kitty(0.35.2)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[6;20;9t\x1b[?62;c",
         Answers("kitty(0.35.2)", "OK", (9, 20), (62,))),
        (b"\x1b_Gi=31;ENOTSUPPORTED:no\x1b\\\x1b[?c", Answers(kitty="ENOTSUPPORTED:no", attributes=())),
        (b"\x1b_Gi=32;OK\x1b\\\x1b[6;0;0t", Answers()),
        (NOISE + b"\x1b[?64;4c" + NOISE, Answers(attributes=(64, 4))),
    ],
    ids=["nothing", "attributes", "tmux", "kitty", "refused", "another's answer, no size", "amid other things"],
)  # fmt: skip
def test_answers_are_found(answer, found):
    assert parsed(answer) == found


@given(st.binary(max_size=200) | st.text("\x1b[?;c0123456789tG_P>|\\", max_size=80).map(str.encode))
def test_whatever_comes_in_is_no_error(answer):
    found = parsed(answer)
    assert found.attributes is None or all(number >= 0 for number in found.attributes)


@pytest.mark.parametrize(
    ("attributes", "sixel"), [((64, 1, 4), True), ((4,), True), ((64, 14, 40), False), ((), False), (None, False)]
)
def test_sixel_is_attribute_4(attributes, sixel):
    assert Answers(attributes=attributes).sixel is sixel


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, "truecolor"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, "256"),
        ({"TERM": "xterm-kitty"}, "256"),
        ({"TERM": "linux"}, "16"),
        ({}, "16"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, "none"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else " ".join(value.values()),
)
def test_how_many_colours_are_announced(environment, colours):
    assert depth(environment) == colours


@pytest.mark.parametrize(
    ("environment", "inside", "asked"),
    [
        ({"TERM": "xterm-256color"}, "", True),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/t", **program("tmux", "3.3a")}, "tmux 3.3a", False),
        ({"TERM": "screen-256color", "TMUX": "/tmp/t", **program("tmux", "3.4")}, "tmux 3.4", True),
        ({"TERM": "tmux-256color", "TMUX": "/t", **program("tmux", "next-3.6")}, "tmux next-3.6", True),
        ({"TERM": "tmux-256color"}, "tmux", False),
        ({"TERM": "xterm-256color", "TMUX": "/tmp/t", **program("iTerm.app", "3.5")}, "tmux", False),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts"}, "screen", False),
        ({"TERM": "xterm-256color", "STY": "1.pts"}, "screen", False),
        ({"TERM": "dumb"}, "", False),
    ],
    ids=["none", "tmux 3.3a", "tmux 3.4", "tmux to come", "tmux far away", "tmux of unknown version", "screen",
         "screen by STY", "dumb"],
)  # fmt: skip
def test_who_is_asked(environment, inside, asked):
    assert multiplexer(environment) == inside
    assert (silence(describe(environment)) == "") is asked


def test_the_environment_alone():
    seen = describe(
        {"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm", "TERM_PROGRAM_VERSION": "2024", "VTE_VERSION": "x"}
    )
    assert (seen.name, seen.unicode, seen.no_color, seen.vte) == ("WezTerm 2024", True, False, 0)
    assert describe({"TERM": "xterm-256color", "VTE_VERSION": "6800"}).vte == 6800
    assert describe({"TERM": "tmux-256color", "VTE_VERSION": "6800"}).vte == 0, "it is the terminal around tmux"
    assert describe({"NO_COLOR": "1"}).no_color
    assert not describe({"NO_COLOR": ""}).no_color


@pytest.fixture
def line():
    """(the terminal's end, the program's end) of a pseudo-terminal."""
    ends = os.openpty()
    yield ends
    for end in ends:
        os.close(end)


def test_asking_reads_up_to_the_last_answer_and_puts_the_mode_back(line):
    master, slave = line
    before = termios.tcgetattr(slave)

    def answer():
        asked = b""
        while ASK_ATTRIBUTES not in asked:
            asked += os.read(master, 100)
        assert not termios.tcgetattr(slave)[3] & (termios.ECHO | termios.ICANON)
        for part in (b"\x1bP>|foot", b"(1.16.2)\x1b\\", b"\x1b[?62;", b"4c"):
            os.write(master, part)
            time.sleep(0.02)

    terminal = threading.Thread(target=answer)
    terminal.start()
    found = ask(slave, slave, ASK_NAME + ASK_ATTRIBUTES, 30)
    terminal.join()
    assert parsed(found) == Answers("foot(1.16.2)", attributes=(62, 4))
    assert termios.tcgetattr(slave) == before


def test_a_terminal_that_says_nothing_is_not_waited_for_long(line):
    _, slave = line
    before = termios.tcgetattr(slave)
    assert ask(slave, slave, ASK_ATTRIBUTES, 0.05) == b""
    assert termios.tcgetattr(slave) == before


def test_a_terminal_is_asked_all_questions_at_once(play):
    answers = {
        ASK_NAME: b"\x1bP>|ghostty 1.1.0\x1b\\",
        ASK_KITTY: b"\x1b_Gi=31;OK\x1b\\",
        ASK_CELL: b"\x1b[6;18;9t",
        ASK_ATTRIBUTES: b"\x1b[?62;22c",
    }
    for cell_px, found in (((0, 0), (9, 18)), ((10, 20), (10, 20))):
        terminal = play(answers, cell_px=cell_px)
        with open(os.dup(terminal.slave)) as reading, open(os.dup(terminal.slave), "w") as writing:
            seen = look({"TERM": "xterm-ghostty", "COLORTERM": "truecolor"}, reading, writing)
        assert seen.answers == Answers("ghostty 1.1.0", "OK", (9, 18), (62, 22))
        assert (seen.name, seen.size, seen.cell_px) == ("ghostty 1.1.0", (30, 10), found)


def test_kitty_is_not_asked_for_within_tmux_and_screen_is_not_asked_at_all(play):
    tmux = {"TERM": "tmux-256color", "TMUX": "/tmp/t", **program("tmux", "3.5")}
    for environment, asked in ((tmux, [ASK_NAME, ASK_ATTRIBUTES]), ({"TERM": "screen"}, [])):
        terminal = play({ASK_ATTRIBUTES: b"\x1b[?1;2;4c"})
        with open(os.dup(terminal.slave)) as reading, open(os.dup(terminal.slave), "w") as writing:
            seen = look(environment, reading, writing)
        assert all(question in terminal.written for question in asked)
        assert ASK_KITTY not in terminal.written
        assert bool(seen.answers) is bool(asked)
    assert terminal.written == b""


def test_without_a_terminal_nobody_is_asked(tmp_path):
    with (tmp_path / "out").open("w+") as file:
        seen = look({"TERM": "xterm-kitty"}, file, file)
    assert (tmp_path / "out").read_text() == ""
    assert (seen.size, seen.answers) == (None, None)
    assert "redirected" in seen.silence
    assert "redirected" in look({}, None, None).silence
