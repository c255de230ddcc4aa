"""Texts: none is ever lost, whoever writes what at the same time, and competing ones are seen."""

import json
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.errors import InputError
from curator.record import Draft

ONE = "1" * 64
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
ORIGINS = st.sampled_from(["tui", "tui", "studio", "import", "draft:blip", "adjudicated"])
fresh_pictures = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""Every example takes a picture of its own, so that all of them can share one store."""

SAME_LINE = """
number, count, base = int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
for turn in range(count):
    store.captions.submit(Writing("1" * 64, "ann", f"text {turn} of {number}", base=base))
"""
SAME_KEY = """
for turn in range(30):
    print(store.captions.submit(Writing("1" * 64, "ann", f"from {sys.argv[2]}", key=f"key {turn}")).id)
"""
NEW_LINES = """
for turn in range(30):
    store.captions.save_draft(Draft("2" * 64, "ann", turn, f"draft of {sys.argv[2]}", (), None))
    store.captions.submit(Writing("1" * 64, "ann", f"from {sys.argv[2]}", slot=turn))
"""


def test_a_revision_comes_back_as_it_was_written(seeded, writing):
    written = seeded.captions.submit(writing("a dog\n  on a bed ", seconds=2.5, origin="studio"))
    assert (written.image, written.author, written.slot) == (ONE, "ann", 0)
    assert (written.text, written.origin, written.base) == ("a dog\n  on a bed ", "studio", None)
    assert (written.seconds, written.state) == (2.5, "submitted")
    assert written.written.endswith("+00:00")
    assert seeded.captions.revisions() == [written]
    assert seeded.captions.sequence() == written.id


def test_a_text_from_elsewhere_keeps_its_own_time_and_leaves_drafts_alone(seeded, writing):
    seeded.captions.save_draft(Draft(ONE, "ann", 0, "half a", (), None))
    for origin in ("import", "pack", "folder", "replace"):
        written = seeded.captions.submit(writing(origin, origin=origin, written="2024-05-01T08:00:00+00:00"))
        assert written.written == "2024-05-01T08:00:00+00:00"
    assert seeded.captions.draft(ONE, "ann").text == "half a"
    seeded.captions.submit(writing("a dog"))
    assert seeded.captions.draft(ONE, "ann") is None


def test_a_key_names_a_text_in_every_store(seeded, writing):
    first, second = seeded.captions.submit(writing("a dog", key="k")), seeded.captions.submit(writing("a cat"))
    assert seeded.captions.keys().keys() == {first.id, second.id}
    assert seeded.captions.keys()[first.id] == "k"


def test_revisions_by_picture_and_author(seeded, writing):
    for author, digit in (("ann", "1"), ("ben", "1"), ("ann", "2")):
        seeded.captions.submit(writing(f"{author} {digit}", picture=digit * 64, author=author))
    assert [each.text for each in seeded.captions.revisions(image=ONE)] == ["ann 1", "ben 1"]
    assert [each.text for each in seeded.captions.revisions(author="ann")] == ["ann 1", "ann 2"]
    assert seeded.captions.line(ONE, "ben") != seeded.captions.line(ONE, "ann")
    assert seeded.captions.line(ONE, "cleo") is None


def test_a_sequence_number_is_never_used_again(seeded, writing):
    numbers = [seeded.captions.submit(writing(str(turn))).id for turn in range(5)]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("parent", ["base", "merges"])
def test_a_parent_of_another_line_is_refused(seeded, writing, parent):
    strange = seeded.captions.submit(writing("a dog", author="ben"))
    with pytest.raises(InputError, match=f"revision {strange.id} is no text of 'ann'"):
        seeded.captions.submit(writing("a cat", **{parent: strange.id}))
    assert seeded.captions.revisions() == [strange]


@pytest.mark.parametrize("text", ["half \ud83d an emoji", "nothing \0 there"], ids=["surrogate", "nul"])
def test_a_text_that_not_every_engine_can_keep_is_refused(seeded, writing, text):
    with pytest.raises(InputError, match="cannot be stored"):
        seeded.captions.submit(writing(text))
    with pytest.raises(InputError, match="cannot be stored"):
        seeded.captions.save_draft(Draft(ONE, "ann", 0, "a dog", (text,), None))


@fresh_pictures
@given(text=ANY_TEXT, steps=st.lists(ANY_TEXT, max_size=3))
def test_any_text_comes_back(seeded, image, writing, text, steps):
    picture = uuid.uuid4().hex * 2
    seeded.pictures.add(image(picture))
    draft = Draft(picture, "ann", 0, text, tuple(steps), None)
    seeded.captions.save_draft(draft)
    assert seeded.captions.draft(picture, "ann") == draft
    seeded.captions.submit(writing(text, picture=picture))
    assert [each.text for each in seeded.captions.revisions(picture)] == [text]


def test_a_key_that_comes_again_writes_nothing(seeded, other, writing):
    first = seeded.captions.submit(writing("a dog", key="k"))
    assert other.captions.submit(writing("a dog, again", key="k")) == first
    assert seeded.captions.revisions() == [first]


def test_two_processes_with_the_same_keys_write_each_once(seeded, together):
    told = together(SAME_KEY, ["one"], ["two"])
    assert told[0] == told[1]
    assert sorted(each.id for each in seeded.captions.revisions()) == sorted(map(int, told[0].split()))
    assert len(seeded.captions.revisions()) == 30


def test_two_processes_that_write_one_line_keep_both_texts_and_show_the_conflict(seeded, together, writing):
    first = seeded.captions.submit(writing("a dog"))
    together(SAME_LINE, (1, 20, first.id), (2, 20, first.id))
    kept = {each.text for each in seeded.captions.revisions()}
    assert kept == {"a dog"} | {f"text {turn} of {number}" for turn in range(20) for number in (1, 2)}
    record = seeded.records.find(ONE)
    assert record.unready == "conflict"
    assert {each.text for group in record.conflicts for each in group} == kept - {"a dog"}


def test_two_processes_that_open_the_same_lines_meet_in_them(seeded, together):
    together(NEW_LINES, ["one"], ["two"])
    assert len(seeded.captions.revisions()) == 60
    assert len({each.line for each in seeded.captions.revisions()}) == 30
    assert len(seeded.captions.drafts("ann")) == 30


def test_a_conflict_is_settled_by_a_text_that_merges_both(seeded, writing):
    first = seeded.captions.submit(writing("a dog"))
    left, right = (seeded.captions.submit(writing(text, base=first.id)) for text in ("a brown dog", "a small dog"))
    assert seeded.records.find(ONE).conflicts == ((left, right),)
    seeded.captions.submit(writing("a small brown dog", base=left.id, merges=right.id))
    record = seeded.records.find(ONE)
    assert (record.unready, [each.text for each in record.captions]) == (None, ["a small brown dog"])
    assert len(record.revisions) == 4


def test_a_draft_is_replaced_and_dropped(seeded, other, writing):
    seeded.captions.save_draft(Draft(ONE, "ann", 0, "a d", ("a",), None))
    seeded.captions.save_draft(Draft(ONE, "ann", 0, "a dog", ("a", "a d"), None))
    seeded.captions.save_draft(Draft(ONE, "ann", 1, "second", (), None))
    seeded.captions.save_draft(Draft(ONE, "ben", 0, "other", (), None))
    assert [each.text for each in other.captions.drafts("ann")] == ["a dog", "second"]
    assert other.captions.draft(ONE, "ann") == Draft(ONE, "ann", 0, "a dog", ("a", "a d"), None)
    seeded.captions.drop_draft(ONE, "ann", 1)
    assert other.captions.draft(ONE, "ann", 1) is None
    seeded.captions.drop_draft(ONE, "cleo")
    seeded.captions.submit(writing("a dog"))
    assert other.captions.drafts("ann") == []
    assert [each.text for each in other.captions.drafts("ben")] == ["other"]


def test_a_draft_never_counts_as_caption(seeded):
    seeded.captions.save_draft(Draft(ONE, "ann", 0, "a dog", (), None))
    record = seeded.records.find(ONE)
    assert (record.captions, record.unready) == ((), "no caption")


moves = st.lists(
    st.tuples(
        st.integers(0, 1),  # which of the two writers
        st.sampled_from(["look", "write", "write", "withdraw", "merge"]),
        st.sampled_from(["ann", "ben"]),  # in whose line
        st.integers(0, 1),  # in which slot
        ORIGINS,
        st.sampled_from(["a dog", "a cat", "a dog on a bed"]),
    ),
    max_size=14,
)


@fresh_pictures
@given(moves=moves, owner=st.sampled_from([None, "ann", "ben", "cleo"]))
def test_any_interleaving_of_two_writers_keeps_every_text(seeded, other, image, writing, moves, owner):
    """Two writers look at lines and write on what they saw last, in any order; a plain model says what must be seen."""
    picture = uuid.uuid4().hex * 2
    seeded.pictures.add(image(picture))
    if owner:
        seeded.team.add_round(1, "0%", None, {}, [(owner, "own", picture)])
    seen, model = [{}, {}], []
    for turn, (who, move, author, slot, origin, text) in enumerate(moves):
        store = (seeded, other)[who]
        line = (author, slot)
        if move == "look":
            ends = heads_of([each for each in model if each["line"] == line])
            seen[who][line] = [each["id"] for each in ends]
            continue
        parents = [*seen[who].get(line, []), None, None]
        wish = {
            "base": parents[0],
            "merges": parents[1] if move == "merge" else None,
            "state": "withdrawn" if move == "withdraw" else "submitted",
            "origin": origin,
            "slot": slot,
        }
        stored = store.captions.submit(writing(text, picture=picture, author=author, key=f"{picture} {turn}", **wish))
        model.append({**wish, "id": stored.id, "text": text, "line": line, "author": author})
        seen[who][line] = [stored.id]
    record = other.records.find(picture)
    assert [(each.id, each.text, each.state) for each in record.revisions] == [
        (each["id"], each["text"], each["state"]) for each in model
    ]
    assert {each.slot: each.revision for each in record.captions} == chosen(model, owner)
    in_lines = {(group[0].author, group[0].slot) for group in record.conflicts if len({e.line for e in group}) == 1}
    assert in_lines == {line for line in lines_of(model) if competing(line, model)}


def heads_of(texts):
    used = {each[parent] for each in texts for parent in ("base", "merges")}
    return [each for each in texts if each["id"] not in used]


def lines_of(model):
    return {each["line"] for each in model}


def human(model):
    return [each for each in model if not each["origin"].startswith("draft:")]


def competing(line, model):
    ends = heads_of([each for each in human(model) if each["line"] == line])
    return len({(each["text"], each["state"]) for each in ends}) > 1


def chosen(model, owner):
    """slot → number of the caption, by the rule in words: adjudicated, owner, other member, import; the newest each."""
    model = human(model)
    result = {}
    for slot in {each["slot"] for each in model}:
        newest = {each["line"]: each for each in model if each["slot"] == slot}
        offered = sorted(
            (each for each in newest.values() if each["state"] == "submitted"), key=lambda each: each["id"]
        )
        groups = (
            [each for each in offered if each["origin"] == "adjudicated"],
            [each for each in offered if each["origin"] != "import" and each["author"] == owner],
            [each for each in offered if each["origin"] != "import"],
            offered,
        )
        best = next((group[-1] for group in groups if group), None)
        if best:
            result[slot] = best["id"]
    return result


def test_what_a_snapshot_read_is_plain_json(seeded, writing):
    seeded.captions.submit(writing("a dog"))
    assert json.loads(json.dumps([vars(each) for each in seeded.captions.revisions()]))[0]["text"] == "a dog"
