"""Each flow through the adjudication app, by its keys, down to what is in the store."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from annotate.adjudication.decisions import read_cases
from curator.blobs import Blobs
from curator.record import Draft
from curator.store import open_store
from curator.workspace import Workspace

WHITE, BROWN = "a white dog on a sofa", "a brown dog on a sofa"


@pytest.fixture
def disputed(crew):
    """Two cases: `shared`, whose captions contradict each other, and `by-ben`, which is flagged."""
    crew.write("shared", WHITE)
    imported = crew.store.captions.revisions(crew.images["shared"], "ben")[-1]
    crew.write("shared", BROWN, "ben", base=imported.id)
    crew.store.history.answer(crew.images["by-ben"], "ada", "flag", "two dogs")
    return crew


@pytest.fixture
def deciding(need, monkeypatch):
    """`async with deciding(crew) as at:` runs the app without a terminal."""
    need("textual")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")

    @asynccontextmanager
    async def start(crew, member="cem", size=(80, 24), names=False):
        from annotate.adjudication.app import AdjudicateApp
        from annotate.adjudication.bench import Bench
        from annotate.adjudication.sitting import Sitting
        from annotate.captioner.scribe import Scribe
        from annotate.pictures.gallery import Gallery

        store = open_store(crew.workspace)
        config = crew.workspace.config
        sitting = Sitting(member, read_cases(store, config, member), store.captions.drafts(member), names)
        scribe = Scribe(store, member)
        app = AdjudicateApp(Bench(config, sitting, scribe, Gallery(Blobs(crew.workspace.blobs).read)))
        try:
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                yield Deciding(pilot, sitting)
        finally:
            scribe.close(5)
            store.close()

    return start


class Deciding:
    """A running app."""

    def __init__(self, pilot, sitting):
        self.pilot, self.app, self.sitting = pilot, pilot.app, sitting

    @property
    def case(self):
        return self.sitting.case.record.name

    @property
    def editor(self):
        return self.app.screen_stack[1].query_one("#verdict")

    def shown(self, selector):
        return str(self.app.screen_stack[1].query_one(selector).render())

    def frames(self):
        """(title, text) of each text that is shown."""
        return [
            (str(frame.border_title), str(frame.render()))
            for frame in self.app.screen_stack[1].query("#texts > Static")
            if frame.display
        ]

    def key_of(self, text):
        return str(next(number for number, (_, said) in enumerate(self.frames(), 1) if said == text))

    async def press(self, *keys):
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text):
        await self.pilot.press(*("space" if letter == " " else letter for letter in text))

    async def until(self, condition):
        for _ in range(500):
            if condition():
                return
            await asyncio.sleep(0.01)
            await self.pilot.pause()
        pytest.fail("it did not happen within five seconds")

    async def why(self, reason):
        """Give the reason that is asked for."""
        await self.until(lambda: type(self.app.screen).__name__ == "ReasonScreen")
        await self.type(reason)
        await self.press("enter")

    def told(self):
        return " ".join(note.message for note in self.app._notifications)


def newest(crew, picture):
    return crew.store.captions.revisions(crew.images[picture])[-1]


async def test_pick_with_a_reason(disputed, deciding):
    async with deciding(disputed) as at:
        assert at.case == "shared.png"
        assert "colour: " in at.shown("#why")
        assert sorted(text for _, text in at.frames()) == [BROWN, WHITE]
        await at.press(at.key_of(WHITE))
        await at.why("it is white")
        await at.until(lambda: at.case == "by-ben.png")
        written = newest(disputed, "shared")
        assert (written.author, written.origin, written.text, written.reason) == (
            "cem",
            "adjudicated",
            WHITE,
            "it is white",
        )
        assert disputed.store.captions.revisions(disputed.images["shared"], "ada")[-1].id == written.source
        assert written.seconds >= 0
        assert "1 to decide" in at.shown("#top")


async def test_names_are_told_only_once_it_is_decided(disputed, deciding):
    async with deciding(disputed) as at:
        assert not [title for title, _ in at.frames() if "ada" in title or "ben" in title]
        await at.press(at.key_of(WHITE))
        await at.why("so")
        await at.until(lambda: at.case == "by-ben.png")
        await at.press("p")
        await at.until(lambda: at.case == "shared.png")
        assert {title.split(" · ")[1] for title, _ in at.frames()} == {"ada ✓", "ben"}


async def test_names_if_asked_for(disputed, deciding):
    async with deciding(disputed, names=True) as at:
        assert {title.split(" · ")[1] for title, _ in at.frames()} == {"ada", "ben"}


async def test_what_differs_is_marked_without_colour(disputed, deciding):
    async with deciding(disputed) as at:
        drawn = [frame.render() for frame in at.app.screen_stack[1].query("#texts > Static") if frame.display]
        marks = [(text.plain[span.start : span.end], str(span.style)) for text in drawn for span in text.spans]
        assert sorted(marks) == [("brown", "bold underline"), ("white", "bold underline")]


async def test_no_reason_no_decision(disputed, deciding):
    async with deciding(disputed) as at:
        await at.press("1")
        await at.press("enter")
        assert "Say why" in str(at.app.screen.query_one("#keys").render())
        await at.press("escape")
        assert newest(disputed, "shared").origin == "tui"
        assert at.case == "shared.png"
        await at.press("9")
        assert "there is no text 9" in at.told()


async def test_a_reason_given_beforehand_is_not_asked_for_again(disputed, deciding):
    async with deciding(disputed) as at:
        await at.press("r")
        await at.why("seen twice")
        assert "reason: seen twice" in at.shown("#state")
        await at.press("1")
        await at.until(lambda: at.case == "by-ben.png")
        assert newest(disputed, "shared").reason == "seen twice"
        assert at.sitting.reason == ""


async def test_merge(disputed, deciding):
    async with deciding(disputed) as at:
        await at.press("m")
        assert sorted(at.editor.text.split("\n")) == [BROWN, WHITE]
        at.editor.select_all()
        await at.type("a white and brown dog")
        await at.press("ctrl+s")
        await at.why("both")
        await at.until(lambda: at.case == "by-ben.png")
        written = newest(disputed, "shared")
        assert (written.text, written.source, written.reason) == ("a white and brown dog", None, "both")
        assert not at.app.screen.has_class("writing")


async def test_a_rewrite_that_was_begun_is_kept(disputed, deciding):
    async with deciding(disputed) as at:
        await at.press("e")
        assert at.editor.text == ""
        await at.type("a cream dog 1 a x")
        await at.until(lambda: disputed.draft("shared", "cem") == "a cream dog 1 a x")
        await at.press("escape")
        assert "a text of yours is kept" in at.shown("#state")
        await at.press("n", "p", "m")
        assert at.editor.text == "a cream dog 1 a x"
    async with deciding(disputed) as at:  # a new start
        assert "a text of yours is kept" in at.shown("#state")
        await at.press("e", "ctrl+s")
        await at.why("the light")
        await at.until(lambda: at.case == "by-ben.png")
    assert newest(disputed, "shared").text == "a cream dog 1 a x"
    assert disputed.draft("shared", "cem") is None


async def test_an_empty_text_is_refused(disputed, deciding):
    async with deciding(disputed) as at:
        await at.press("e", "ctrl+s")
        assert "editor is empty" in at.told()
        assert newest(disputed, "shared").origin == "tui"


async def test_undo_is_a_new_revision(disputed, deciding):
    async with deciding(disputed) as at:
        await at.press("u")
        assert "no decision" in at.told()
        await at.press(at.key_of(WHITE))
        await at.why("hasty")
        await at.until(lambda: at.case == "by-ben.png")
        await at.press("u")
        await at.until(lambda: at.case == "shared.png")
        assert newest(disputed, "shared").state == "withdrawn"
        assert disputed.store.records.find("shared.png").captions[0].author == "ada"
        await at.press(at.key_of(BROWN))
        await at.why("looked again")
        await at.until(lambda: at.case == "by-ben.png")
        assert disputed.store.records.find("shared.png").captions[0].text == BROWN


async def test_all_decided(disputed, deciding):
    async with deciding(disputed) as at:
        for name in ("shared.png", "by-ben.png"):
            await at.until(lambda name=name: at.case == name)
            await at.press("1")
            await at.why("so")
        await at.until(lambda: not at.sitting.cases or at.sitting.left == 0)
        assert "0 to decide" in at.shown("#top")


async def test_somebody_else_was_faster(disputed, deciding):
    from annotate.adjudication.decisions import Decision, decide

    async with deciding(disputed) as at:
        case = read_cases(disputed.store, disputed.workspace.config, "ben")[0]
        decide(disputed.store, Decision(case, "by ben", "first"), "ben")
        await at.press("1")
        await at.why("second")
        await at.until(lambda: "decided meanwhile, by ben" in at.told())
        assert newest(disputed, "shared").text == "by ben"
        await at.press("f5")
        await at.until(lambda: len(at.sitting.cases) == 1)
        assert at.case == "by-ben.png"


def two_people(crew):
    (crew.workspace.path / "curator.toml").write_text(
        'name = "dogs"\n[adjudication]\ntwo_people = true\n', encoding="utf-8"
    )
    crew.store.close()
    crew.workspace = Workspace.find(crew.workspace.path)
    crew.store = open_store(crew.workspace)


async def test_approve(disputed, deciding):
    two_people(disputed)
    async with deciding(disputed) as at:
        await at.press(at.key_of(WHITE))
        await at.why("so")
        await at.until(lambda: at.case == "by-ben.png")
        await at.press("a")
        assert "only what somebody else decided" in at.told()
    assert disputed.store.records.find("shared.png").unready == "awaiting approval"
    async with deciding(disputed, member="ben") as at:
        await at.press("n")
        assert at.case == "shared.png"
        assert at.frames()[0] == ("decided · one of these texts", WHITE)
        await at.press("1")
        assert "approve it with a" in at.told()
        await at.press("a")
        await at.until(lambda: disputed.store.records.find("shared.png").unready is None)


async def test_refuse(disputed, deciding):
    two_people(disputed)
    async with deciding(disputed) as at:
        await at.press("e")
        await at.type("a dog")
        await at.press("ctrl+s")
        await at.why("short")
        await at.until(lambda: at.case == "by-ben.png")
    async with deciding(disputed, member="ben") as at:
        await at.press("n", "x")
        await at.why("which colour?")
        await at.until(lambda: disputed.store.records.find("shared.png").unready == "approval refused")
    async with deciding(disputed) as at:
        assert at.shown("#why") == "refused: which colour?"


async def test_a_key_pressed_before_a_case_was_to_be_seen_decides_nothing(disputed, deciding):
    from textual import events

    async with deciding(disputed) as at:
        for time in (0.0, None):
            key = events.Key(at.key_of(WHITE), at.key_of(WHITE))
            key.time = key.time if time is None else time
            at.app.screen.post_message(key)
            await at.pilot.pause()
            assert (type(at.app.screen).__name__ == "ReasonScreen") == (time is None)


async def test_keys_move_scroll_look_and_help(disputed, deciding):
    async with deciding(disputed) as at:
        for forth, back in (("n", "p"), ("right", "left"), ("l", "h"), ("pagedown", "pageup")):
            await at.press(forth)
            assert at.case == "by-ben.png"
            await at.press(back)
            assert at.case == "shared.png"
        await at.press("p")
        assert "first case" in at.told()
        await at.press("plus", "shift+left", "j", "k", "minus", "0", "question_mark")
        assert "Decide for the text" in str(at.app.screen.query("Static").first().visual) or at.app.screen.query(
            "Static"
        )
        await at.press("escape", "q")
    assert at.app.return_code == 0


def test_the_docs_hold_the_table():
    from pathlib import Path

    from annotate.adjudication.actions import KEYBOARD

    assert KEYBOARD.markdown() in (Path(__file__).parents[3] / "docs" / "agreement.md").read_text(encoding="utf-8")


def test_every_action_can_be_done(need):
    need("textual")
    from annotate.adjudication.actions import KEYBOARD
    from annotate.adjudication.app import AdjudicateApp
    from annotate.screens.adjudicate import AdjudicateScreen

    for action in KEYBOARD.actions:
        assert hasattr(AdjudicateScreen, f"action_{action.name}") or hasattr(AdjudicateApp, f"action_{action.name}")
    keys = [key for action in KEYBOARD.actions if action.place != "caption" for key in action.keys]
    assert len(keys) == len(set(keys))


async def test_a_draft_of_another_slot_is_not_taken(disputed, deciding):
    disputed.store.captions.save_draft(Draft(disputed.images["shared"], "cem", 1, "other", (), None))
    async with deciding(disputed) as at:
        await at.press("e")
        assert at.editor.text == ""
