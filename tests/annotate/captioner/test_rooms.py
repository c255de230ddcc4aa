"""The screens that are reached from the captioning screen, by their keys, down to what is in the store."""

import asyncio

import pytest

from annotate.progress.timebox import TimeBox
from curator.record import Member
from curator.store.captions import Writing


async def test_the_contact_sheet_shows_the_queue_and_leads_to_a_picture(crew, captioning):
    async with captioning(crew) as at:
        await at.type("a dog")
        await at.press("f5")
        await at.until(lambda: "last.png" in at.on_top())
        assert "~ bare.png" in at.on_top()
        assert "· by-ben.png" in at.on_top()
        await at.press("right", "l", "end", "enter")
        await at.at_picture("last")
        assert crew.draft("bare") == "a dog"
        await at.press("f5", "home", "escape")
        assert at.session.item.name == "last.png"


async def test_a_sheet_of_more_pictures_than_fit_turns_pages(crew, captioning):
    async with captioning(crew, size=(40, 20)) as at:
        await at.press("f5")
        await at.until(lambda: "pictures 1 to 4 of 5" in at.on_top())
        await at.press("pagedown")
        await at.until(lambda: "pictures 5 to 5 of 5" in at.on_top())
        assert "bare.png" not in at.on_top()
        await at.press("escape")


async def test_a_filter_shows_only_what_matches(crew, captioning):
    async with captioning(crew) as at:
        await at.helped()
        await at.press("f9")
        await at.type("imported")
        await at.until(lambda: "matching: 2" in at.on_top())
        await at.press("enter")
        await at.at_picture("by-ben")
        assert [item.name for item in at.session.items] == ["by-ben.png", "by-ada.png"]
        assert "(filtered)" in at.shown("#top")
        await at.press("f9", "ctrl+u", "enter")
        await at.until(lambda: len(at.session.items) == 5)
        assert at.session.item.name == "by-ben.png", "one stays where one was"


async def test_a_wrong_filter_is_explained_and_nothing_changes(crew, captioning):
    async with captioning(crew) as at:
        await at.helped()
        await at.press("ctrl+f")
        await at.type("wrods:3")
        await at.until(lambda: "words" in at.on_top().partition("Enter shows")[0].partition("wrods:3")[2])
        await at.press("enter")
        assert len(at.app.screen_stack) == 3, "it cannot be applied"
        await at.press("ctrl+u")
        await at.type("walrus")
        await at.until(lambda: "matching: 0" in at.on_top())
        await at.press("enter")
        assert len(at.app.screen_stack) == 3
        await at.press("escape")
        assert len(at.session.items) == 5


async def test_what_others_wrote_of_a_blind_picture_cannot_be_filtered_for(crew, captioning):
    crew.write("shared", "a walrus", author="cem")
    async with captioning(crew) as at:
        await at.helped()
        await at.press("f9")
        await at.type("walrus")
        await at.until(lambda: "matching: 0" in at.on_top())


async def test_a_filter_can_be_given_at_the_start(crew, captioning):
    async with captioning(crew, show_only="name:last*") as at:
        await at.at_picture("last")
        assert len(at.session.items) == 1


async def test_a_filter_knows_of_what_was_just_submitted(crew, captioning):
    async with captioning(crew) as at:
        await at.helped()
        await at.type("a walrus")
        await at.press("ctrl+s")
        await at.at_picture("by-ben")
        await at.press("f9")
        await at.type("walrus")
        await at.until(lambda: "matching: 1" in at.on_top())


async def test_the_second_caption_of_a_picture_is_a_line_of_its_own(crew, captioning):
    async with captioning(crew) as at:
        await at.type("a dog")
        await at.press("ctrl+s", "pageup")
        await at.at_picture("bare")
        await at.press("f6")
        await at.until(lambda: at.session.slot == 1)
        assert at.editor.border_title == "Caption 2 of 2"
        assert at.editor.text == ""
        await at.type("seen from above")
        await at.press("ctrl+s")
        await at.at_picture("by-ben")
        lines = {(each.slot, each.text) for each in crew.store.captions.revisions(crew.images["bare"], "ada")}
        assert lines == {(0, "a dog"), (1, "seen from above")}


