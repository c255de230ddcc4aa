"""Who may do what, and that the page says the same."""

from pathlib import Path

import pytest

from curator.errors import GateError
from curator.identity.roles import EVERYONE, LEADS, MAY, REVIEWERS, check_role
from curator.record import Member

PAGE = Path(__file__).parents[3] / "docs" / "identity.md"
ADA, BEN, CLEO = Member("ada", "lead"), Member("ben"), Member("cleo", "reviewer")
DORA = Member("dora", "contributor")
GONE = Member("dan", "lead", left="2026-01-01")


@pytest.mark.parametrize(
    ("member", "roles", "team"),
    [
        (BEN, EVERYONE, [BEN]),
        (ADA, LEADS, [ADA, BEN]),
        (CLEO, REVIEWERS, [ADA, BEN, CLEO]),
        (ADA, REVIEWERS, [ADA, BEN, CLEO]),
        (BEN, LEADS, [BEN, CLEO]),
        (BEN, REVIEWERS, [BEN, DORA]),
        (BEN, LEADS, [BEN, GONE]),
    ],
    ids=["own role", "lead", "reviewer", "lead reviews", "no lead", "no reviewer", "the lead left"],
)
def test_who_may(member, roles, team):
    check_role(member, roles, team)


@pytest.mark.parametrize(
    ("member", "roles", "team", "named"),
    [
        (BEN, LEADS, [ADA, BEN], "ada"),
        (CLEO, LEADS, [ADA, CLEO], "ada"),
        (BEN, REVIEWERS, [ADA, BEN, CLEO], "ada, cleo"),
        (DORA, EVERYONE, [BEN, DORA], "ben"),
        (DORA, LEADS, [DORA], "nobody yet"),
    ],
    ids=["annotator leads", "reviewer leads", "annotator reviews", "contributor", "contributor, alone"],
)
def test_who_may_not_is_told_who_may(member, roles, team, named):
    with pytest.raises(GateError) as caught:
        check_role(member, roles, team)
    assert caught.value.message.startswith(f"{member.name} is {member.role} here; this is for ")
    assert caught.value.message.endswith(f": {named}")


def test_the_page_says_what_the_code_does():
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.read_text("utf-8").splitlines()]
    told = {row[0]: row[1:] for row in rows if len(row) == 1 + len(EVERYONE)}
    assert told.pop("what") == list(EVERYONE)
    told.pop("---")
    assert told == {what: ["yes" if role in roles else "" for role in EVERYONE] for what, roles in MAY.items()}


def test_every_row_of_the_table_is_one_of_three():
    assert {*MAY.values()} == {EVERYONE, REVIEWERS, LEADS}
