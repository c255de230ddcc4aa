import itertools

import pytest

from curator.ingest.lines import Wanted, place
from curator.record import Revision


@pytest.fixture
def said():
    """`said(line, author, slot, "import:one", "tui:two")` gives the revisions of a line, numbered on."""
    numbers = itertools.count(1)

    def make(line, author, slot, *texts):
        made, base = [], None
        for each in texts:
            origin, _, text = each.partition(":")
            number = next(numbers)
            made.append(
                Revision(number, line, "image", author, slot, text, origin, base, None, "2026-01-01", None, "submitted")
            )
            base = number
        return made

    return make


def test_first_captions_of_two_authors_are_two_lines_in_the_same_slot():
    placed = place([Wanted("ada", "a dog"), Wanted("ben", "a cur")], [], ())
    assert [(each.slot, each.line, each.base, each.new) for each in placed] == [(0, None, None, True)] * 2


def test_two_texts_of_one_author_are_two_slots():
    placed = place([Wanted("ada", "a dog"), Wanted("ada", "a cur")], [], ())
    assert [each.slot for each in placed] == [0, 1]


def test_the_same_text_writes_nothing(said):
    (placed,) = place([Wanted("ada", "a dog", (1,))], said(1, "ada", 0, "import:a dog"), {1})
    assert (placed.line, placed.new) == (1, False)


def test_an_edited_file_follows_the_imported_text_so_that_a_members_edit_conflicts(said):
    (placed,) = place([Wanted("ada", "a hound", (1,))], said(1, "ada", 0, "import:a dog", "tui:a cur"), ())
    assert (placed.line, placed.base, placed.slot, placed.new) == (1, 1, 0, True)


def test_a_file_that_says_what_the_member_wrote_since_writes_nothing(said):
    (placed,) = place([Wanted("ada", "a cur", (1,))], said(1, "ada", 0, "import:a dog", "tui:a cur"), ())
    assert not placed.new


def test_a_line_that_another_file_still_holds_is_left_alone(said):
    (placed,) = place([Wanted("ada", "a hound", (1,))], said(1, "ada", 0, "import:a dog"), {1})
    assert (placed.slot, placed.line, placed.new) == (1, None, True)


def test_two_files_of_one_line_that_differ_now_share_it_no_more(said):
    wanted = [Wanted("ada", "a hound", (1,)), Wanted("ada", "a whelp", (1,))]
    first, second = place(wanted, said(1, "ada", 0, "import:a dog"), ())
    assert (first.line, first.base) == (1, 1)
    assert (second.line, second.slot) == (None, 1)


def test_another_authors_line_is_never_edited(said):
    (placed,) = place([Wanted("ben", "a dog", (1,))], said(1, "ada", 0, "import:a dog"), ())
    assert (placed.line, placed.slot, placed.base) == (None, 0, None)


def test_the_key_tells_two_acts_apart_and_repeats_for_the_same(said):
    line = said(1, "ada", 0, "import:a dog", "import:a cur")
    (back,) = place([Wanted("ada", "a dog", (1,))], line, ())
    (first,) = place([Wanted("ada", "a dog")], [], ())
    assert back.new
    assert back.key("image") != first.key("image") != first.key("other")
    assert first.key("image") == place([Wanted("ada", "a dog")], [], ())[0].key("image")
