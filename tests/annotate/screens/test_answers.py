"""The form, by its keys."""

import asyncio

import pytest

from annotate.writing.answers import Answers

ATTRIBUTES = {"pose": ("sitting", "standing", "lying"), "tags": (), "place": tuple(f"place{at}" for at in range(12))}
BEFORE = Answers({"pose": "lying", "tags": ("two dogs",), "rating": 4})
NOTHING = object()


def answered(need, *keys, before=BEFORE, attributes=ATTRIBUTES, size=(80, 24), monkeypatch=None):
    """What the form hands over after some keys (NOTHING while it is open), and the lines on the screen before."""
    need("textual")
    result = [NOTHING]
    lines = []

    async def story():
        from textual.app import App

        from annotate.screens.answers import AnswersScreen

        async with App().run_test(size=size) as pilot:
            pilot.app.push_screen(AnswersScreen("a/01.png", attributes, before), result.append)
            await pilot.pause()
            for key in keys:
                lines[:] = [line.text for line in pilot.app.screen._compositor.render_strips()]
                await pilot.press(key)
            await pilot.pause()
            if result[-1] is NOTHING:
                lines[:] = [line.text for line in pilot.app.screen._compositor.render_strips()]
                lines.extend(each.title + each.message for each in pilot.app._notifications)

    asyncio.run(story())
    return result[-1], "\n".join(lines)


@pytest.mark.parametrize(
    ("keys", "key", "value"),
    [
        (("1",), "pose", "sitting"),
        (("0",), "pose", None),
        (("delete",), "pose", None),
        (("9",), "pose", "lying"),
        (("s",), "pose", "sitting"),
        (("s", "s"), "pose", "standing"),
        (("s", "s", "s"), "pose", "sitting"),
        (("x",), "pose", "lying"),
        (("right",), "pose", "sitting"),
        (("left",), "pose", "standing"),
        (("down", "end", "comma", "s", "n", "o", "w"), "tags", ("two dogs", "snow")),
        (("down", *["backspace"] * 8), "tags", None),
        (("down", "down", "right"), "place", "place0"),
        (("down", "down", "left"), "place", "place0"),
        (("down", "down", "9", "right", "right"), "place", "place10"),
        (("tab", "tab", "tab", "2"), "rating", 2),
        (("up", "up", "b", "a", "d"), "flag", "bad"),
        (("up", "h", "i", "space"), "note", "hi"),
    ],
)
def test_keys_answer(need, keys, key, value):
    found, _ = answered(need, *keys, "enter")
    assert found.get(key) == value
    assert found == BEFORE.having(key, value)


def test_enter_hands_over_and_escape_does_not(need):
    assert answered(need, "1", "escape")[0] is None
    assert answered(need, "enter")[0] == BEFORE
    assert answered(need)[0] is NOTHING


def test_what_is_not_allowed_is_said_and_nothing_is_lost(need):
    found, shown = answered(need, "1", "down", "end", "comma", *("x" * 41), "up", "enter")
    assert found is NOTHING
    assert "tags: 41 characters" in shown
    assert "at most 40" in shown
    assert "● sitting" in shown
    assert "> tags" in shown


def test_an_answer_that_the_settings_no_longer_hold_is_shown_and_kept(need):
    before = Answers({"pose": "running"})
    found, shown = answered(need, "down", "down", "enter", before=before)
    assert "● running" in shown
    assert found == before
    assert answered(need, "1", "enter", before=before)[0].get("pose") == "sitting"


def test_it_reads_without_colour_and_says_how(need, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    _, shown = answered(need, "down")
    for part in (
        "a/01.png · Enter saves · Esc leaves",
        "> tags",
        "words between commas",
        "3 ● lying",
        "1 ○ sitting",
        "two dogs",
    ):
        assert part in shown


@pytest.mark.parametrize("size", [(160, 48), (80, 24), (40, 12), (20, 6)], ids=str)
def test_every_question_can_be_reached_at_every_size(need, size):
    found, shown = answered(need, "up", "o", "k", "down", "2", "enter", size=size)
    assert (found.get("note"), found.get("pose")) == ("ok", "standing")
    assert "> pose" in shown


def test_hostile_names_are_freed_of_escapes(need):
    attributes = {"pose": ("a\x1b[31m", "b")}
    _, shown = answered(need, before=Answers({"note": "x\x1b[2J"}), attributes=attributes)
    assert "\x1b" not in shown
