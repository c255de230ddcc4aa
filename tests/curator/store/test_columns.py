"""The table of columns says the same as the records, picture by picture, and nothing that a member may not see."""

import random
from functools import partial

import numpy as np
import pytest
from sqlalchemy import event

from curator.approval import approving, refusing
from curator.captions import captions, conflicts
from curator.columns import load, refresh, reread
from curator.errors import InputError
from curator.filter import parse
from curator.record import Draft, Finding, Member, Source
from curator.store.captions import Writing
from curator.view.listing import listed

TEAM = {"ann": "annotator", "ben": "annotator", "cleo": "lead", "dora": "reviewer"}
ORIGINS = ("tui", "tui", "import", "import", "pack", "replace", "adjudicated", "draft:blip")
AUTHORS = ("ann", "ben", "cleo", "", "eve")
TEXTS = ("a dog", "a dog", "a cat", "Ein Hund", "犬", "")
KEYS = {
    "pose": ("sitting", "lying"),
    "tags": (["a", "b"], []),
    "rating": (1, 5),
    "flag": ("dark", None),
    "note": ("x",),
}
SEEDS = range(6)
VIEWS = (None, *TEAM)


@pytest.fixture
def history(store, image):
    """`history(seed)` fills the store with eight pictures and everything about them, at random."""

    def fill(seed):
        draw = random.Random(seed)
        with store.write():
            for name, role in TEAM.items():
                store.team.add(Member(name, role=role))
            for number in range(8):
                picture = image(
                    f"{number}" * 64, subject=draw.choice(["dog", None]), split=draw.choice(["train", None])
                )
                store.pictures.add(picture)
                for path in draw.sample(["b/x.png", "a/y.png", "c.png", "ä.png"], draw.randint(0, 3)):
                    root = draw.choice(["/1", "/2"])
                    store.pictures.save_source(Source(root, f"{path}{number}", "image", 1, 1, picture.id))
                if draw.random() < 0.1:
                    store.pictures.describe(picture.id, status="excluded", reason="dark")
            rounds(store, draw)
            for _ in range(draw.choice([10, 60, 120])):
                act(store, draw)
            names = ["misspelt", "near-duplicate"]
            store.findings.replace(
                [Finding(draw.choice(names), "warning", "m", (some(draw), some(draw))) for _ in range(3)]
            )

    return fill


def some(draw):
    return f"{draw.randrange(8)}" * 64


def rounds(store, draw):
    for _ in range(2):
        given = {(draw.choice(list(TEAM)), draw.choice(["own", "overlap", "recaption"]), some(draw)) for _ in range(9)}
        store.team.add_round(1, "0%", None, {}, sorted(given))
    for task in store.team.tasks():
        store.team.close_task(task.id, draw.choice(["open", "open", "submitted", "skipped", "passed"]))


def act(store, draw):
    """One thing that somebody does."""
    image, author, slot = some(draw), draw.choice(AUTHORS), draw.choice([0, 0, 1])
    if draw.random() < 0.1:
        store.captions.save_draft(Draft(image, author, slot, "typing", (), None))
        return
    written = [each for each in store.captions.revisions(image) if each.origin == "adjudicated"]
    if written and draw.random() < 0.3:
        say = approving if draw.random() < 0.6 else partial(refusing, reason="no")
        store.history.answer(image, draw.choice(list(TEAM)), *say(draw.choice(written)))
        return
    if draw.random() < 0.2:
        key = draw.choice(list(KEYS))
        store.history.answer(image, draw.choice(list(TEAM)), key, draw.choice(KEYS[key]))
        return
    origin = draw.choice(ORIGINS)
    author = "blip" if origin == "draft:blip" else author
    line = [each.id for each in store.captions.revisions(image, author) if each.slot == slot]
    parents = [None, *line[-1:], *line[-1:], *line]
    state = draw.choice(["submitted", "submitted", "submitted", "withdrawn"])
    base, merges = draw.choice(parents), draw.choice([None, None, *line])
    store.captions.submit(
        Writing(image, author, draw.choice(TEXTS), slot, origin=origin, base=base, merges=merges, state=state)
    )


def visible(store, member, image, overlap):
    """The revisions of a picture that a member may see, by the rule in words."""
    everything = store.captions.revisions(image)
    hidden = overlap and member is not None and TEAM[member] == "annotator"
    return [each for each in everything if each.author == member or not hidden]


def wanted(store, member, record):
    """All that the table should say of a picture, made of records."""
    image = record.image.id
    tasks = [task for task in store.team.tasks() if task.image == image]
    overlap = any(task.kind == "overlap" and task.state != "passed" for task in tasks)
    revisions = visible(store, member, image, overlap)
    blind = overlap and member is not None and TEAM[member] == "annotator"
    said = {}
    for answer in store.history.all_answers(image):
        if answer.key in KEYS and (not blind or answer.member == member):
            said[answer.key] = tuple(answer.value) if isinstance(answer.value, list) else answer.value
    drafts = store.captions.drafts(member) if member else [d for name in AUTHORS for d in store.captions.drafts(name)]
    checks = {each.check for each in store.findings.all("open") if image in each.images}
    return {
        "name": record.name,
        "owner": record.owner,
        "subject": record.image.subject,
        "split": record.image.split,
        "excluded": record.image.status == "excluded",
        "overlap": overlap,
        "blind": blind,
        "captions": captions(revisions, record.owner),
        "conflict": bool(conflicts(revisions, record.owner)),
        "draft": image in {draft.image for draft in drafts},
        "tasks": {task.member: task.state for task in tasks},
        "answers": {key: value for key, value in said.items() if value is not None},
        "findings": checks & {"near-duplicate"} if blind else checks,
    }


