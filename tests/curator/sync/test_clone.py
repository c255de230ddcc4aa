"""Which folder it is."""

import shutil

from curator.sync.clone import folder_name


def test_a_folder_keeps_its_name_and_another_at_the_same_path_gets_a_new_one(tmp_path):
    root = tmp_path / "clone"
    (root / ".git").mkdir(parents=True)
    name = folder_name(root)
    assert name.startswith(f"{root}#")
    assert folder_name(root) == name
    root.rename(tmp_path / "away")
    (root / ".git").mkdir(parents=True)
    assert folder_name(root) != name


def test_a_new_repository_in_the_folder_makes_it_another_one(tmp_path):
    name = folder_name(tmp_path)
    (tmp_path / ".git").mkdir()
    assert folder_name(tmp_path) != name


def test_two_users_know_a_folder_by_two_names(tmp_path, monkeypatch):
    name = folder_name(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    assert folder_name(tmp_path) != name


def test_a_look_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert folder_name(tmp_path, keep=False) != folder_name(tmp_path, keep=False)
    assert not (tmp_path / "state").exists()


def test_a_damaged_note_costs_the_name_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = tmp_path / "clone"
    root.mkdir()
    name = folder_name(root)
    for note in (tmp_path / "state").rglob("*.json"):
        note.write_text("[1")
    assert folder_name(root) != name
    shutil.rmtree(root)
    assert folder_name(root, keep=False).startswith(str(root))
