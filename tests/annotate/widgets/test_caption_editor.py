"""Editing by whole graphemes, suggestions, marks, and what is pasted."""

import asyncio

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.writing.lint.remark import Remark
from annotate.writing.vocabulary import Vocabulary

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
HARD = [
    "👨‍👩‍👧‍👦", "🇫🇷", "🇫🇷🇩🇪", "👍🏽", "👩🏿‍🚀", "🏳️‍🌈", "❤️", "1️⃣", ENGLAND, "e\u0301", "e\u0301\u0323\u0308",
    "각", "\u1112\u1161\u11ab",
    "กำ", "ที่", "สวัสดี", "क्षि", "x\u200d", "\u0301", "\N{ZERO WIDTH JOINER}", "🇫", "日本", "é", " ", "a", "word", ".",
]  # fmt: skip

SINGLE = [each for each in HARD if each.strip() and len(regex.findall(r"\X", f"x{each}")) == 2]
"""Those that are one grapheme, and stay one after a letter."""


def editor():
    from annotate.widgets.caption_editor import CaptionEditor

    return CaptionEditor({})


def edges(text):
    """The places between the graphemes of a text, all lines of it."""
    return [0, *(match.end() for match in regex.finditer(r"\X", text))]


def snapped(text, at):
    return next(place for place in edges(text) if place >= at)


class Model:
    """A text and a cursor in it, edited by the book."""

    def __init__(self, text):
        self.text, self.at = text, len(text)

    def insert(self, part):
        self.text, self.at = self.text[: self.at] + part + self.text[self.at :], self.at + len(part)
        self.at = snapped(self.text, self.at)

    def left(self):
        self.at = max((place for place in edges(self.text) if place < self.at), default=0)

    def right(self):
        self.at = min((place for place in edges(self.text) if place > self.at), default=len(self.text))

    def backspace(self):
        end = self.at
        self.left()
        self._cut(self.at, end)

    def delete(self):
        start = self.at
        self.right()
        self._cut(start, self.at)

    def _cut(self, start, end):
        self.text = self.text[:start] + self.text[end:]
        self.at = snapped(self.text, start)


STEPS = st.one_of(
    st.sampled_from(["left", "right", "backspace", "delete"]),
    st.tuples(st.just("insert"), st.sampled_from([*HARD, "\n"])),
)


def test_editing_is_by_whole_graphemes(showing):
    """Any sequence of edits gives what a plain model of \\X gives, on one line and over line ends."""

    async def story():
        async with showing(editor, (40, 10)) as (widget, _):
            calls = {
                "left": widget.action_cursor_left,
                "right": widget.action_cursor_right,
                "backspace": widget.action_delete_left,
                "delete": widget.action_delete_right,
            }

            @settings(max_examples=150)
            @given(st.lists(st.sampled_from([*HARD, "\n"]), max_size=5), st.lists(STEPS, max_size=12))
            def edits(parts, steps):
                text = "".join(parts)
                widget.show(text)
                model = Model(text)
                for step in steps:
                    if isinstance(step, tuple):
                        widget._replace_via_keyboard(step[1], *widget.selection)
                        model.insert(step[1])
                    else:
                        calls[step]()
                        getattr(model, step)()
                    assert (widget.text, widget.cursor_index) == (model.text, model.at)
                widget.text.encode()

            edits()

    asyncio.run(story())


@pytest.mark.parametrize("around", ["x{}y", "x\n{}\ny", "{}"], ids=["in a line", "a line", "alone"])
def test_each_way_takes_one_grapheme(showing, around):
    async def story():
        async with showing(editor, (40, 10)) as (widget, _):
            left, right = widget.action_cursor_left, widget.action_cursor_right
            ways = (
                [widget.action_delete_left],
                [left, widget.action_delete_right],
                [lambda: left(select=True), widget.action_delete_left],
                [left, lambda: right(select=True), widget.action_delete_right],
                [left, right, widget.action_delete_left],
                [lambda: left(select=True), widget.action_cut],
            )
            for hard in SINGLE:
                text = around.format(hard)
                for way in ways:
                    widget.show(text, text.index(hard) + len(hard))
                    for each in way:
                        each()
                    assert widget.text == around.format(""), (hard, ways.index(way))

    asyncio.run(story())


