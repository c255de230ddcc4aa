import json
import tomllib

import pytest

from curator.workspace import Workspace


def members(run, folder):
    return [each["name"] for each in json.loads(run("curator", "status", "--json", cwd=folder).stdout)["members"]]


def test_a_new_workspace_is_ready_to_use(run, tmp_path):
    run("curator", "init", "my dogs", "--members", "ada, ben", cwd=tmp_path)
    assert Workspace.find(tmp_path / "my dogs").config.name == "my dogs"
    assert members(run, tmp_path / "my dogs") == ["ada", "ben"]


def test_again_adds_members_and_keeps_everything(run, tmp_path):
    run("curator", "init", "dogs", "--members", "ada", cwd=tmp_path)
    config = tmp_path / "dogs" / "curator.toml"
    config.write_text(config.read_text() + '\n[audit]\nwords = ["corgi"]\n')
    run("curator", "init", "dogs", "--members", "ada,ben", cwd=tmp_path)
    assert members(run, tmp_path / "dogs") == ["ada", "ben"]
    assert tomllib.loads(config.read_text())["audit"]["words"] == ["corgi"]


def test_a_new_workspace_has_a_style_guide_which_is_never_written_again(run, tmp_path):
    run("curator", "init", "dogs", cwd=tmp_path)
    guide = tmp_path / "dogs" / "GUIDE.md"
    assert guide.read_text().startswith("# How we caption")
    guide.write_text("ours")
    run("curator", "init", "dogs", "--members", "ada", cwd=tmp_path)
    assert guide.read_text() == "ours"
    guide.unlink()
    run("curator", "init", "dogs", cwd=tmp_path)
    assert not guide.exists()


def test_a_guide_that_lies_there_already_stays(run, tmp_path):
    (tmp_path / "dogs").mkdir()
    (tmp_path / "dogs" / "GUIDE.md").write_text("ours")
    run("curator", "init", "dogs", cwd=tmp_path)
    assert (tmp_path / "dogs" / "GUIDE.md").read_text() == "ours"


def test_the_settings_of_the_template_are_all_known(run, tmp_path):
    run("curator", "init", "dogs", cwd=tmp_path)
    config = tmp_path / "dogs" / "curator.toml"
    lines = [line.removeprefix("# ") for line in config.read_text().splitlines()]
    config.write_text("\n".join(line for line in lines if "postgresql" not in line))
    found = Workspace.find(tmp_path / "dogs").config
    assert found.captioning.forbidden == ("photo of",)
    assert found.attributes == {"pose": ("sitting", "standing", "lying"), "tags": ()}


@pytest.mark.parametrize("name", ["../up", "a b", "-x", "x" * 41, "a\x1b[31m"])
def test_a_name_that_cannot_be_one_is_refused_and_nothing_is_made(run, tmp_path, name):
    done = run("curator", "init", "dogs", f"--members={name}", cwd=tmp_path, code=3)
    assert "cannot be a member's name" in done.stderr
    assert not (tmp_path / "dogs").exists()


def test_a_file_in_the_way_is_named(run, tmp_path):
    (tmp_path / "dogs").write_text("x")
    run("curator", "init", "dogs", cwd=tmp_path, code=3)
    assert (tmp_path / "dogs").read_text() == "x"


def test_a_workspace_without_its_store_is_not_given_an_empty_one(run, tmp_path):
    run("curator", "init", "dogs", cwd=tmp_path)
    (tmp_path / "dogs" / "curator.db").unlink()
    for command in (["init", "dogs"], ["status", "-C", "dogs"]):
        assert "curator.db is missing" in run("curator", *command, cwd=tmp_path, code=3).stderr


def roles(run, folder):
    listed = json.loads(run("curator", "status", "--json", cwd=folder).stdout)["members"]
    return {each["name"]: each["role"] for each in listed}


def test_who_leads_is_said_at_first_or_later(run, tmp_path):
    run("curator", "init", "dogs", "--members", "ada,ben", "--lead", "ada", cwd=tmp_path)
    assert roles(run, tmp_path / "dogs") == {"ada": "lead", "ben": "annotator"}
    run("curator", "init", "dogs", "--lead", "cleo", cwd=tmp_path)
    assert roles(run, tmp_path / "dogs") == {"ada": "lead", "ben": "annotator", "cleo": "lead"}


def test_a_team_whose_lead_has_a_token_grows_by_its_lead(run, tmp_path):
    run("curator", "init", "dogs", "--members", "ada,ben", "--lead", "ada", cwd=tmp_path)
    token = run("curator", "token", "new", "ada", cwd=tmp_path / "dogs").stdout.strip()
    refused = run("curator", "init", "dogs", "--members", "dan", "--lead", "dan", cwd=tmp_path, code=4)
    assert "this is for a lead: ada" in refused.stderr
    run("curator", "init", "dogs", cwd=tmp_path)
    assert members(run, tmp_path / "dogs") == ["ada", "ben"]
    run("curator", "init", "dogs", "--members", "dan", "--as", "ada", cwd=tmp_path, env={"CURATOR_TOKEN": token})
    assert members(run, tmp_path / "dogs") == ["ada", "ben", "dan"]
