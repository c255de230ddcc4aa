"""No call of the store changes or deletes a revision or an answer: every statement of every call is looked at."""

import re
from collections import Counter

import pytest
from sqlalchemy import event

from curator.record import Draft, Finding, Member, Source
from curator.store.batches import Rewriting
from curator.store.captions import Writing
from curator.store.database import Database
from curator.store.synced import Agreed

ONE = "1" * 64
PARTS = (
    "pictures", "team", "activity", "batches", "captions", "columns", "findings", "history", "queues", "records",
    "synced", "tokens",
)  # fmt: skip
CALLS = {
    "pictures.add": lambda store, image: store.pictures.add(image("4" * 64)),
    "pictures.all": lambda store, _: store.pictures.all(),
    "pictures.count": lambda store, _: store.pictures.count(),
    "pictures.describe": lambda store, _: store.pictures.describe(ONE, subject="dog"),
    "pictures.drop_source": lambda store, _: store.pictures.drop_source("/in", "a.png"),
    "pictures.get": lambda store, _: store.pictures.get(ONE),
    "pictures.hold_out": lambda store, _: store.pictures.hold_out(),
    "pictures.save_hold_out": lambda store, _: store.pictures.save_hold_out(["dog"], {"seed": 1}),
    "pictures.save_source": lambda store, _: store.pictures.save_source(Source("/in", "a.png", "image", 1, 1, ONE)),
    "pictures.set_split": lambda store, _: store.pictures.set_split({ONE: "test"}),
    "pictures.sources": lambda store, _: store.pictures.sources(),
    "activity.authors": lambda store, _: store.activity.authors([ONE]),
    "activity.captions": lambda store, _: store.activity.captions(),
    "activity.drafts": lambda store, _: store.activity.drafts(),
    "activity.flags": lambda store, _: store.activity.flags(),
    "activity.moments": lambda store, _: store.activity.moments("ann"),
    "activity.pairs": lambda store, _: store.activity.pairs(),
    "activity.pictures": lambda store, _: store.activity.pictures(),
    "activity.seconds": lambda store, _: store.activity.seconds(),
    "activity.tasks": lambda store, _: store.activity.tasks(),
    "team.add": lambda store, _: store.team.add(Member("dora")),
    "team.add_round": lambda store, _: store.team.add_round(1, "0%", None, {}, [("ann", "own", ONE)]),
    "team.change": lambda store, _: store.team.change("ann", weight=2.0),
    "team.close_task": lambda store, _: store.team.close_task(1, "submitted"),
    "team.members": lambda store, _: store.team.members(),
    "team.owners": lambda store, _: store.team.owners(),
    "team.pass_on": lambda store, _: store.team.pass_on([1], "passed on to ben"),
    "team.rounds": lambda store, _: store.team.rounds(),
    "team.task_counts": lambda store, _: store.team.task_counts(),
    "team.tasks": lambda store, _: store.team.tasks(),
    "captions.add_batch": lambda store, _: store.captions.add_batch("ann", {"find": "a"}),
    "captions.batches": lambda store, _: store.captions.batches(),
    "captions.draft": lambda store, _: store.captions.draft(ONE, "ann"),
    "captions.drafts": lambda store, _: store.captions.drafts("ann"),
    "captions.drop_draft": lambda store, _: store.captions.drop_draft(ONE, "ann"),
    "captions.keys": lambda store, _: store.captions.keys(),
    "captions.line": lambda store, _: store.captions.line(ONE, "ann"),
    "captions.revisions": lambda store, _: store.captions.revisions(),
    "captions.revisions_of": lambda store, _: store.captions.revisions_of([ONE]),
    "captions.save_draft": lambda store, _: store.captions.save_draft(Draft(ONE, "ann", 0, "a", (), None)),
    "captions.sequence": lambda store, _: store.captions.sequence(),
    "captions.submit": lambda store, _: store.captions.submit(Writing(ONE, "ann", "a dog", key="again")),
    "batches.ends": lambda store, _: store.batches.ends(),
    "batches.write": lambda store, _: store.batches.write(
        1, [Rewriting(store.batches.ends()[0], "a cat", "replace", None)]
    ),
    "batches.of": lambda store, _: store.batches.of(1),
    "columns.read": lambda store, _: store.columns.read(["rating"]),
    "columns.texts": lambda store, _: store.columns.texts([1]),
    "findings.all": lambda store, _: store.findings.all(),
    "findings.replace": lambda store, _: store.findings.replace([Finding("empty", "error", "no text", (ONE,))]),
    "history.add_release": lambda store, _: store.history.add_release("r1", "0" * 64, 1, {}),
    "history.all_answers": lambda store, _: store.history.all_answers(),
    "history.answer": lambda store, _: store.history.answer(ONE, "ann", "rating", 5),
    "history.answers": lambda store, _: store.history.answers(),
    "history.events": lambda store, _: store.history.events(),
    "history.note": lambda store, _: store.history.note("looked"),
    "history.releases": lambda store, _: store.history.releases(),
    "queues.drafts": lambda store, _: store.queues.drafts("ann"),
    "queues.is_blind": lambda store, _: store.queues.is_blind(ONE),
    "queues.items": lambda store, _: store.queues.items([1]),
    "queues.perhaps_in_conflict": lambda store, _: store.queues.perhaps_in_conflict("ann"),
    "queues.places": lambda store, _: store.queues.places("ann", ("own",)),
    "records.all": lambda store, _: store.records.all(),
    "records.find": lambda store, _: store.records.find(ONE),
    "synced.agree": lambda store, _: store.synced.agree("/in", "a.txt", Agreed(1, 1)),
    "synced.all": lambda store, _: store.synced.all("/in"),
    "synced.get": lambda store, _: store.synced.get("/in", "a.txt"),
    "tokens.guard": lambda store, _: store.tokens.guard("ann"),
    "tokens.guarded": lambda store, _: store.tokens.guarded(),
    "tokens.login": lambda store, _: store.tokens.login(),
    "tokens.set_guard": lambda store, _: store.tokens.set_guard("ann", "sha256$0$0"),
}
"""A call of every public method of the store, in an order that works."""
ONCE = {"history.add_release", "batches.write"}
CHANGE = re.compile(r"^\s*(UPDATE|DELETE FROM|REPLACE INTO|INSERT OR REPLACE INTO|TRUNCATE|DROP)\W+(\w+)", re.I)
OVERWRITING = re.compile(r"\bON CONFLICT\b.*\bDO UPDATE\b", re.I | re.S)