async def test_a_picture_that_needs_two_captions_is_done_after_the_second(crew, captioning):
    crew.configure("[captioning]\nslots = 2")
    async with captioning(crew) as at:
        await at.type("a dog")
        await at.press("ctrl+s")
        await at.until(lambda: at.session.slot == 1)
        assert crew.state("bare") == "open"
        assert at.session.item.name == "bare.png"
        await at.type("seen from above")
        await at.press("ctrl+s")
        await at.at_picture("by-ben")
        assert crew.state("bare") == "submitted"


async def test_the_draft_of_a_second_caption_is_kept_apart(crew, captioning):
    async with captioning(crew) as at:
        await at.type("a dog")
        await at.press("ctrl+s", "pageup", "f6")
        await at.until(lambda: at.session.slot == 1)
        await at.type("from ab")
        await at.press("pagedown")
        await at.at_picture("by-ben")
        draft = crew.store.captions.draft(crew.images["bare"], "ada", 1)
        assert draft.text == "from ab"
        assert crew.draft("bare") is None


async def test_a_machine_draft_is_shown_apart_and_named_as_source(crew, captioning):
    stored = crew.write("bare", "a hound on turf", author="blip", origin="draft:blip")
    async with captioning(crew) as at:
        assert at.editor.text == "", "it is no text of a person"
        assert "machine draft, blip" in at.on_top()
        await at.press("ctrl+g")
        assert at.editor.text == "a hound on turf"
        await at.type("!")
        await at.press("ctrl+s")
        await at.at_picture("by-ben")
        revision = crew.store.captions.revisions(crew.images["bare"], "ada")[0]
        assert (revision.text, revision.origin, revision.source) == ("a hound on turf!", "tui", stored.id)


async def test_a_machine_draft_of_a_blind_picture_is_hidden(crew, captioning):
    crew.write("shared", "a hound on turf", author="blip", origin="draft:blip")
    async with captioning(crew, place=crew.images["shared"]) as at:
        assert at.session.item.name == "shared.png"
        assert "hound" not in at.on_top()
        await at.press("ctrl+g")
        assert at.editor.text == ""


async def test_answers_are_kept_and_shown_again(crew, captioning):
    crew.configure('[attributes]\npose = ["sitting", "standing"]\ntags = []')
    async with captioning(crew) as at:
        await at.press("f8")
        await at.until(lambda: "pose" in at.on_top())
        await at.press("2", "down")
        await at.type("wet, old")
        await at.press("enter")
        await at.until(lambda: len(at.app.screen_stack) == 2)
        await at.until(lambda: crew.store.history.answers())
        assert crew.store.history.answers()[crew.images["bare"]] == {"pose": "standing", "tags": ["wet", "old"]}
        await at.press("f8")
        await at.until(lambda: "wet, old" in at.on_top())
        await at.press("escape")


async def test_find_and_replace_shows_changes_and_takes_back(crew, captioning):
    async with captioning(crew) as at:
        await at.type("a dog on grass")
        await at.press("ctrl+s")
        await at.at_picture("by-ben")
        await at.press("ctrl+r")
        await at.type("dog")
        await at.press("tab")
        await at.type("hound")
        await at.press("ctrl+s")
        assert crew.texts("bare") == ["a dog on grass"], "nothing is replaced unseen"
        await at.press("enter")
        await at.until(lambda: "a [-dog-]{+hound+} on grass" in at.on_top())
        await at.press("ctrl+s")
        await at.until(lambda: crew.texts("bare") == ["a dog on grass", "a hound on grass"])
        await at.press("ctrl+z")
        await at.until(lambda: crew.texts("bare")[-1] == "a dog on grass")
        await at.press("escape")
        await at.until(lambda: len(at.app.screen_stack) == 2)
        assert [batch.member for batch in crew.store.captions.batches()] == ["ada", "ada"]


async def test_ticks_say_what_they_are_without_colour(crew, captioning):
    async with captioning(crew) as at:
        await at.press("ctrl+r")
        await at.until(lambda: "whole words" in at.on_top())
        await at.press("tab", "tab", "space")
        await at.until(lambda: "[x] whole words" in at.on_top())
        assert "[ ] regular expression" in at.on_top()
        await at.press("space")
        await at.until(lambda: "[ ] whole words" in at.on_top())


async def test_a_recent_phrase_is_put_into_the_caption(crew, captioning):
    crew.write("last", "a small brown dog with a red collar")
    async with captioning(crew) as at:
        await at.helped()
        await at.press("ctrl+l")
        await at.until(lambda: "red collar" in at.on_top())
        await at.press("down", "enter")
        await at.until(lambda: at.editor.text == "with a red collar")
        await at.press("ctrl+l")
        await at.type("nothing like it")
        await at.press("enter")
        assert at.editor.text == "with a red collar"