def test_keys_take_one_grapheme(showing):
    async def story():
        async with showing(editor, (40, 10)) as (widget, pilot):
            widget.focus()
            for keys in (("backspace",), ("left", "delete"), ("shift+left", "backspace"), ("left", "shift+right", "z")):
                widget.show("x👨‍👩‍👧y", 6)
                await pilot.press(*keys)
                assert widget.text == ("xzy" if "z" in keys else "xy")

    asyncio.run(story())


@pytest.mark.parametrize("hard", ["👨‍👩‍👧", "🇫🇷", "e\u0301", "\u1112\u1161\u11ab", "ที่"])
def test_a_cursor_never_stands_within_a_grapheme(showing, hard):
    async def story():
        text = f"abc\nx{hard * 3}y\nabcdefgh"
        async with showing(editor, (40, 10)) as (widget, pilot):
            widget.focus()
            for row, column in ((0, 2), (0, 3), (2, 3), (2, 5), (2, 7)):
                widget.show(text)
                widget.move_cursor((row, column))
                await pilot.press("down" if row == 0 else "up")
                assert widget.cursor_index in edges(text)
            for index in range(len(text)):
                widget.show(text, index)
                assert widget.cursor_index in edges(text)
            for offset in range(12):
                await pilot.click(widget, offset=(2 + offset, 2))
                assert widget.cursor_index in edges(text)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("a small dog", ("ctrl+w",), "a small "),
        ("a small dog", ("ctrl+w", "ctrl+w"), "a "),
        ("so 👍🏽👨‍👩‍👧", ("ctrl+w",), "so "),
        ("a cafe\u0301", ("ctrl+w",), "a "),
        ("a ที่", ("ctrl+w",), "a "),
        ("a \u1112\u1161\u11ab", ("ctrl+w",), "a "),
        ("a\nb", ("ctrl+w", "ctrl+w"), "a"),
        ("a cafe\u0301 b", ("home", "ctrl+right", "ctrl+right", "ctrl+k"), "a cafe\u0301"),
        ("a cafe\u0301 b", ("home", "ctrl+right", "alt+delete"), "a b"),
        ("a 🇫🇷 b", ("ctrl+left", "ctrl+left", "ctrl+u"), "🇫🇷 b"),
        ("a 🇫🇷", ("ctrl+shift+left", "backspace"), "a "),
    ],
)
def test_words(showing, text, keys, expected):
    async def story():
        async with showing(editor, (40, 10)) as (widget, pilot):
            widget.focus()
            widget.show(text)
            await pilot.press(*keys)
            assert widget.text == expected

    asyncio.run(story())


def test_a_grapheme_under_the_cursor_is_drawn_in_one_piece(showing):
    async def story():
        family = "👨‍👩‍👧"
        async with showing(editor, (40, 10)) as (widget, pilot):
            widget.focus()
            widget.show(f"a {family} b", 2)
            await pilot.pause()
            drawn = [segment.text for line in range(3) for segment in widget.render_line(line)]
            assert any(family in text for text in drawn)
            widget.show_remarks([Remark("misspelt", "warning", "no", (3, 5))])
            await pilot.pause()
            assert any(family in segment.text for segment in widget.render_line(0))

    asyncio.run(story())


def underlined(widget, row=0):
    return "".join(
        segment.text
        for segment in widget.render_line(row)
        if segment.style and (segment.style.underline or segment.style.strike)
    )


def test_remarks_are_underlined_until_the_text_before_them_changes(showing, monkeypatch):
    async def story():
        async with showing(editor, (40, 10)) as (widget, pilot):
            text = "é a doog and a caat"
            widget.show(text)
            widget.show_remarks(
                [
                    Remark("misspelt", "warning", "", (4, 8)),
                    Remark("misspelt", "warning", "", (15, 19)),
                    Remark("short", "hint", ""),
                ]
            )
            await pilot.pause()
            assert underlined(widget) == "doogcaat"
            widget.focus()
            await pilot.press("x")
            assert underlined(widget) == "doogcaat"
            await pilot.press("home", "y")
            assert underlined(widget) == ""
            widget.show("another doog")
            assert underlined(widget) == ""

    monkeypatch.setenv("NO_COLOR", "1")
    asyncio.run(story())


