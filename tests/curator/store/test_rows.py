"""Rows as lines and back: nothing that the store can hold changes on the way."""

import json
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import JSON

from curator.record import Member
from curator.store import open_store
from curator.store.rows import continue_from, fill, holds_any, lines, numbers, rows, tables_of
from curator.store.tables import metadata

TEXTS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NUMBERS = some.one_of(some.integers(), some.floats(allow_nan=False, allow_infinity=False))
VALUES = some.recursive(
    some.one_of(some.none(), some.booleans(), NUMBERS, TEXTS),
    lambda inner: some.one_of(some.lists(inner, max_size=3), some.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)


def test_no_column_could_hold_two_kinds_of_nothing():
    """JSON's null and SQL's NULL would come back as the same."""
    nullable = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, JSON) and column.nullable
    ]
    assert nullable == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=some.lists(some.tuples(TEXTS, VALUES), min_size=1, max_size=5))
def test_any_answer_comes_back_as_it_was(seeded, values):
    """Written, read as rows, emptied, filled from the lines, and read again."""
    for text, value in values:
        seeded.history.answer("1" * 64, text, "note", value)
    with seeded.write(), seeded.database.write() as connection:
        (table,) = [table for table in tables_of(connection) if table.name == "answer"]
        before = list(lines(connection, table))
        read = [json.loads(line) for line in before]
        assert [(row["member"], row["value"]) for row in read][-len(values) :] == [
            (text, value) for text, value in values
        ]
        connection.execute(table.delete())
        assert not holds_any(connection, table)
        fill(connection, table, read)
        assert list(lines(connection, table)) == before


def test_names_are_ordered_by_their_bytes_on_either_engine(store):
    names = ["b", "B", "a", "Ä", "ä", "_", "犬", "😀", "z", "Z1", "z 1"]
    for name in names:
        store.team.add(Member(name))
    with store.database.read() as connection:
        (table,) = [table for table in tables_of(connection) if table.name == "member"]
        assert [row["name"] for row in rows(connection, table)] == sorted(names, key=str.encode)


def test_numbers_go_on_above_all_that_were_ever_given(seeded, writing):
    seeded.captions.submit(writing("a dog"))
    with seeded.database.write() as connection:
        found = tables_of(connection)
        assert numbers(connection, found)["revision"] == 1
        continue_from(connection, found, {"revision": 41})
        assert numbers(connection, found)["revision"] == 41
    assert seeded.captions.submit(writing("a cat")).id == 42


@pytest.mark.parametrize("engine", ["postgres"])
def test_tables_of_others_in_the_same_database_are_not_ours(seeded, workspace):
    with seeded.database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (id integer PRIMARY KEY)")
    with closing(open_store(workspace)) as store, store.database.read() as connection:
        assert {table.name for table in tables_of(connection)} == set(metadata.tables)
