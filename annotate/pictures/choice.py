"""Which way of painting pictures suits a terminal, and why."""

import re
from collections.abc import Mapping
from typing import get_args

from annotate.pictures.cells import USUAL_CELL_PX, Colours, Paint, Renderer
from annotate.pictures.terminal import Terminal
from curator.errors import ConfigError

RENDERERS: tuple[Renderer, ...] = get_args(Renderer)
SETTING = "CURATOR_PICTURES"
ASKED_FOR = "you asked for it"

WITH_PLACEHOLDERS = {"kitty": (0, 28), "ghostty": (1, 0)}
"""Terminals whose kitty graphics can stand among text, and since when. Others say yes to kitty's question as well."""

WITH_SEXTANTS = ("kitty", "ghostty", "wezterm", "foot", "contour")
"""Terminals that draw sextants themselves, whatever their font has."""

VTE_WITH_SEXTANTS = 6200


def wanted(value: str | None, where: str = SETTING) -> Renderer | None:
    """The renderer that a setting names; None where it is empty or `auto`. Raises ConfigError for an unknown name."""
    name = (value or "auto").strip().lower()
    if name == "auto":
        return None
    for renderer in RENDERERS:
        if renderer == name:
            return renderer
    raise ConfigError(
        f"{where} is {value!r}, which is no way to paint pictures", hint=f"use auto, {', '.join(RENDERERS)}"
    )


def asked_for(option: str | None, environment: Mapping[str, str]) -> Renderer | None:
    """The renderer that an option names, or else the environment. Raises ConfigError for an unknown name."""
    return wanted(environment.get(SETTING)) if option is None else wanted(option, "--pictures")


def needs_answers(asked: Renderer | None) -> bool:
    """Whether a terminal has to be asked what it can do; it may take its time to answer."""
    return asked in (None, "kitty", "sixel")


def choose(terminal: Terminal, asked: Renderer | None = None) -> Paint:
    """The best way to paint on a terminal, or the one that was asked for."""
    renderer, why = (asked, ASKED_FOR) if asked else _best(terminal)
    colours: Colours = "truecolor" if terminal.colours == "truecolor" else "256"
    return Paint(renderer, colours, terminal.cell_px or USUAL_CELL_PX, why)


def _best(terminal: Terminal) -> tuple[Renderer, str]:
    if not terminal.unicode:
        return "none", "text is not sent in UTF-8, so there are no block characters"
    if terminal.colours == "none":
        return "none", f"TERM is {terminal.term!r}"
    if terminal.no_color:
        return "shades", "NO_COLOR is set"
    if kitty_stands_in_text(terminal):
        return "kitty", f"{terminal.name} has them"
    if terminal.answers and terminal.answers.sixel and terminal.cell_px:
        return "sixel", f"{terminal.name} says that it has them"
    if terminal.colours == "16":
        return "shades", "the terminal announces no more than 16 colours (COLORTERM is not `truecolor`)"
    if draws_sextants(terminal):
        return "sextant", f"{terminal.name} draws them itself"
    return "half", "every terminal has them; finer ones need a font or a terminal that has them"


def kitty_stands_in_text(terminal: Terminal) -> bool:
    """Whether kitty's graphics are there and can be placed by characters, which stay where the text is."""
    if terminal.answers is None or terminal.answers.kitty != "OK":
        return False
    return any(_is(terminal.name, name, since) for name, since in WITH_PLACEHOLDERS.items())


def draws_sextants(terminal: Terminal) -> bool:
    """Whether sextants show on this terminal even where its font lacks them."""
    if terminal.multiplexer:
        return False
    known = any(_is(terminal.name, name, ()) for name in WITH_SEXTANTS)
    return known or terminal.vte >= VTE_WITH_SEXTANTS


def _is(full_name: str, name: str, since: tuple[int, ...]) -> bool:
    """Whether `full_name`, such as `kitty(0.35.2)` or `WezTerm 20240203`, is this program, and not an old version."""
    if not re.match(rf"(xterm-)?{name}\b", full_name, re.IGNORECASE):
        return False
    return tuple(map(int, re.findall(r"\d+", full_name)[:2])) >= since
