"""What this machine and terminal offer to those who caption, which way pictures are painted and why, and what to do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from annotate.pictures.cells import Paint, Renderer
from annotate.pictures.choice import ASKED_FOR, SETTING, choose, draws_sextants, kitty_stands_in_text
from annotate.pictures.shelf import Shelf
from annotate.pictures.terminal import Terminal
from annotate.pictures.viewer import command
from curator.errors import CuratorError


@dataclass(frozen=True)
class Report:
    """What was found."""

    terminal: Terminal
    paint: Paint
    cache: str
    """The folder of prepared thumbnails."""
    cache_writable: bool
    viewer: str | None
    """The program that opens a picture outside the terminal."""
    viewer_missing: str
    """Why there is none, and what to do; empty where there is one."""
    advice: tuple[str, ...]
    """What gives a better picture."""

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)

    def rows(self) -> list[tuple[str, str]]:
        """(what, how it is), for people."""
        seen, answers = self.terminal, self.terminal.answers
        rows = [
            ("pictures", self.paint.describe()),
            ("terminal", seen.name or "unknown"),
            ("size", _across(seen.size, "cells") or "no terminal"),
            ("cell", _across(seen.cell_px, "pixels") or "not known"),
            ("colours", seen.colours + (", but NO_COLOR is set" if seen.no_color else "")),
            ("TERM", seen.term or "not set"),
            ("multiplexer", seen.multiplexer or "none"),
            ("Unicode", "yes" if seen.unicode else "no"),
            ("kitty graphics", _kitty(seen)),
            ("sixel graphics", _sixel(seen)),
            ("sextants", "drawn by the terminal" if draws_sextants(seen) else "not known: depends on the font"),
        ]
        if answers and answers.attributes is not None:
            rows.append(("attributes", ";".join(map(str, answers.attributes))))
        return [
            *rows,
            ("thumbnails", self.cache if self.cache_writable else f"in memory only: {self.cache} is not writable"),
            ("viewer", self.viewer or self.viewer_missing),
            *(("better", line) for line in self.advice),
        ]


def examine(terminal: Terminal, asked: Renderer | None, shelf: Shelf, environment: Mapping[str, str]) -> Report:
    """Put together what is known; `asked` is the renderer that was chosen by hand."""
    paint = choose(terminal, asked)
    viewer, missing = None, ""
    try:
        viewer = " ".join(command(environment))
    except CuratorError as error:
        missing = f"none: {error.message}" + (f"; {error.hint}" if error.hint else "")
    writable = shelf.writable()
    return Report(terminal, paint, str(shelf.folder), writable, viewer, missing, tuple(_advice(terminal, paint)))


def _across(size: tuple[int, int] | None, unit: str) -> str:
    return f"{size[0]} × {size[1]} {unit}" if size else ""


def _kitty(terminal: Terminal) -> str:
    answers = terminal.answers
    if answers is None:
        return f"not asked: {terminal.silence}"
    if answers.kitty is None:
        return "no answer"
    if answers.kitty != "OK" or kitty_stands_in_text(terminal):
        return f"answered {answers.kitty}"
    return "answered OK, but not known to place pictures by characters, which this program needs"


def _sixel(terminal: Terminal) -> str:
    answers = terminal.answers
    if answers is None:
        return f"not asked: {terminal.silence}"
    if answers.attributes is None:
        return "no answer"
    if not answers.sixel:
        return "answered no"
    return "answered yes" if terminal.cell_px else "answered yes, but not how large a cell is, which this program needs"


def _advice(terminal: Terminal, paint: Paint) -> list[str]:
    """What would give a better picture, the largest gain first."""
    if terminal.size is None:
        return ["run it in the terminal you caption in: there is none here, so only the environment was looked at"]
    advice = []
    if paint.why == ASKED_FOR and choose(terminal).renderer != paint.renderer:
        advice.append(f"without {SETTING} and --pictures they would be painted {choose(terminal).describe()}")
    if not terminal.unicode:
        advice.append("set LANG to a UTF-8 locale, such as C.UTF-8")
    if terminal.no_color:
        advice.append("unset NO_COLOR, if you can, to see colours")
    elif terminal.colours != "truecolor":
        advice.append("if the terminal shows all colours, say so: export COLORTERM=truecolor")
    if terminal.multiplexer:
        advice.append(f"outside {terminal.multiplexer.split()[0]}, the terminal's own graphics can be used")
    if not paint.graphics and not terminal.multiplexer:
        advice.append("kitty, Ghostty, foot, WezTerm, Konsole and iTerm2 paint pictures themselves, pixel by pixel")
    if paint.renderer == "half" and terminal.unicode:
        advice.append(f"where your font has 🬗 and 🬵 as blocks, try {SETTING}=sextant; if not, {SETTING}=quadrant")
    return advice