@pytest.fixture
def statements(seeded):
    """Every SQL statement that the store sends from here on."""
    seen = []

    def keep(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    for engine in engines_of(seeded.database):
        event.listen(engine, "before_cursor_execute", keep)
    return seen


def engines_of(database):
    assert isinstance(database, Database)
    return database._writer, database._reader


def test_every_public_method_is_called_here(seeded):
    public = {
        f"{part}.{name}"
        for part in PARTS
        for name in dir(type(getattr(seeded, part)))
        if not name.startswith("_") and callable(getattr(getattr(seeded, part), name))
    }
    assert public == CALLS.keys()
    assert {name for name, value in vars(seeded).items() if name != "database"} == set(PARTS)


def test_no_statement_changes_or_deletes_a_revision_or_an_answer(seeded, image, statements):
    for turn in range(2):  # the second time, there is something to change
        for name, call in CALLS.items():
            if not (turn and name in ONCE):
                call(seeded, image)
    changed = Counter(found[2].lower() for each in statements if (found := CHANGE.match(each)))
    assert changed.keys() >= {"image", "task", "draft", "source", "finding"}, "this test has to see changes"
    assert not changed.keys() & {"revision", "answer", "batch", "line", "event", "round", "release", "hold_out"}
    assert not [each for each in statements if OVERWRITING.search(each)]