def found(columns, row):
    tasks = columns.tasks
    entries = range(tasks.start[row], tasks.start[row + 1])
    return {
        "name": columns.names[row],
        "owner": columns.owner[row],
        "subject": columns.subject[row],
        "split": columns.split[row],
        "excluded": columns.excluded[row],
        "overlap": columns.overlap[row],
        "blind": columns.blind[row],
        "captions": columns.captions.of(row),
        "conflict": columns.conflict[row],
        "draft": columns.draft[row],
        "tasks": {tasks.member[entry]: tasks.state[entry] for entry in entries},
        "answers": {key: values[row] for key, values in columns.answers.items() if values[row] is not None},
        "findings": {check for check, named in columns.findings.items() if named[row]},
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_table_says_what_the_records_say(store, history, seed):
    history(seed)
    records = store.records.all(excluded=True)
    for member in VIEWS:
        columns = load(store, member, KEYS, excluded=True)
        assert columns.ids == [record.image.id for record in records]
        for row, record in enumerate(records):
            assert found(columns, row) == wanted(store, member, record), (member, record.image.id)


@pytest.mark.parametrize("two_people", [False, True], ids=["one decides", "two decide"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_seen_captions_are_those_of_the_records(store, history, seed, two_people):
    history(seed)
    store.records.two_people = two_people
    records = store.records.all()
    columns = load(store)
    assert columns.ids == [record.image.id for record in records]
    for row, record in enumerate(records):
        assert columns.captions.of(row) == record.captions
        assert columns.conflict[row] == bool(record.conflicts)
        assert columns.waits[row] == record.waits
    assert [each["state"] for each in listed(store, parse(""))] == [
        record.image.reason or record.unready or "ready" for record in store.records.all(excluded=True)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_picture_read_anew_is_as_in_a_new_table(store, history, seed):
    history(seed)
    draw = random.Random(seed)
    views = {member: load(store, member, KEYS, excluded=True) for member in VIEWS}
    for columns in views.values():
        columns.captions.folded(), columns.captions.counts("words")
    with store.write():
        for _ in range(25):
            act(store, draw)
        for task in store.team.tasks():
            store.team.close_task(task.id, draw.choice(["open", "submitted", "passed"]))
    for member, columns in views.items():
        assert all(refresh(columns, store, image) for image in list(columns.ids))
        fresh = load(store, member, KEYS, excluded=True)
        assert [found(columns, row) for row in range(len(fresh))] == [found(fresh, row) for row in range(len(fresh))]
        assert columns.captions.folded() == fresh.captions.folded()
        assert np.array_equal(columns.captions.counts("words"), fresh.captions.counts("words"))
        assert np.array_equal(columns.captions.row, fresh.captions.row)


def test_what_is_not_in_the_table_is_not_read_anew(seeded):
    columns = load(seeded)
    assert not refresh(columns, seeded, "9" * 64)
    assert len(columns) == 3
    assert len(reread(columns, seeded, "9" * 64)) == 0


def test_an_empty_set(store):
    columns = load(store)
    assert len(columns) == 0
    assert columns.captions.text == []


def test_an_unknown_member(seeded):
    with pytest.raises(InputError, match="no member is called 'dan'"):
        load(seeded, "dan")


def test_another_members_words_are_nowhere_in_the_table_of_a_blind_picture(seeded, writing):
    one = "1" * 64
    seeded.team.add_round(1, "1", None, {}, [("ann", "own", one), ("ben", "overlap", one)])
    seeded.captions.submit(writing("the secret of ann"))
    seeded.captions.submit(writing("imported secret", author="", origin="import"))
    seeded.history.answer(one, "ann", "note", "a secret note")
    assert "secret" not in repr(vars(load(seeded, "ben").captions)) + repr(load(seeded, "ben").answers["note"].values)
    assert load(seeded, "ann").captions.text == ["the secret of ann"]
    seeded.captions.submit(writing("of ben", author="ben"))
    assert load(seeded, "ben").captions.text == ["of ben"]


def test_the_number_of_queries_does_not_grow_with_the_set(store, image, writing):
    def statements():
        seen = []
        listen = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(store.database._reader, "before_cursor_execute", listen)
        load(store, "ann", KEYS)
        event.remove(store.database._reader, "before_cursor_execute", listen)
        return len(seen)

    counts = []
    for number in range(1, 60):
        with store.write():
            store.team.add(Member("ann"))
            store.pictures.add(image(f"{number:064}"))
            store.captions.submit(writing("a dog", picture=f"{number:064}"))
        if number in (1, 59):
            counts.append(statements())
    assert counts[0] == counts[1] <= 14
