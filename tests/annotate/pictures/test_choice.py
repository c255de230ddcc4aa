from dataclasses import replace

import pytest

from annotate.pictures.choice import RENDERERS, asked_for, choose, wanted
from annotate.pictures.terminal import Answers, Terminal
from curator.errors import ConfigError

PLAIN = Terminal("xterm-256color", "xterm", "truecolor", no_color=False, unicode=True, cell_px=(9, 18))


def terminal(name="xterm", **more):
    answers = {key: more.pop(key) for key in ("kitty", "attributes") if key in more}
    return replace(PLAIN, name=name, answers=Answers(name, **answers) if answers else None, **more)


@pytest.mark.parametrize(
    ("seen", "renderer", "colours"),
    [
        (terminal(), "half", "truecolor"),
        (terminal(colours="256"), "half", "256"),
        (terminal(colours="16"), "shades", "256"),
        (terminal(no_color=True), "shades", "truecolor"),
        (terminal("kitty(0.35.2)", no_color=True, kitty="OK"), "shades", "truecolor"),
        (terminal(colours="none"), "none", "256"),
        (terminal(unicode=False), "none", "truecolor"),
        (terminal("kitty(0.35.2)", kitty="OK"), "kitty", "truecolor"),
        (terminal("kitty(0.28.0)", kitty="OK", colours="16"), "kitty", "256"),
        (terminal("ghostty 1.1.0", kitty="OK"), "kitty", "truecolor"),
        (terminal("kitty(0.27.1)", kitty="OK"), "sextant", "truecolor"),
        (terminal("kitty(0.35.2)", kitty="ENODATA"), "sextant", "truecolor"),
        (terminal("kitten 1.0", kitty="OK"), "half", "truecolor"),
        (terminal("WezTerm 20240203", kitty="OK", attributes=(65, 4, 6)), "sixel", "truecolor"),
        (terminal("XTerm(379)", attributes=(64, 4)), "sixel", "truecolor"),
        (terminal("XTerm(379)", attributes=(64, 4), cell_px=None), "half", "truecolor"),
        (terminal("XTerm(379)", attributes=(64, 22)), "half", "truecolor"),
        (terminal("tmux 3.5", attributes=(1, 2, 4), multiplexer="tmux 3.5"), "sixel", "truecolor"),
        (terminal("foot(1.16.2)", attributes=(62, 22)), "sextant", "truecolor"),
        (terminal(vte=6800), "sextant", "truecolor"),
        (terminal(vte=6100), "half", "truecolor"),
        (terminal("kitty", multiplexer="tmux"), "half", "truecolor"),
    ],
    ids=[
        "plain", "256", "16", "no-color", "no-color on kitty", "dumb", "latin-1", "kitty",
        "kitty, few colours announced", "ghostty", "kitty before placeholders", "kitty that refuses",
        "a name that only begins so",
        "kitty's protocol without placeholders", "xterm", "unknown cell", "no sixel", "tmux with sixel",
        "foot without sixel", "vte", "old vte", "tmux around",
    ],
)  # fmt: skip
def test_the_best_there_is(seen, renderer, colours):
    paint = choose(seen)
    assert (paint.renderer, paint.colours) == (renderer, colours)
    assert paint.why


@pytest.mark.parametrize("renderer", RENDERERS)
def test_who_asks_gets_it_in_the_colours_there_are(renderer):
    paint = choose(terminal(colours="256"), renderer)
    assert (paint.renderer, paint.colours, paint.cell_px, paint.why) == (renderer, "256", (9, 18), "you asked for it")


def test_without_a_known_cell_it_is_twice_as_high_as_wide():
    assert choose(terminal(cell_px=None)).cell_px == (10, 20)


@pytest.mark.parametrize(
    ("option", "environment", "renderer"),
    [
        (None, {}, None),
        (None, {"CURATOR_PICTURES": ""}, None),
        (None, {"CURATOR_PICTURES": " Sextant "}, "sextant"),
        ("half", {"CURATOR_PICTURES": "sextant"}, "half"),
        ("auto", {"CURATOR_PICTURES": "sextant"}, None),
    ],
    ids=["nothing", "empty", "environment", "option first", "option says auto"],
)
def test_the_option_comes_before_the_environment(option, environment, renderer):
    assert asked_for(option, environment) == renderer


def test_an_unknown_way_is_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match="CURATOR_PICTURES is 'ascii'") as error:
        wanted("ascii")
    assert all(renderer in error.value.hint for renderer in RENDERERS)
    with pytest.raises(ConfigError, match="--pictures is"):
        asked_for("ascii", {})
