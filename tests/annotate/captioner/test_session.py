import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotate.captioner.ledger import keep, load_queue, read_line, skip, submit
from annotate.captioner.session import IDLE_S, Mark, Session
from curator.captions import heads
from curator.errors import InputError
from curator.record import Member
from curator.workspace import Workspace


def go(crew, session, name):
    index = next(i for i, item in enumerate(session.items) if item.name == f"{name}.png")
    session.go(index, read_line(crew.store, session.member, session.items[index]))


def send(crew, session):
    submission = session.submission()
    return session.submitted(submission, *submit(crew.store, submission))


def save(crew, session):
    keep(crew.store, session.member, session.item.image.id, session.slot, session.draft())


def test_a_session_starts_at_the_first_open_picture(crew):
    session = crew.session()
    assert session.item.name == "bare.png"
    assert session.text == ""
    assert session.provenance() == "nothing written yet"
    assert [item.name for item in session.items] == [
        f"{name}.png" for name in ("bare", "by-ben", "by-ada", "shared", "last")
    ]


def test_done_pictures_come_after_open_ones_and_can_be_reached(crew):
    session = crew.session()
    session.typed("a dog")
    assert send(crew, session)
    later = crew.session()
    assert [item.name for item in later.items][-1] == "bare.png"
    assert later.item.name == "by-ben.png"
    go(crew, later, "bare")
    assert later.text == "a dog"
    assert "submitted" in later.provenance()


def test_an_imported_caption_is_prefilled_and_marked(crew):
    session = crew.session()
    go(crew, session, "by-ben")
    assert session.text == "imported from ben"
    assert session.provenance().startswith("imported, by ben")
    assert session.draft() is None, "what nobody typed is no draft"
    assert send(crew, session)
    assert crew.texts("by-ben") == ["imported from ben"]
    assert crew.texts("by-ben", "ben") == ["imported from ben"]
    go(crew, session, "by-ada")
    assert session.provenance().startswith("imported, by you")
    session.typed("better")
    assert send(crew, session)
    first, second = crew.store.captions.revisions(crew.images["by-ada"], "ada")
    assert (second.base, second.text) == (first.id, "better")


def test_of_several_imported_captions_the_others_are_offered(crew):
    crew.write("by-ben", "imported from cem", author="cem", origin="import")
    session = crew.session()
    go(crew, session, "by-ben")
    assert session.text == "imported from cem"
    assert [(other.label, other.text) for other in session.others] == [("imported, by ben", "imported from ben")]
    assert session.take_other()
    assert session.text == "imported from ben"
    assert session.undo()
    assert session.text == "imported from cem"


@pytest.mark.parametrize(("member", "expected"), [("ada", ""), ("ben", "imported from ben")], ids=["owner", "overlap"])
def test_a_blind_picture_shows_nobody_elses_caption(crew, member, expected):
    crew.write("shared", "a secret", author="cem", origin="import")
    session = crew.session(member)
    go(crew, session, "shared")
    assert session.item.blind
    assert session.text == expected
    assert session.others == []


def test_the_other_captions_of_a_picture_are_shown_unless_it_is_blind(crew):
    crew.write("bare", "by somebody else", author="ben")
    crew.write("shared", "a secret", author="cem")
    session = crew.session()
    assert [(other.label, other.text) for other in session.others] == [("by ben", "by somebody else")]
    assert session.take_other()
    assert send(crew, session)
    written, taken = (crew.store.captions.revisions(crew.images["bare"], author)[0] for author in ("ada", "ben"))
    assert written.source == taken.id
    go(crew, session, "bare")
    assert session.others == [], "what says the same as the own caption is not repeated"
    go(crew, session, "shared")
    assert session.others == []


def test_ones_own_further_captions_are_shown_with_their_number(crew):
    crew.write("bare", "seen from above", slot=1)
    crew.write("shared", "my second", slot=1)
    session = crew.session()
    (other,) = session.others
    assert other.text == "seen from above"
    assert other.label.endswith(", caption 2")
    go(crew, session, "shared")
    assert [other.text for other in session.others] == ["my second"], "one's own may be seen on a blind picture, too"


def test_an_empty_caption_cannot_be_submitted(crew):
    session = crew.session()
    session.typed(" \n ")
    with pytest.raises(InputError, match="empty"):
        session.submission()