async def test_progress_and_guide_are_a_key_away(crew, captioning):
    (crew.workspace.path / "GUIDE.md").write_text("# Ours\n\nSay **what** it is.\n", encoding="utf-8")
    async with captioning(crew) as at:
        await at.press("f10")
        await at.until(lambda: "cem" in at.on_top())
        assert "0/5" in at.on_top()
        await at.press("escape", "f12")
        await at.until(lambda: "Say what it is." in at.on_top())
        await at.press("escape")
        assert len(at.app.screen_stack) == 2


async def test_a_missing_guide_is_told(crew, captioning):
    async with captioning(crew) as at:
        await at.press("f12")
        await at.until(lambda: at.app._notifications)
        assert "GUIDE.md" in next(iter(at.app._notifications)).message


async def test_letters_are_keys_in_the_list_and_letters_in_the_caption(crew, captioning):
    async with captioning(crew) as at:
        await at.type("swf")
        assert at.editor.text == "swf"
        await at.press("tab", "s")
        await at.until(lambda: "pictures 1 to" in at.on_top())
        await at.press("escape", "w")
        await at.until(lambda: "Progress" in at.on_top())


async def test_looking_closely_zooms_and_comes_back(crew, captioning):
    async with captioning(crew) as at:
        look = at.app.screen_stack[1].query_one("#picture")
        await at.press("ctrl+o", "plus", "plus", "right", "l", "j")
        assert look.has_focus
        assert look.closeup.close
        await at.press("0")
        assert not look.closeup.close
        await at.press("minus", "i", "escape")
        assert at.editor.has_focus
        await at.press("pagedown")
        await at.at_picture("by-ben")
        assert not look.closeup.close, "the next picture is seen whole"


async def test_a_time_box_counts_in_the_first_line_and_says_when_time_is_up(crew, captioning):
    now = [0.0]
    box = TimeBox("ada", 10, goal=3, clock=lambda: now[0])
    async with captioning(crew, timebox=box) as at:
        await at.type("a dog")
        await at.press("ctrl+s")
        await at.at_picture("by-ben")
        await at.press("f4")
        await at.type("blurred")
        await at.press("enter")
        await at.at_picture("by-ada")
        assert (box.done, box.skipped) == (1, 1)
        assert "1/3" in at.shown("#top")
        now[0] = 601.0
        at.app.screen_stack[1]._tick()
        assert "time is up" in at.shown("#top")
        await at.until(lambda: [each.title for each in at.app._notifications] == ["Time is up"])


async def test_a_remark_is_made_while_one_writes_and_goes_when_it_is_mended(crew, captioning):
    async with captioning(crew) as at:
        await at.helped()
        await at.type("a smlal brown dog ")
        await at.until(lambda: "smlal" in at.shown("#remarks"))
        assert "small?" in at.shown("#remarks")
        await at.press("ctrl+u")
        await at.until(lambda: "smlal" not in at.shown("#remarks"))


async def test_a_word_of_the_team_is_offered_and_taken(crew, captioning):
    for number in range(3):
        crew.store.team.add(Member(f"m{number}"))
        crew.write("of-ben", "a xoloitzcuintli on grass", author="ben", base=_head(crew, "of-ben"))
    async with captioning(crew) as at:
        await at.helped()
        await at.type("a xolo")
        await at.until(lambda: at.editor.suggestion == "itzcuintli")
        await at.press("right")
        assert at.editor.text == "a xoloitzcuintli"


def _head(crew, name):
    revisions = crew.store.captions.revisions(crew.images[name], "ben")
    return revisions[-1].id if revisions else None


async def test_what_was_copied_from_another_picture_is_noticed(crew, captioning):
    crew.store.captions.submit(Writing(crew.images["of-ben"], "ben", "a black dog lying in the grass"))
    async with captioning(crew) as at:
        await at.helped()
        await at.type("a black dog lying in the grass")
        await at.until(lambda: "the same as of-ben.png" in at.shown("#remarks"))


@pytest.mark.parametrize("member", ["ben"])
def test_every_member_has_a_queue_of_their_own(crew, captioning, member):
    async def story():
        async with captioning(crew, member=member) as at:
            assert {item.name for item in at.session.items} == {"of-ben.png", "shared.png"}

    asyncio.run(story())
