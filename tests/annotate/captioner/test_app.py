"""Each flow through the app, by its keys, down to what is in the store."""

import asyncio
import sqlite3
from contextlib import closing

import pytest


async def test_write_submit_and_go_on(crew, captioning):
    async with captioning(crew) as at:
        await at.type("a dog")
        assert at.editor.text == "a dog"
        await at.press("ctrl+s")
        await at.at_picture("by-ben")
        assert crew.texts("bare") == ["a dog"]
        assert crew.state("bare") == "submitted"
        assert crew.draft("bare") is None
        revision = crew.store.captions.revisions(crew.images["bare"])[0]
        assert revision.origin == "tui"
        assert revision.seconds > 0
        assert at.editor.text == "imported from ben"
        assert "imported, by ben" in at.shown("#state")
        assert "4 open" in at.shown("#top")


async def test_an_empty_caption_is_refused(crew, captioning):
    async with captioning(crew) as at:
        await at.type("  ")
        await at.press("ctrl+s")
        await at.until(lambda: at.app._notifications)
        assert "empty" in next(iter(at.app._notifications)).message
        assert at.session.item.name == "bare.png"
        assert crew.texts("bare") == []
        assert at.editor.text == "  "


async def test_moving_keeps_drafts_and_undo(crew, captioning):
    async with captioning(crew) as at:
        await at.type("a dog")
        await at.press("pagedown")
        await at.at_picture("by-ben")
        assert crew.draft("bare") == "a dog"
        await at.press("ctrl+n")
        await at.at_picture("by-ada")
        await at.press("pageup", "ctrl+p")
        await at.at_picture("bare")
        assert at.editor.text == "a dog"
        await at.press("pageup")
        assert at.session.item.name == "bare.png"
        await at.press("ctrl+z")
        assert at.editor.text == "a "
        await at.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert at.editor.text == ""
        await at.until(lambda: crew.draft("bare") is None)
        await at.press("ctrl+y")
        assert at.editor.text == "a"
        await at.until(lambda: crew.draft("bare") == "a")


async def test_a_restart_goes_on_where_it_was(crew, captioning):
    from annotate.captioner.places import read_place

    async with captioning(crew) as at:
        await at.press("pagedown", "pagedown")
        await at.at_picture("by-ada")
        await at.type("!")
        await at.press("ctrl+q")
    async with captioning(crew, place=read_place(crew.workspace.path / "place.json")) as at:
        assert at.session.item.name == "by-ada.png"
        assert at.editor.text == "imported from ada!"
        await at.press("ctrl+z")
        assert at.editor.text == "imported from ada"


async def test_skip_asks_why(crew, captioning):
    async with captioning(crew) as at:
        await at.press("f4")
        await at.press("enter")
        assert "Say why" in str(at.screen.query_one("#keys").render())
        await at.press("escape")
        assert crew.state("bare") == "open"
        await at.press("ctrl+t")
        await at.type("not a dog")
        await at.press("enter")
        await at.at_picture("by-ben")
        task = next(task for task in crew.store.team.tasks("ada") if task.image == crew.images["bare"])
        assert (task.state, task.reason) == ("skipped", "not a dog")
        await at.press("pageup")
        await at.at_picture("bare")
        assert "skipped: not a dog" in at.shown("#state")


async def test_a_submitted_picture_is_not_skipped(crew, captioning):
    async with captioning(crew) as at:
        await at.type("a dog")
        await at.press("ctrl+s", "pageup")
        await at.at_picture("bare")
        await at.press("f4")
        assert at.screen is at.app.screen_stack[1]
        assert crew.state("bare") == "submitted"


async def test_a_conflict_shows_both_and_is_settled(crew, captioning):
    async with captioning(crew) as at:
        await at.type("mine")
        crew.write("bare", "from elsewhere")
        await at.press("ctrl+s")
        await at.until(lambda: at.session.conflict)
        assert "from elsewhere" in at.shown("#texts")
        assert "conflict" in at.shown("#state")
        assert at.editor.text == "mine"
        await at.press("ctrl+g")
        assert at.editor.text == "from elsewhere"
        await at.press("ctrl+z")
        assert at.editor.text == "mine"
        await at.press("ctrl+s")
        await at.at_picture("by-ben")
        assert crew.texts("bare") == ["from elsewhere", "mine", "mine"]


