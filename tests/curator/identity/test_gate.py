"""Who may act: the checks of the gate, one after the other."""

import pytest

from curator.errors import GateError, InputError
from curator.identity import acting, keeping, leading
from curator.identity.roles import LEADS, REVIEWERS
from curator.identity.tokens import guard_of, mark_of
from curator.record import Member

TOKEN = "the token of ada"


@pytest.fixture
def team(store):
    """ada leads, cleo reviews, ben annotates, dora contributed, dan left."""
    roles = {"ada": "lead", "ben": "annotator", "cleo": "reviewer", "dan": "annotator", "dora": "contributor"}
    for name, role in roles.items():
        store.team.add(Member(name, role=role, left="2026-01-01T00:00:00" if name == "dan" else None))
    return store


@pytest.fixture
def guarded(team):
    """ada has a token."""
    team.tokens.set_guard("ada", guard_of(TOKEN))
    return team


def test_without_a_token_the_name_is_enough(team, workspace):
    for name in ("ada", "ben", "cleo"):
        assert acting(workspace, team, name).name == name


@pytest.mark.parametrize(
    ("name", "roles", "error", "message", "hint"),
    [
        ("zoe", (), InputError, "no member is called 'zoe'; the team is: ada, ben, cleo, dan, dora", "--as"),
        ("dan", (), GateError, "dan left the team on 2026-01-01", "curator members return dan"),
        ("ben", LEADS, GateError, "ben is annotator here; this is for lead: ada", "ask ada"),
        ("ben", REVIEWERS, GateError, "this is for lead or reviewer: ada, cleo", "ask ada, cleo"),
        ("dora", (), GateError, "dora is contributor here", "curator members role dora annotator"),
    ],
)
def test_who_may_not(team, workspace, name, roles, error, message, hint):
    with pytest.raises(error) as caught:
        acting(workspace, team, name, *roles)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_member_with_a_token_needs_it_here(guarded, workspace):
    with pytest.raises(GateError, match="ada has a token, which is not on this machine") as caught:
        acting(workspace, guarded, "ada")
    assert "curator token keep ada" in caught.value.hint
    keeping.keep(mark_of(guarded.tokens.guard("ada")), TOKEN, workspace.path)
    assert acting(workspace, guarded, "ada", "lead").name == "ada"


def test_the_token_of_the_environment_comes_first(guarded, workspace, monkeypatch):
    monkeypatch.setenv("CURATOR_TOKEN", TOKEN)
    assert acting(workspace, guarded, "ada").name == "ada"
    keeping.keep(mark_of(guarded.tokens.guard("ada")), TOKEN, workspace.path)
    monkeypatch.setenv("CURATOR_TOKEN", f"{TOKEN} ")
    with pytest.raises(GateError, match="the token in CURATOR_TOKEN is not ada's"):
        acting(workspace, guarded, "ada")
    assert acting(workspace, guarded, "ben").name == "ben"


def test_what_is_kept_for_another_token_does_not_pass(guarded, workspace):
    keeping.keep(mark_of(guarded.tokens.guard("ada")), "another", workspace.path)
    with pytest.raises(GateError, match="not on this machine"):
        acting(workspace, guarded, "ada")


def test_a_copy_of_the_workspace_asks_for_the_same_token(guarded, workspace, tmp_path):
    keeping.keep(mark_of(guarded.tokens.guard("ada")), TOKEN, workspace.path)
    copy = type(workspace)(tmp_path / "copy", workspace.config)
    assert acting(copy, guarded, "ada").name == "ada"


def test_a_teams_work_is_free_until_a_lead_has_a_token(team, workspace):
    team.tokens.set_guard("ben", guard_of("x"))
    assert leading(workspace, team, None) is None
    assert leading(workspace, team, "ada").name == "ada"
    with pytest.raises(GateError, match="ben is annotator here"):
        leading(workspace, team, "ben")


def test_then_it_is_the_leads(guarded, workspace, monkeypatch):
    with pytest.raises(GateError, match="this is for a lead: ada") as caught:
        leading(workspace, guarded, None)
    assert "--as LEAD" in caught.value.hint
    with pytest.raises(GateError, match="not on this machine"):
        leading(workspace, guarded, "ada")
    monkeypatch.setenv("CURATOR_TOKEN", TOKEN)
    assert leading(workspace, guarded, "ada").name == "ada"
    guarded.team.change("ada", left="2026-01-01")
    assert leading(workspace, guarded, None) is None
