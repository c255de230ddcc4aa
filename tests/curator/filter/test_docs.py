"""docs/filter.md says what the table of fields says, and every filter in it is one."""

import re
import shlex
from pathlib import Path

import pytest

from curator.filter import FIELDS, FILTER_HELP, parse
from curator.filter.fields import STATES

PAGE = (Path(__file__).parents[3] / "docs" / "filter.md").read_text(encoding="utf-8")
ATTRIBUTES = {"pose": ("sitting", "standing")}


def columns_of(line):
    return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def filters():
    """The filters of the page: after --filter in commands, and in the first or the example's column of tables."""
    commands = [line.strip().removeprefix("$ ") for line in PAGE.splitlines() if line.startswith("    ")]
    for line in commands:
        if "--filter" in line and "auhtor" not in line:
            words = shlex.split(line)
            yield words[words.index("--filter") + 1]
    for line in PAGE.splitlines():
        if line.startswith("| `"):
            cells = columns_of(line)
            yield from re.findall(r"`([^`]+)`", cells[2] if len(cells) == 3 else cells[0])


def test_the_page_has_filters():
    assert len(set(filters())) > 50


@pytest.mark.parametrize("text", sorted(set(filters())))
def test_every_filter_of_the_page_is_one(text):
    assert parse(text, ATTRIBUTES)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_the_page_shows_the_table_of_fields(field):
    assert f"| `{field.name}` | {field.about} | `{field.example}` |" in PAGE
    assert parse(field.example)
    assert field.name in FILTER_HELP


def test_the_page_names_the_fields_that_may_be_none():
    line = next(line for line in PAGE.splitlines() if line.startswith("| `subject:none`"))
    named = line.partition("for ")[2].replace(" and ", ", ").rstrip(" |").split(", ")
    assert sorted(named) == sorted([*(field.name for field in FIELDS if field.optional), "attributes"])


def test_the_table_names_every_state():
    about = next(field.about for field in FIELDS if field.name == "state")
    assert all(state in about for state in STATES)


def test_the_error_of_the_page_is_the_one_that_is_given():
    try:
        parse("dog auhtor:ada")
    except Exception as error:
        for line in [*error.message.splitlines(), error.hint]:
            assert line.strip() in PAGE
