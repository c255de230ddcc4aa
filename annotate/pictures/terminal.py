"""What a terminal says of itself: by its environment, and by its answers when it is asked. Knows no picture."""

import fcntl
import os
import re
import select
import struct
import termios
import time
import tty
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TextIO

Depth = Literal["truecolor", "256", "16", "none"]
"""How many colours a terminal has."""

ASK_NAME = b"\x1b[>q"
ASK_KITTY = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
ASK_CELL = b"\x1b[16t"
ASK_ATTRIBUTES = b"\x1b[c"
"""Every terminal answers this one, and answers come in the order of the questions: so it is asked last."""

TIMEOUT_S = 2.0
"""Only a terminal that answers nothing makes anyone wait so long; the answers of a far one may take a while."""

SIXEL = 4
"""Attribute of a terminal with sixel graphics (DEC, VT330/VT340 Programmer Reference Manual)."""

TMUX_WITH_SIXEL = (3, 4)

_NAME = re.compile(rb"\x1bP>\|([ -~]*)\x1b\\")
_KITTY = re.compile(rb"\x1b_Gi=31;([ -~]*)\x1b\\")
_CELL = re.compile(rb"\x1b\[6;(\d{1,4});(\d{1,4})t")
_ATTRIBUTES = re.compile(rb"\x1b\[\?([\d;]*)c")


@dataclass(frozen=True)
class Answers:
    """What a terminal answered; None where it said nothing to a question."""

    name: str | None = None
    """Name and version."""
    kitty: str | None = None
    """`OK` where kitty's graphics are understood, else why not."""
    cell_px: tuple[int, int] | None = None
    """Width and height of a cell."""
    attributes: tuple[int, ...] | None = None

    @property
    def sixel(self) -> bool:
        """Whether it says that it has sixel graphics."""
        return self.attributes is not None and SIXEL in self.attributes


@dataclass(frozen=True)
class Terminal:
    """A terminal, or the lack of one."""

    term: str
    """The variable TERM."""
    name: str
    """The best name known: as it answered, or as the environment says."""
    colours: Depth
    no_color: bool
    """NO_COLOR is set: whoever looks wants none."""
    unicode: bool
    """Whether text is sent in UTF-8."""
    multiplexer: str = ""
    """`tmux 3.4`, `tmux` where its version is not known, `screen`, or nothing."""
    size: tuple[int, int] | None = None
    """Columns and rows; None without a terminal."""
    cell_px: tuple[int, int] | None = None
    answers: Answers | None = None
    silence: str = ""
    """Why it was not asked."""
    vte: int = 0
    """Version of the VTE library (6800 is 0.68) where the terminal is made with it."""


def look(environment: Mapping[str, str], reading: TextIO | None, writing: TextIO | None) -> Terminal:
    """Look at the environment, and ask the terminal behind the two files, if there is one that can be asked.

    It is asked before an app takes the keyboard: what else comes in meanwhile is lost.
    """
    seen = describe(environment, writing)
    if reading is None or writing is None or not (reading.isatty() and writing.isatty()):
        return replace(seen, silence="there is no terminal: stdin or stderr is redirected")
    columns, rows, cell_px = size(writing.fileno())
    seen = replace(seen, size=(columns, rows), cell_px=cell_px, silence=silence(seen))
    if seen.silence:
        return seen
    kitty = b"" if seen.multiplexer else ASK_KITTY
    questions = ASK_NAME + kitty + ASK_CELL + ASK_ATTRIBUTES
    answers = parsed(ask(reading.fileno(), writing.fileno(), questions, TIMEOUT_S))
    return replace(seen, answers=answers, name=answers.name or seen.name, cell_px=cell_px or answers.cell_px)


def describe(environment: Mapping[str, str], writing: TextIO | None = None) -> Terminal:
    """A terminal as the environment alone describes it."""
    get = environment.get
    term, program = get("TERM", ""), get("TERM_PROGRAM", "")
    inside = multiplexer(environment)
    version = get("TERM_PROGRAM_VERSION", "")
    vte = "" if inside else get("VTE_VERSION", "")  # the variables of the terminal around a multiplexer reach into it
    encoding = (getattr(writing, "encoding", None) or "utf-8").lower()
    return Terminal(
        term=term,
        name=inside or f"{program} {version}".strip() or term,
        colours=depth(environment),
        no_color=bool(get("NO_COLOR")),
        unicode=encoding.startswith("utf"),
        multiplexer=inside,
        vte=int(vte) if vte.isdecimal() else 0,
    )


def depth(environment: Mapping[str, str]) -> Depth:
    """How many colours COLORTERM and TERM announce."""
    term = environment.get("TERM", "").strip().lower()
    if term in ("dumb", "unknown"):
        return "none"
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return "truecolor"
    return "256" if term.endswith("256color") or term.endswith("kitty") else "16"


def multiplexer(environment: Mapping[str, str]) -> str:
    """The multiplexer this runs in, with its version where it says it."""
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if environment.get("TMUX") or program == "tmux" or term.startswith("tmux"):
        version = environment.get("TERM_PROGRAM_VERSION", "") if program == "tmux" else ""
        return f"tmux {version}".strip()
    return "screen" if environment.get("STY") or term.startswith("screen") else ""


def silence(terminal: Terminal) -> str:
    """Why a terminal is better not asked; nothing where it can be."""
    if terminal.colours == "none":
        return f"TERM is {terminal.term!r}"
    if terminal.multiplexer == "screen":
        return "screen has no graphics and passes questions on as text"
    if terminal.multiplexer.startswith("tmux"):
        version = tuple(map(int, re.findall(r"\d+", terminal.multiplexer)[:2]))
        if version < TMUX_WITH_SIXEL:
            return f"{terminal.multiplexer} has no graphics (3.4 and later may have sixel)"
    return ""


def ask(reading: int, writing: int, questions: bytes, timeout_s: float) -> bytes:
    """What a terminal sends back until it has said its attributes, or `timeout_s` are over; its mode is put back."""
    before = termios.tcgetattr(reading)
    try:
        tty.setcbreak(reading, termios.TCSANOW)
        os.write(writing, questions)
        answer = b""
        end = time.monotonic() + timeout_s
        while not _ATTRIBUTES.search(answer) and (left := end - time.monotonic()) > 0:
            if select.select([reading], [], [], left)[0]:
                part = os.read(reading, 1024)
                if not part:
                    break
                answer += part
        return answer
    finally:
        termios.tcsetattr(reading, termios.TCSANOW, before)


def parsed(answer: bytes) -> Answers:
    """The answers among whatever came in."""
    name, kitty, cell, attributes = (each.search(answer) for each in (_NAME, _KITTY, _CELL, _ATTRIBUTES))
    height, width = map(int, cell.groups()) if cell else (0, 0)
    return Answers(
        name=name[1].decode() if name else None,
        kitty=kitty[1].decode() if kitty else None,
        cell_px=(width, height) if width and height else None,
        attributes=tuple(int(number) for number in attributes[1].split(b";") if number) if attributes else None,
    )


def size(file: int) -> tuple[int, int, tuple[int, int] | None]:
    """Columns, rows, and the size of a cell in pixels where the terminal tells the system."""
    rows, columns, width, height = struct.unpack("4H", fcntl.ioctl(file, termios.TIOCGWINSZ, bytes(8)))
    cell = (width // columns, height // rows) if columns and rows else (0, 0)
    return columns, rows, cell if all(cell) else None
