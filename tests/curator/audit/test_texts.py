"""Whose words are counted."""

from dataclasses import replace

from curator.audit.texts import NAMELESS, written
from curator.captions import ADJUDICATED


def test_every_line_counts_not_only_the_caption(record):
    found = written([record("a", ("ada", "a red dog"), ("ben", "a big dog"), subject="dog")])
    assert [(text.author, text.subject, text.words) for text in found] == [
        ("ada", "dog", ("a", "red", "dog")),
        ("ben", "dog", ("a", "big", "dog")),
    ]


def test_a_confirmed_text_stays_the_words_of_its_author(record):
    found = written([record("a", ("ada", "a red dog"), ("ben", " a red dog\n"))])
    assert [text.author for text in found] == ["ada"]


def test_adjudicated_withdrawn_and_blank_texts_do_not_count(record):
    records = [
        record("a", "a red dog", origin=ADJUDICATED),
        record("b", "a red dog", state="withdrawn"),
        record("c", "  "),
    ]
    assert written(records) == []


def test_only_the_newest_text_of_a_line_counts(filled, store_of, write):
    write("00.png", "ada", "first")
    write("00.png", "ada", "second and last")
    texts = [text for text in written(store_of(filled).records.all()) if text.author == "ada"]
    assert [text.words for text in texts] == [("second", "and", "last")]


def test_a_nameless_author_has_a_name_to_show(record):
    assert [text.author for text in written([record("a", "a dog", author="")])] == [NAMELESS]


def test_machine_drafts_and_what_only_confirms_one_do_not_count(record):
    drafted = record("a", ("tinycap", "a red dog"), origin="draft:tinycap")
    assert written([drafted]) == []
    taken = record("a", ("ada", "a red dog"), ("ben", "a small red dog"))
    both = replace(taken, revisions=(*drafted.revisions, *taken.revisions))
    assert [text.author for text in written([both])] == ["ben"]