def test_the_same_text_is_not_stored_twice(crew):
    session = crew.session()
    session.typed("a dog")
    submission = session.submission()
    submit(crew.store, submission)
    again = session.submission()
    assert again.writing.key == submission.writing.key, "the first answer may have been lost"
    assert session.submitted(again, *submit(crew.store, again))
    assert crew.texts("bare") == ["a dog"]
    assert session.submission() is None, "it is stored, and nothing is left to say"


def test_another_text_after_a_lost_answer_is_another_caption(crew):
    session = crew.session()
    session.typed("a dog")
    submit(crew.store, session.submission())
    session.typed("a black dog")
    assert not send(crew, session), "the first text turns out to be stored: both stay, to be settled"
    assert session.conflict
    assert send(crew, session)
    assert crew.texts("bare") == ["a dog", "a black dog", "a black dog"]


def test_a_draft_and_its_undo_steps_outlive_a_restart(crew):
    session = crew.session()
    for text in ("a", "a ", "a d", "a do", "a dog"):
        session.typed(text)
    save(crew, session)
    later = crew.session(place=crew.images["bare"])
    assert later.text == "a dog"
    assert later.provenance() == "draft"
    while later.undo():
        pass
    assert later.text == ""
    assert later.draft() is None
    while later.redo():
        pass
    assert later.text == "a dog"


def test_undo_reaches_back_to_earlier_captions(crew):
    session = crew.session()
    go(crew, session, "by-ada")
    session.typed("mine")
    send(crew, session)
    go(crew, session, "by-ada")
    assert session.undo()
    assert session.text == "imported from ada"


def test_a_session_resumes_where_it_was_left(crew):
    assert crew.session(place=crew.images["by-ada"]).item.name == "by-ada.png"
    skip(crew.store, crew.session(place=crew.images["by-ada"]).item, "blurred")
    assert crew.session(place=crew.images["by-ada"]).item.name == "shared.png", "the next that needs work"
    assert crew.session(place="gone").item.name == "bare.png"
    session = crew.session()
    go(crew, session, "last")
    session.typed("begun")
    save(crew, session)
    assert crew.session().item.name == "last.png", "without a place, where a draft lies"


def test_skipping_keeps_reason_and_draft(crew):
    session = crew.session()
    session.typed("perhaps a dog")
    save(crew, session)
    skip(crew.store, session.item, "blurred")
    session.skipped(session.item, "blurred")
    assert session.counts()["skipped"] == 1
    later = crew.session()
    go(crew, later, "bare")
    assert later.item.task.reason == "blurred"
    assert later.text == "perhaps a dog"
    assert send(crew, later), "a skipped picture can be captioned after all"
    assert crew.state("bare") == "submitted"


def test_the_next_open_picture_is_found_around_the_end(crew):
    session = crew.session()
    go(crew, session, "last")
    session.typed("a dog")
    send(crew, session)
    assert session.items[session.next_open()].name == "bare.png"
    for name in ("bare", "by-ben", "by-ada", "shared"):
        go(crew, session, name)
        session.typed("done")
        send(crew, session)
    assert session.next_open() is None


def test_a_text_written_meanwhile_is_kept_and_settled(crew):
    session = crew.session()
    session.typed("mine")
    crew.write("bare", "from my other terminal")
    assert not send(crew, session)
    assert session.mark(session.index) is Mark.CONFLICT
    assert [other.text for other in session.others] == ["from my other terminal"]
    assert session.text == "mine"
    assert send(crew, session)
    assert session.mark(session.index) is Mark.SUBMITTED
    revisions = crew.store.captions.revisions(crew.images["bare"])
    assert [each.text for each in revisions] == ["from my other terminal", "mine", "mine"]
    assert {revisions[-1].base, revisions[-1].merges} == {each.id for each in revisions[:2]}


def test_a_draft_overtaken_by_another_text_shows_both(crew):
    session = crew.session()
    session.typed("mine")
    save(crew, session)
    stored = crew.write("bare", "from my other terminal")
    crew.store.captions.save_draft(session.draft())
    later = crew.session(place=crew.images["bare"])
    assert later.conflict
    assert later.text == "mine"
    assert [other.text for other in later.others] == ["from my other terminal"]
    assert send(crew, later)
    assert crew.store.captions.revisions(crew.images["bare"])[-1].base == stored.id


def test_more_than_two_competing_texts_are_settled_at_once(crew):
    for text in ("one", "two", "three"):
        crew.write("bare", text)
    session = crew.session()
    assert session.conflict
    assert len(session.others) == 2
    assert send(crew, session)
    assert len(heads(crew.store.captions.revisions(crew.images["bare"]))) == 1