def test_remarks_reach_over_lines_and_cut_off_text_is_struck_out(showing):
    async def story():
        async with showing(editor, (40, 10)) as (widget, pilot):
            widget.show("a dog\nand a cat")
            widget.show_remarks(
                [Remark("glide-tokens", "warning", "", (2, 9)), Remark("clip-tokens", "warning", "", (0, 15))]
            )
            await pilot.pause()
            assert underlined(widget, 0) == "dog"
            assert underlined(widget, 1) == "and"

    asyncio.run(story())


def test_a_word_is_offered_taken_and_forgotten(showing):
    async def story():
        words = Vocabulary(["a dalmatian", "a dalmatian"])
        async with showing(editor, (40, 10)) as (widget, pilot):

            def offer():
                widget.offer(words.rest(widget.text, widget.cursor_index))

            widget.focus()
            widget.show("dal")
            offer()
            assert widget.suggestion == ""  # nobody has typed yet
            await pilot.press("m")
            offer()
            assert widget.suggestion == "atian"
            assert "dalmatian" in "".join(segment.text for segment in widget.render_line(0))
            assert widget.caption == "dalm"
            await pilot.press("left")
            assert widget.suggestion == ""
            await pilot.press("right")
            assert widget.caption == "dalm"
            offer()
            await pilot.press("a")
            assert widget.suggestion == "tian"
            await pilot.press("right")
            assert (widget.caption, widget.suggestion, widget.cursor_index) == ("dalmatian", "", 9)
            await pilot.press("backspace")
            offer()
            assert widget.accept_suggestion()
            assert not widget.accept_suggestion()
            await pilot.press("backspace")
            offer()
            await pilot.press("shift+right", "x")
            assert widget.caption == "dalmatiax"

    asyncio.run(story())


def test_nothing_is_offered_within_a_line(showing):
    async def story():
        async with showing(editor, (40, 10)) as (widget, pilot):
            widget.focus()
            widget.show("a ")
            await pilot.press("d", "space", "b", "left", "left")
            widget.offer("og")
            assert widget.suggestion == ""

    asyncio.run(story())


def test_what_is_pasted_is_cleaned_and_said(showing):
    async def story():
        from textual import events

        async with showing(editor, (60, 12)) as (widget, pilot):
            widget.focus()
            widget.show("x")
            widget.post_message(events.Paste("\x1b[31mcafe\u0301\r\nau\x00 lait\x1b[0m"))
            await pilot.pause()
            assert widget.text == "xcafé\nau lait"
            assert widget.cursor_index == len(widget.text)
            (said,) = pilot.app._notifications
            for part in ("2 control sequences", "1 line break", "1 hidden character", "accents"):
                assert part in said.message
            pilot.app.copy_to_clipboard("\ta")
            await pilot.press("ctrl+v")
            assert widget.text.endswith("lait a")
            widget.post_message(events.Paste("plain"))
            await pilot.pause()
            assert len(pilot.app._notifications) == 2

    asyncio.run(story())


@pytest.mark.parametrize(
    ("text", "cursor", "expected"),
    [
        ("", 0, "with a ball"),
        ("a dog", 5, "a dog with a ball"),
        ("a dog ", 6, "a dog with a ball"),
        ("dog", 0, "with a balldog"),
    ],
)
def test_a_phrase_stands_apart_from_the_word_before(showing, text, cursor, expected):
    async def story():
        async with showing(editor, (40, 10)) as (widget, _):
            widget.show(text, cursor)
            widget.put("with a ball")
            assert widget.text == expected

    asyncio.run(story())


def test_what_is_loaded_stays_as_it_is_until_it_is_touched(showing):
    async def story():
        async with showing(editor, (40, 10)) as (widget, pilot):
            widget.focus()
            for text in ("cafe\u0301", "a\x0bb", "a\r\nb", "a\x1b[31m"):
                widget.show(text)
                assert widget.caption == text
            widget.show("cafe\u0301")
            await pilot.press("s")
            assert widget.caption == "cafe\u0301s"

    asyncio.run(story())