async def test_letters_before_and_after_a_key_stay_on_their_side(crew, captioning):
    from textual import events

    async with captioning(crew) as at:
        for key, letter in [("a", "a"), ("ctrl+s", None), ("b", "b"), ("pagedown", None), ("c", "c")]:
            at.app.post_message(events.Key(key, letter))
        await at.at_picture("by-ada")
        await at.until(lambda: at.editor.text.endswith("c"))
        assert crew.texts("bare") == ["a"]
        assert crew.draft("by-ben") == "imported from benb"
        assert at.editor.text == "imported from adac"


async def test_a_paste_is_one_step(crew, captioning):
    from textual import events

    async with captioning(crew) as at:
        await at.type("a ")
        at.app.post_message(events.Paste("big brown dog\nin the snow"))
        await at.until(lambda: "snow" in at.session.text)
        assert at.editor.text == "a big brown dog\nin the snow"
        await at.press("ctrl+z")
        assert at.editor.text == "a "


GRAPHEMES = {"family": "👨‍👩‍👧", "flag": "🇫🇷", "skin": "👍🏽", "accent": "e\u0301", "hangul": "한"}


@pytest.mark.parametrize("text", GRAPHEMES.values(), ids=GRAPHEMES)
def test_backspace_and_arrows_take_whole_graphemes(crew, captioning, text):
    async def story():
        async with captioning(crew) as at:
            at.editor.insert(f"x{text}y")
            await at.press("left", "left", "right", "backspace")
            assert at.editor.text == "xy"
            await at.press("ctrl+z", "home", "right", "delete")
            assert at.editor.text == "xy"

    asyncio.run(story())


async def test_the_list_is_walked_and_chosen_from(crew, captioning):
    async with captioning(crew) as at:
        await at.type("a")
        await at.press("f3", "j", "down", "k", "enter")
        await at.at_picture("by-ben")
        assert at.editor.has_focus
        assert crew.draft("bare") == "a"
        await at.press("tab", "end", "l")
        await at.at_picture("last")
        await at.press("f3", "home", "escape")
        assert at.editor.has_focus
        assert at.session.item.name == "last.png"


async def test_help_opens_everywhere_and_closes(crew, captioning):
    async with captioning(crew) as at:
        await at.press("f1")
        assert "Help" in at.screen.query_one("VerticalScroll").border_title
        await at.press("j", "q", "f3", "question_mark")
        assert at.screen is not at.app.screen_stack[1]
        await at.press("escape", "f3")
        await at.type("why?")
        assert at.session.text == "why?", "in the caption it is a letter"


async def test_all_done_is_said(crew, captioning):
    async with captioning(crew) as at:
        for name in ("bare", "by-ben", "by-ada", "shared", "last"):
            await at.at_picture(name)
            await at.type("x")
            await at.press("ctrl+s")
        await at.until(lambda: at.app._notifications)
        assert "5 submitted" in next(iter(at.app._notifications)).message
        assert "0 open" in at.shown("#top")


async def test_other_peoples_escapes_do_not_reach_the_terminal(crew, captioning):
    crew.write("by-ben", "red \x1b[31m\x07 alert", author="cem", origin="import")
    async with captioning(crew) as at:
        await at.press("pagedown")
        await at.at_picture("by-ben")
        lines = at.screen._compositor.render_strips()
        assert not any("\x1b" in segment.text or "\x07" in segment.text for line in lines for segment in line)
        assert any("red �[31m� alert" in line.text for line in lines)
        assert "control character" in at.shown("#state")
        await at.press("ctrl+s")
        await at.at_picture("by-ada")
        assert crew.texts("by-ben") == ["red \x1b[31m\x07 alert"], "it is stored as it came"


async def test_a_store_that_refuses_loses_nothing(crew, captioning):
    def rename(name, to):
        with closing(sqlite3.connect(crew.workspace.path / "curator.db")) as database:
            database.execute(f"ALTER TABLE {name} RENAME TO {to}")

    async with captioning(crew) as at:
        rename("draft", "away")
        await at.type("a dog")
        await at.until(lambda: at.app._notifications)
        assert "Your draft is not on disk" in {each.title for each in at.app._notifications}
        await at.press("ctrl+s")
        await at.press("pagedown")
        assert at.session.item.name == "bare.png"
        assert at.editor.text == "a dog"
        await at.press("ctrl+q")
        assert at.app.is_running, "leaving would lose the draft: it is said first"
        rename("away", "draft")
        await at.until(lambda: crew.draft("bare") == "a dog")
        await at.press("ctrl+s")
        await at.at_picture("by-ben")
        assert crew.texts("bare") == ["a dog"]


