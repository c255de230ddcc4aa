"""Finding the workspace from any folder in it."""

import pytest

from curator.errors import ConfigError, InputError
from curator.workspace import Workspace


def test_a_workspace_is_found_from_itself_and_from_below(workspace, monkeypatch):
    below = workspace.path / "runs" / "r1"
    below.mkdir(parents=True)
    assert Workspace.find(below) == Workspace.find(workspace.path) == workspace
    monkeypatch.chdir(below)
    assert Workspace.find() == workspace


def test_the_nearest_one_counts(workspace):
    inner = workspace.path / "inner"
    inner.mkdir()
    (inner / "curator.toml").write_text('name = "inner"')
    assert Workspace.find(inner).config.name == "inner"


def test_a_folder_of_that_name_is_no_workspace(workspace):
    (workspace.path / "below" / "curator.toml").mkdir(parents=True)
    assert Workspace.find(workspace.path / "below").path == workspace.path


def test_no_workspace(tmp_path):
    with pytest.raises(InputError, match=rf"no curator\.toml in {tmp_path}") as caught:
        Workspace.find(tmp_path)
    assert "curator init" in caught.value.hint


def test_a_faulty_workspace_does_not_pass_for_the_one_above(workspace):
    inner = workspace.path / "inner"
    inner.mkdir()
    (inner / "curator.toml").write_text("nmae = 'inner'")
    with pytest.raises(ConfigError):
        Workspace.find(inner)


def test_where_everything_lies(workspace):
    path = workspace.path
    assert (workspace.blobs, workspace.releases) == (path / "blobs", path / "releases")
    assert (workspace.runs, workspace.reports) == (path / "runs", path / "reports")


def test_blobs_may_lie_elsewhere(workspace, tmp_path):
    (workspace.path / "curator.toml").write_text(f'name = "dogs"\n[blobs]\nurl = "{tmp_path}/far"\n')
    assert Workspace.find(workspace.path).blobs == tmp_path / "far"


@pytest.mark.parametrize("guide", ["/etc/passwd", "../GUIDE.md", "docs/../../GUIDE.md", "link.md"])
def test_the_guide_lies_in_the_workspace(workspace, tmp_path, guide):
    (workspace.path / "link.md").symlink_to(tmp_path / "secret")
    (workspace.path / "curator.toml").write_text(f'name = "dogs"\n[captioning]\nguide = "{guide}"\n')
    with pytest.raises(ConfigError, match=r"captioning\.guide"):
        _ = Workspace.find(workspace.path).guide


def test_where_the_guide_is(workspace):
    assert workspace.guide == workspace.path / "GUIDE.md"