def test_a_caption_file_edited_after_the_caption_is_shown(crew):
    first = crew.store.captions.revisions(crew.images["by-ben"], "ben")[0]
    session = crew.session()
    go(crew, session, "by-ben")
    session.typed("mine")
    assert send(crew, session)
    crew.write("by-ben", "edited on disk", author="ben", origin="import", base=first.id)
    later = crew.session(place=crew.images["by-ben"])
    assert later.item.name == "by-ben.png", "what competes needs work"
    assert later.index == 1, "and stands among the open ones"
    assert [other.text for other in later.others] == ["edited on disk"]
    assert send(crew, later)
    assert later.next_open() != later.index


def test_seconds_are_counted_and_absence_is_not(crew):
    now = [100.0]
    session = crew.session(clock=lambda: now[0])
    now[0] += 3
    session.typed("a")
    now[0] += 1000
    session.typed("a dog")
    now[0] += 2.5
    assert session.submission().writing.seconds == 3 + IDLE_S + 2.5


def test_who_is_not_in_the_team_is_told_who_is(crew):
    with pytest.raises(InputError, match="ada, ben, cem"):
        load_queue(crew.store, "dora")


def test_who_has_no_pictures_is_told_how_to_get_some(crew):
    with pytest.raises(InputError) as raised:
        load_queue(crew.store, "cem")
    assert "curator split" in raised.value.hint


def test_a_member_who_left_can_still_finish(crew):
    crew.store.team.add(Member("eve", left="2026-01-01"))
    crew.store.team.add_round(2, "0", None, {}, [("eve", "recaption", crew.images["bare"])])
    assert crew.session("eve").item.name == "bare.png"


WORDS = st.sampled_from(["a dog", "ein Hund", "犬", "👩‍👩‍👧 e\u0301", "two\nlines", "x" * 300])
STEPS = st.one_of(
    st.tuples(st.just("type"), WORDS),
    st.tuples(st.sampled_from(["submit", "save", "undo", "redo", "next", "back", "take", "restart"]), st.none()),
    st.tuples(st.sampled_from(["skip", "elsewhere"]), WORDS),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_whatever_happens_nothing_submitted_or_saved_is_lost(crew_folder, crew, steps):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(crew_folder, Path(folder) / "crew")
        fresh = type(crew)(Workspace.find(Path(folder) / "crew"))
        try:
            _play(fresh, steps)
        finally:
            fresh.store.close()


def _play(crew, steps):
    session, written, saved = crew.session(), [], {}
    for what, text in steps:
        image = session.item.image.id
        if what == "type":
            session.typed(session.text + text)
        elif what in ("undo", "redo"):
            getattr(session, what)()
        elif what == "take":
            session.take_other()
        elif what == "elsewhere":
            crew.store.captions.submit(_elsewhere(image, text))
            written.append((image, text))
            saved.pop(image, None)
        elif what == "submit":
            _submit(crew, session, written, saved)
        elif what == "skip":
            skip(crew.store, session.item, text)
            session.skipped(session.item, text)
        elif what == "restart":  # killed: what was not saved is gone, all else must be there
            session = crew.session(place=image)
        else:
            saved[image] = session.text if session.draft() else None
            save(crew, session)
            index = {"next": session.step(1), "back": session.step(-1), "save": None}[what]
            if index is not None:
                session.go(index, read_line(crew.store, "ada", session.items[index]))
    stored = {(each.image, each.text) for each in crew.store.captions.revisions(author="ada")}
    assert stored.issuperset(written)
    drafts = {draft.image: draft.text for draft in crew.store.captions.drafts("ada")}
    assert drafts == {image: text for image, text in saved.items() if text is not None}
    for image, text in drafts.items():
        session = Session(load_queue(crew.store, "ada"))
        index = next(i for i, item in enumerate(session.items) if item.image.id == image)
        session.go(index, read_line(crew.store, "ada", session.items[index]))
        assert session.text == text


def _elsewhere(image, text):
    from curator.store.captions import Writing

    return Writing(image, "ada", text)


def _submit(crew, session, written, saved):
    image = session.item.image.id
    if not session.text.strip():
        with pytest.raises(InputError):
            session.submission()
        return
    submission = session.submission()
    if submission is None:
        return
    session.submitted(submission, *submit(crew.store, submission))
    written.append((image, submission.writing.text))
    saved.pop(image, None)