async def test_a_busy_store_does_not_block_the_keyboard(crew, captioning, monkeypatch):
    monkeypatch.setattr("annotate.screens.caption.PATIENCE_S", 0.1)
    async with captioning(crew) as at:
        with closing(sqlite3.connect(crew.workspace.path / "curator.db", isolation_level=None)) as other:
            await at.type("a dog")
            await at.until(lambda: crew.draft("bare") == "a dog")
            other.execute("BEGIN IMMEDIATE")
            await at.press("ctrl+s")
            await at.type("gy")
            await at.press("ctrl+s", "pagedown")
            assert at.editor.text == "a doggy"
            assert at.session.item.name == "bare.png"
            other.execute("ROLLBACK")
        await at.until(lambda: crew.texts("bare") == ["a dog"])
        await at.until(lambda: crew.draft("bare") == "a doggy")
        await at.press("ctrl+s")
        await at.at_picture("by-ben")
        first, second = crew.store.captions.revisions(crew.images["bare"])
        assert (second.text, second.base) == ("a doggy", first.id)


async def test_a_missing_picture_is_said_and_no_reason_to_stop(crew, captioning):
    for blob in (crew.workspace.blobs).rglob("*"):
        if blob.is_file():
            blob.unlink()
    async with captioning(crew) as at:
        await at.until(lambda: "missing" in at.shown("#picture"))
        await at.type("unseen")
        await at.press("ctrl+s")
        await at.at_picture("by-ben")
        assert crew.texts("bare") == ["unseen"]


async def test_tokens_are_counted_and_too_many_are_said(crew, captioning):
    async with captioning(crew) as at:
        await at.until(lambda: "0/128" in at.shown("#tokens"))
        at.editor.insert("dog " * 140)
        await at.until(lambda: "140/128" in at.shown("#tokens") or "141/128" in at.shown("#tokens"))
        assert "cut off" in at.shown("#tokens")


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (40, 15), (20, 6), (4, 2)], ids=str)
def test_every_size_shows_and_resizes(crew, captioning, size):
    async def story():
        async with captioning(crew, size=size) as at:
            await at.type("a dog")
            for width, height in ((100, 45), (30, 10), (5, 3), (120, 50), size):
                await at.pilot.resize_terminal(width, height)
                await at.pilot.pause()
            assert at.session.text == "a dog"
            if size[0] >= 80:
                shown = "\n".join(line.text for line in at.screen._compositor.render_strips())
                for word in ("dogs · ada", "picture 1 of 5", "bare.png", "a dog", "GLIDE", "Ctrl+S Submit", "F1 Help"):
                    assert word in shown

    asyncio.run(story())


@pytest.mark.parametrize(
    ("environment", "paint"),
    [
        ({}, "truecolor"),
        ({"COLORTERM": ""}, "256"),
        ({"NO_COLOR": "1"}, "shades"),
        ({"COLORTERM": "", "TERM": "dumb"}, "none"),
    ],
    ids=["truecolor", "256", "no-color", "dumb"],
)
def test_the_picture_is_painted_with_what_there_is(crew, captioning, monkeypatch, environment, paint):
    async def story():
        async with captioning(crew) as at:
            widget = at.app.screen_stack[1].query_one("#picture")
            assert paint in (at.app.paint.renderer, at.app.paint.colours)
            if paint in ("truecolor", "256"):
                await at.until(lambda: widget._lines)
                drawn = widget.render_lines(widget.size.region)
                code = "38;2" if paint == "truecolor" else "38;5"
                assert all(f"\x1b[{code};" in line.render(at.app.console) for line in drawn)
                assert {line.cell_length for line in drawn} == {widget.size.width}
            elif paint == "shades":
                await at.until(lambda: "█" in at.shown("#picture"))
            else:
                assert "bare.png" in at.shown("#picture")

    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    asyncio.run(story())


async def test_the_picture_under_a_modal_is_the_same_afterwards(crew, captioning):
    async with captioning(crew) as at:
        widget = at.app.screen_stack[1].query_one("#picture")
        await at.until(lambda: widget._lines)

        def colours():
            strips = at.app.screen_stack[1]._compositor.render_strips()
            return [[(each.text, each.style) for each in line.crop(0, widget.region.right)] for line in strips[1:-1]]

        before = colours()
        await at.press("f1", "escape")
        await at.pilot.resize_terminal(60, 20)
        await at.pilot.resize_terminal(80, 24)
        await at.pilot.pause()
        assert colours() == before
